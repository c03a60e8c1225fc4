//! Which application, which key, and which REST API.

use std::env;

use clap::Args;
use clap::builder::PossibleValuesParser;
use tc_callback::catalog::Region;
use tc_callback::config::{Client, Options, check_endpoint};
use tc_callback::usersig::Key;

use crate::failure::{Failure, Result};
use crate::secret::KeySource;

const ENDPOINT_VARIABLE: &str = "TC_ENDPOINT";
const APP_VARIABLE: &str = "TC_SDK_APP_ID";

/// The application.
#[derive(Args, Debug)]
pub struct AppId {
    /// The application; without it the environment variable TC_SDK_APP_ID
    #[arg(long, value_name = "ID")]
    sdk_app_id: Option<u32>,
}

/// The application and its key.
#[derive(Args, Debug)]
pub struct Application {
    #[command(flatten)]
    app: AppId,
    #[command(flatten)]
    pub key: KeySource,
}

impl AppId {
    /// The SDKAppID, if it is named.
    pub fn id(&self) -> Result<Option<u32>> {
        match (self.sdk_app_id, env::var(APP_VARIABLE)) {
            (None, Ok(text)) => text.parse().map(Some).map_err(|_| {
                Failure::usage(format!("{APP_VARIABLE} must be a number from 1 to 4294967295"))
            }),
            (given, _) => Ok(given),
        }
    }
}

impl Application {
    /// The SDKAppID, if it is named.
    pub fn id(&self) -> Result<Option<u32>> {
        self.app.id()
    }

    /// The SDKAppID; to have none is a mistake in the call.
    pub fn require_id(&self) -> Result<u32> {
        self.id()?.ok_or_else(|| {
            Failure::usage(format!("no SDKAppID: set {APP_VARIABLE} or give --sdk-app-id"))
        })
    }

    /// The key; to have none is a mistake in the call.
    pub fn require_key(&self) -> Result<Key> {
        Ok(Key::new(self.key.require()?.as_bytes())?)
    }
}

/// The REST API and the application that calls it.
#[derive(Args, Debug)]
pub struct Account {
    /// Base URL of the REST API, such as the emulator's http://127.0.0.1:9000; without it the environment variable TC_ENDPOINT
    #[arg(long, value_name = "URL", conflicts_with = "region")]
    endpoint: Option<String>,
    /// Tencent's REST API in this region, which must be the application's
    #[arg(long, value_parser = PossibleValuesParser::new(Region::all().map(Region::name)))]
    region: Option<String>,
    #[command(flatten)]
    pub application: Application,
    /// The account that calls the REST API
    #[arg(long, value_name = "ACCOUNT", default_value = "administrator")]
    administrator: String,
}

impl Account {
    /// Whether it is said which REST API.
    pub fn has_api(&self) -> Result<bool> {
        Ok(self.region.is_some() || self.endpoint()?.is_some())
    }

    /// The REST API's base URL, if one is named.
    pub fn endpoint(&self) -> Result<Option<String>> {
        let (name, endpoint) = match (&self.endpoint, env::var_os(ENDPOINT_VARIABLE)) {
            (Some(endpoint), _) => ("--endpoint", endpoint.clone()),
            (None, Some(endpoint)) => (ENDPOINT_VARIABLE, endpoint.to_string_lossy().into_owned()),
            (None, None) => return Ok(None),
        };
        Ok(Some(check_endpoint(name, &endpoint)?))
    }

    /// A client of the REST API.
    pub fn client(&self, allow_unknown_commands: bool) -> Result<Client> {
        let mut options = Options::new(self.application.require_id()?);
        match (self.region.as_deref().and_then(Region::from_name), self.endpoint()?) {
            (Some(region), _) => options.set_region(region),
            (None, Some(endpoint)) => options.set_endpoint(endpoint),
            (None, None) => {
                return Err(Failure::usage(format!(
                    "which REST API? Set {ENDPOINT_VARIABLE} or give --endpoint for the emulator, or --region for Tencent"
                )));
            }
        };
        options.set_key(self.application.require_key()?);
        options.set_administrator(&self.administrator);
        options.set_allow_unknown_commands(allow_unknown_commands);
        Ok(Client::new(options)?)
    }
}
