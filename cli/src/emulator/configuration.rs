//! The configuration of one product: read from a request's body, kept, handed back.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde::Serialize;
use serde_json::{Map, Value};
use tc_callback::catalog::{Command, Operation, Product, code};

use super::answer::{Refusal, Success};

/// The URL and the commands that are posted to it.
#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Configuration {
    url: String,
    callback_command_list: Vec<String>,
}

impl Configuration {
    fn from_body(product: Product, body: &Map<String, Value>) -> Result<Configuration, Refusal> {
        let url = match body.get("Url") {
            Some(Value::String(url)) => url,
            Some(_) => return Err(invalid("Url must be a string")),
            None => return Err(invalid("Url is missing")),
        };
        check_url(url)?;
        let list = match body.get("CallbackCommandList") {
            Some(Value::Array(list)) => list,
            Some(_) => return Err(invalid("CallbackCommandList must be an array of strings")),
            None => return Err(invalid("CallbackCommandList is missing")),
        };
        if list.is_empty() {
            return Err(invalid("CallbackCommandList must not be empty"));
        }
        let words = list.iter().enumerate().map(|(index, item)| check_word(product, index, item));
        Ok(Configuration {
            url: url.clone(),
            callback_command_list: words.collect::<Result<_, _>>()?,
        })
    }
}

fn check_url(url: &str) -> Result<(), Refusal> {
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(invalid("Url must start with http:// or https://"));
    }
    match url.parse::<axum::http::Uri>() {
        Ok(_) => Ok(()),
        Err(error) => Err(invalid(format!("Url is not a URL: {error}"))),
    }
}

fn check_word(product: Product, index: usize, item: &Value) -> Result<String, Refusal> {
    let place = format!("CallbackCommandList[{index}]");
    let Value::String(word) = item else {
        return Err(invalid(format!("{place} must be a string")));
    };
    match Command::from_word(word) {
        Command::Unknown => Err(invalid(format!("{place} is not a callback command: {word:?}"))),
        command if command.product() != product => Err(invalid(format!(
            "{place} belongs to {}, not {}: {word:?}",
            command.product().name(),
            product.name()
        ))),
        _ => Ok(word.clone()),
    }
}

fn invalid(info: impl Into<String>) -> Refusal {
    Refusal::new(code::INVALID_PARAMETER, info)
}

/// All configurations: one for each application and product.
#[derive(Default)]
pub struct Configurations(HashMap<(u32, Product), Configuration>);

impl Configurations {
    /// Carries out one operation.
    pub fn apply(
        &mut self,
        app: u32,
        product: Product,
        operation: Operation,
        body: &Map<String, Value>,
    ) -> Result<Success, Refusal> {
        let entry = self.0.entry((app, product));
        match (operation, entry) {
            (Operation::Get, Entry::Occupied(entry)) => Ok(Success::Found(entry.get().clone())),
            (Operation::Get, Entry::Vacant(_)) => Err(missing()),
            // The vendor documents no error for deleting what is not there.
            (Operation::Delete, entry) => {
                if let Entry::Occupied(entry) = entry {
                    entry.remove();
                }
                Ok(Success::Done)
            }
            (Operation::Set | Operation::Update, entry) => {
                let configuration = Configuration::from_body(product, body)?;
                match (operation, &entry) {
                    (Operation::Set, Entry::Occupied(_)) if !product.set_overwrites() => {
                        return Err(Refusal::new(
                            code::CONFIG_EXISTS,
                            "the callback configuration already exists, use update_callback",
                        ));
                    }
                    (Operation::Update, Entry::Vacant(_)) => return Err(missing()),
                    _ => entry.insert_entry(configuration),
                };
                Ok(Success::Done)
            }
        }
    }
}

fn missing() -> Refusal {
    Refusal::new(
        code::CONFIG_MISSING,
        "the callback configuration does not exist, use set_callback",
    )
}
