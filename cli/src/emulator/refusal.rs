//! Why a request is refused.

use super::injection::meaning;

/// One of the vendor's codes and a sentence for `ErrorInfo`.
#[derive(Debug)]
pub struct Refusal {
    pub code: i64,
    pub info: String,
    /// Whether it is a fault that was put in, not one of the request.
    pub is_injected: bool,
}

impl Refusal {
    pub fn new(code: i64, info: impl Into<String>) -> Refusal {
        Refusal { code, info: info.into(), is_injected: false }
    }

    pub fn injected(code: i64) -> Refusal {
        let info = format!("injected by the emulator: {}", meaning(code));
        Refusal { code, info, is_injected: true }
    }
}
