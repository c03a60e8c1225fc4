//! The configurations in a file, so that the next emulator goes on where this one ended.

use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tc_callback::catalog::Product;

use super::configuration::{Change, Configuration, Configurations, Configured};
use crate::whole_file;

const VERSION: u32 = 1;

/// A file of configurations. No two emulators may have the same.
pub struct StateFile(PathBuf);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Content {
    version: u32,
    configurations: Vec<Map<String, Value>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Written<'a> {
    version: u32,
    configurations: Vec<WrittenRow<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct WrittenRow<'a> {
    #[serde(rename = "SDKAppID")]
    sdk_app_id: u32,
    product: &'a str,
    #[serde(flatten)]
    configuration: &'a Configuration,
}

impl StateFile {
    /// Reads what an earlier emulator kept, nothing if there is no such file. Else the reason is told in a sentence.
    pub fn open(file: &Path) -> Result<(StateFile, Configurations), String> {
        let configurations = match fs::read(file) {
            Ok(bytes) => read(&bytes).map_err(|why| {
                format!(
                    "{} is not the state of an emulator: {why}; correct it, or remove it to start without one",
                    file.display()
                )
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Configurations::default(),
            Err(error) => return Err(format!("cannot read {}: {error}", file.display())),
        };
        let state = StateFile(file.to_owned());
        // Tells at the start, rather than at the first change, that it cannot be written.
        state.keep(&configurations)?;
        Ok((state, configurations))
    }

    /// Writes all configurations.
    pub fn keep(&self, configurations: &Configurations) -> Result<(), String> {
        let rows = configurations.all().iter().map(|known| WrittenRow {
            sdk_app_id: known.sdk_app_id,
            product: known.product.name(),
            configuration: &known.configuration,
        });
        let content = Written { version: VERSION, configurations: rows.collect() };
        let text = serde_json::to_string_pretty(&content).map_err(|error| error.to_string());
        text.and_then(|text| {
            whole_file::write(&self.0, &(text + "\n")).map_err(|error| error.to_string())
        })
        .map_err(|why| format!("cannot write {}: {why}", self.0.display()))
    }
}

fn read(bytes: &[u8]) -> Result<Configurations, String> {
    let content: Content = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if content.version != VERSION {
        return Err(format!("its Version is {}, not {VERSION}", content.version));
    }
    let mut configurations = Configurations::default();
    for (index, row) in content.configurations.iter().enumerate() {
        let known = read_row(row).map_err(|why| format!("Configurations[{index}]: {why}"))?;
        let is_same = |other: &Configured| other.is_of(known.sdk_app_id, known.product);
        if configurations.all().iter().any(is_same) {
            return Err(format!("Configurations[{index}]: it is there twice"));
        }
        configurations.apply(&Change {
            sdk_app_id: known.sdk_app_id,
            product: known.product,
            configuration: Some(known.configuration),
        });
    }
    Ok(configurations)
}

fn read_row(row: &Map<String, Value>) -> Result<Configured, String> {
    let sdk_app_id = row.get("SDKAppID").and_then(Value::as_u64).map(u32::try_from);
    let Some(Ok(sdk_app_id)) = sdk_app_id else {
        return Err("SDKAppID must be a number from 0 to 4294967295".to_owned());
    };
    let product = row.get("Product").and_then(Value::as_str).and_then(Product::from_name);
    let Some(product) = product else {
        let names: Vec<&str> = Product::all().map(Product::name).collect();
        return Err(format!("Product must be {}", names.join(" or ")));
    };
    let configuration = Configuration::from_body(product, row).map_err(|refusal| refusal.info)?;
    Ok(Configured { sdk_app_id, product, configuration })
}
