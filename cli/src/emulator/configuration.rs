//! The configuration of one product: read from a request's body, kept, handed back.

use serde::Serialize;
use serde_json::{Map, Value};
use tc_callback::catalog::{Command, Operation, Product, code};
use tc_callback::config::check_callback_url;

use super::api::Api;
use super::refusal::Refusal;

/// The URL and the commands that are posted to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Configuration {
    /// Where callbacks go.
    #[serde(rename = "Url")]
    pub url: String,
    /// The command words, as they were sent.
    #[serde(rename = "CallbackCommandList")]
    pub commands: Vec<String>,
}

/// The configuration of one product of one application.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Configured {
    /// The application.
    pub sdk_app_id: u32,
    /// The product.
    pub product: Product,
    /// What is configured.
    pub configuration: Configuration,
}

impl Configured {
    /// Whether it is that of an application's product.
    pub fn is_of(&self, sdk_app_id: u32, product: Product) -> bool {
        self.sdk_app_id == sdk_app_id && self.product == product
    }
}

/// A configuration that was set, updated or deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The application.
    pub sdk_app_id: u32,
    /// The product.
    pub product: Product,
    /// What is configured from now on; `None` if it was deleted.
    pub configuration: Option<Configuration>,
}

impl Configuration {
    /// From a request's body, or a row of a state file.
    pub fn from_body(
        product: Product,
        body: &Map<String, Value>,
    ) -> Result<Configuration, Refusal> {
        let url = match body.get("Url") {
            Some(Value::String(url)) => url,
            Some(_) => return Err(invalid("Url must be a string")),
            None => return Err(invalid("Url is missing")),
        };
        check_callback_url("Url", url).map_err(|error| invalid(error.message()))?;
        let list = match body.get("CallbackCommandList") {
            Some(Value::Array(list)) => list,
            Some(_) => return Err(invalid("CallbackCommandList must be an array of strings")),
            None => return Err(invalid("CallbackCommandList is missing")),
        };
        if list.is_empty() {
            return Err(invalid("CallbackCommandList must not be empty"));
        }
        let words = list.iter().enumerate().map(|(index, item)| check_word(product, index, item));
        Ok(Configuration { url: url.clone(), commands: words.collect::<Result<_, _>>()? })
    }
}

fn check_word(product: Product, index: usize, item: &Value) -> Result<String, Refusal> {
    let place = format!("CallbackCommandList[{index}]");
    let Value::String(word) = item else {
        return Err(invalid(format!("{place} must be a string")));
    };
    match Command::from_word(word) {
        Command::Unknown => Err(invalid(format!("{place} is not a callback command: {word:?}"))),
        command if command.listed_under() != product => Err(invalid(format!(
            "{place} belongs to {}, not {}: {word:?}",
            command.listed_under().name(),
            product.name()
        ))),
        _ => Ok(word.clone()),
    }
}

fn invalid(info: impl Into<String>) -> Refusal {
    Refusal::new(code::INVALID_PARAMETER, info)
}

/// What a request that is right comes to.
pub enum Decision {
    Found(Configuration),
    Change(Change),
    Nothing,
}

/// All configurations: one for each application and product.
#[derive(Clone, Default)]
pub struct Configurations(Vec<Configured>);

impl Configurations {
    /// What an operation comes to. Nothing is changed yet.
    pub fn decide(
        &self,
        sdk_app_id: u32,
        api: Api,
        body: &Map<String, Value>,
    ) -> Result<Decision, Refusal> {
        let Api { product, operation } = api;
        let existing = self.0.iter().find(|known| known.is_of(sdk_app_id, product));
        let change =
            |configuration| Decision::Change(Change { sdk_app_id, product, configuration });
        match (operation, existing) {
            (Operation::Get, Some(known)) => Ok(Decision::Found(known.configuration.clone())),
            (Operation::Get, None) => Err(missing()),
            (Operation::Delete, Some(_)) => Ok(change(None)),
            // The vendor documents no error for deleting what is not there.
            (Operation::Delete, None) => Ok(Decision::Nothing),
            (Operation::Set | Operation::Update, existing) => {
                let configuration = Configuration::from_body(product, body)?;
                match (operation, existing) {
                    (Operation::Set, Some(_)) if !product.set_overwrites() => Err(Refusal::new(
                        code::CONFIG_EXISTS,
                        "the callback configuration already exists, use update_callback",
                    )),
                    (Operation::Update, None) => Err(missing()),
                    _ => Ok(change(Some(configuration))),
                }
            }
        }
    }

    /// Carries a change out.
    pub fn apply(&mut self, change: &Change) {
        let Change { sdk_app_id, product, .. } = *change;
        self.0.retain(|known| !known.is_of(sdk_app_id, product));
        if let Some(configuration) = change.configuration.clone() {
            self.0.push(Configured { sdk_app_id, product, configuration });
        }
    }

    /// All of them, the one that was changed last at the end.
    pub fn all(&self) -> &[Configured] {
        &self.0
    }
}

fn missing() -> Refusal {
    Refusal::new(
        code::CONFIG_MISSING,
        "the callback configuration does not exist, use set_callback",
    )
}
