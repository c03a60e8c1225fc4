//! Which application at which REST API, and the key to it.

use std::env;

use clap::Args;
use clap::builder::PossibleValuesParser;
use tc_callback::catalog::Region;

use crate::failure::{Failure, Result};
use crate::secret::KeySource;

const ENDPOINT_VARIABLE: &str = "TC_ENDPOINT";
const APP_VARIABLE: &str = "TC_SDK_APP_ID";

/// The REST API and the application that calls it.
#[derive(Args, Debug)]
pub struct Account {
    /// Base URL of the REST API, such as the emulator's http://127.0.0.1:9000; without it the environment variable TC_ENDPOINT
    #[arg(long, value_name = "URL", conflicts_with = "region")]
    endpoint: Option<String>,
    /// Tencent's REST API in this region, which must be the application's
    #[arg(long, value_parser = PossibleValuesParser::new(Region::all().map(Region::name)))]
    region: Option<String>,
    /// The application; without it the environment variable TC_SDK_APP_ID
    #[arg(long, value_name = "ID")]
    sdk_app_id: Option<u32>,
    #[command(flatten)]
    key: KeySource,
    /// The account that calls the REST API
    #[arg(long, value_name = "ACCOUNT", default_value = "administrator")]
    administrator: String,
}

impl Account {
    /// The application, if it is named.
    pub fn sdk_app_id(&self) -> Result<Option<u32>> {
        if self.sdk_app_id.is_some() {
            return Ok(self.sdk_app_id);
        }
        match env::var(APP_VARIABLE) {
            Ok(text) => text.parse().map(Some).map_err(|_| {
                Failure::usage(format!("{APP_VARIABLE} must be a number from 1 to 4294967295"))
            }),
            Err(_) => Ok(None),
        }
    }
}
