//! How much a callback may ask of its reader.

/// What a body may be at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes. Default 1 MiB.
    pub max_body_bytes: usize,
    /// Levels of arrays and objects, [`Limits::MAX_DEPTH`] at most. Default 127, which is also where serde_json ends.
    pub max_depth: usize,
    /// Elements of all lists of an event together, whatever they are. Default 65,536.
    pub max_elements: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { max_body_bytes: 1 << 20, max_depth: 127, max_elements: 65_536 }
    }
}

/// cbindgen:ignore
impl Limits {
    /// Each level takes some stack while a body is read; this many fit on the smallest stacks that threads are given (64 KiB).
    pub const MAX_DEPTH: usize = 256;
}
