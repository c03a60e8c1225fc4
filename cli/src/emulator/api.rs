//! The APIs that are emulated: an operation of a product's service.

use std::fmt::{Display, Formatter};

use tc_callback::catalog::{Operation, Product};

/// One API, such as `room_config/set_callback`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Api {
    pub product: Product,
    pub operation: Operation,
}

impl Api {
    /// The API of a service and an operation as they stand in a path; else which of them there is not.
    pub fn find(service: &str, operation: &str) -> Result<Api, String> {
        let Some(product) = Product::from_service(service) else {
            return Err(format!("there is no service {service:?}"));
        };
        match Operation::from_path(operation).filter(|operation| product.has(*operation)) {
            Some(operation) => Ok(Api { product, operation }),
            None => Err(format!("{service} has no operation {operation:?}")),
        }
    }
}

impl Display for Api {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.product.service(), self.operation.path())
    }
}
