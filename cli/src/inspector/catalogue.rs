//! What there is to send: the products, their commands, the vendor's samples.

use serde::Serialize;
use tc_callback::catalog::Product;

use crate::sample;

#[derive(Serialize)]
pub struct Catalogue {
    products: Vec<ProductRow>,
}

#[derive(Serialize)]
struct ProductRow {
    name: &'static str,
    service: &'static str,
    commands: Vec<CommandRow>,
}

#[derive(Serialize)]
struct CommandRow {
    word: &'static str,
    aliases: &'static [&'static str],
    /// Whether an event of it can come from another product.
    is_shared: bool,
    sample: &'static str,
}

impl Catalogue {
    pub fn new() -> Catalogue {
        let products = Product::all().map(|product| {
            let commands = product.commands().map(|command| CommandRow {
                word: command.word(),
                aliases: command.aliases(),
                is_shared: command.product() != product,
                sample: sample::of(command).unwrap_or_default(),
            });
            ProductRow {
                name: product.name(),
                service: product.service(),
                commands: commands.collect(),
            }
        });
        Catalogue { products: products.collect() }
    }
}
