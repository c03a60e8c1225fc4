//! Memory for secrets.

use std::io::{self, Write};
use std::ops::{Deref, DerefMut};

use zeroize::{optimization_barrier, zeroize_stack};

use crate::error::Result;
use crate::memory::try_vec;

/// Bytes that are zeroed when dropped, several times faster than `Zeroizing` does it. Not when they outgrow their capacity.
pub(crate) struct Wiped(Vec<u8>);

impl Wiped {
    /// # Errors
    /// `OutOfMemory`.
    pub(crate) fn with_capacity(capacity: usize) -> Result<Wiped> {
        try_vec(capacity).map(Wiped)
    }
}

impl Deref for Wiped {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for Wiped {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl Write for Wiped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.fill(0);
        optimization_barrier(&*self.0);
    }
}

/// Does what leaves parts of a key on the stack, and zeroes that stack.
pub(super) fn on_wiped_stack<T>(work: impl FnOnce() -> T) -> T {
    const MORE_THAN_HMAC_NEEDS: usize = 1024;
    #[inline(never)]
    fn below<T>(work: impl FnOnce() -> T) -> T {
        work()
    }
    let result = below(work);
    zeroize_stack::<MORE_THAN_HMAC_NEEDS>();
    result
}
