//! Where events go: to a URL that is given, or to the one that is registered for their product.

use clap::Args;
use tc_callback::catalog::{Command, Product};
use tc_callback::config::check_url;

use crate::account::Account;
use crate::delivery::Reporter;
use crate::failure::{Failure, Result};

/// The SDKAppID that `emulate` has unless told otherwise.
pub const EMULATED_APP: u32 = 1400000000;

/// What says where events go.
#[derive(Args, Debug)]
pub struct Target {
    /// Post to this URL instead of the registered one
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    #[command(flatten, next_help_heading = "The REST API that knows the registered URL")]
    account: Account,
}

/// Where a product's events go.
#[derive(Debug)]
pub struct Destination {
    pub url: String,
    pub sdk_app_id: u32,
    pub product: Product,
    /// The registered command words; a URL that is given takes every command.
    registered: Option<Vec<String>>,
}

impl Target {
    /// Finds where the product's events go; without a given URL the REST API is asked.
    pub fn find(&self, product: Product) -> Result<Destination> {
        if let Some(url) = &self.to {
            return self.given(url, product);
        }
        if product == Product::Unknown {
            return Err(Failure::usage(
                "no product is known to have this command: say --to which URL",
            ));
        }
        if !self.account.has_api()? {
            return Err(Failure::usage(
                "where to? Give --to URL, or set TC_ENDPOINT, TC_SDK_APP_ID and TC_SECRET_KEY to send it where it is registered",
            ));
        }
        let configuration = self.account.client(false)?.get_callback(product)?;
        Ok(Destination {
            url: configuration.url,
            sdk_app_id: self.sdk_app_id()?,
            product,
            registered: Some(configuration.commands),
        })
    }

    /// Tells the emulator that is asked of what is sent, if one is.
    pub fn reporter(&self) -> Result<Option<Reporter>> {
        Ok(self.account.endpoint()?.as_deref().and_then(Reporter::new))
    }

    /// The application that events are sent for.
    pub fn sdk_app_id(&self) -> Result<u32> {
        Ok(self.account.application.id()?.unwrap_or(EMULATED_APP))
    }

    fn given(&self, url: &str, product: Product) -> Result<Destination> {
        check_url("--to", url)?;
        let (url, sdk_app_id) = (url.to_owned(), self.sdk_app_id()?);
        Ok(Destination { url, sdk_app_id, product, registered: None })
    }
}

impl Destination {
    /// Whether the command is one of those that are sent there.
    pub fn takes(&self, command: Command) -> bool {
        let is = |word: &String| Command::from_word(word) == command;
        self.registered.as_ref().is_none_or(|words| words.iter().any(is))
    }

    /// That the command is one of those that are sent there.
    pub fn require(&self, command: Command) -> Result<()> {
        if self.takes(command) {
            return Ok(());
        }
        Err(Failure::operation(format!(
            "{} is not among the commands registered for {}: {}",
            command.word(),
            self.product.name(),
            self.registered.as_deref().unwrap_or_default().join(", ")
        )))
    }
}
