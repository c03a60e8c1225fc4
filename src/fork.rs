//! State that a forked child must not share with its parent.

use std::mem;
use std::process;

use once_cell::race::OnceBox;

use crate::memory::try_box;

/// A value of its own for each process, made when that process first asks.
///
/// A child of `fork` inherits whatever the other threads of its parent had half done: locks that nobody will release, and
/// sockets that both would write to. So it makes a value anew, and never touches or drops its parent's. Reading takes no
/// lock, for that lock could be inherited held.
pub(crate) struct PerProcess<T> {
    first: OnceBox<[Node<T>; 1]>,
}

/// One process's value. The list only grows: by a node for each fork between the maker of the first and this process.
struct Node<T> {
    process: u32,
    /// There until the node is dropped.
    value: Option<T>,
    next: OnceBox<[Node<T>; 1]>,
}

impl<T> PerProcess<T> {
    /// No value yet.
    pub(crate) const fn new() -> PerProcess<T> {
        PerProcess { first: OnceBox::new() }
    }

    /// This process's value; `None` if there is no memory for it. Threads that ask first at the same time may each make one; all
    /// get the same.
    pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> Option<&T> {
        let process = process::id();
        let mut link = &self.first;
        while let Some([node]) = link.get() {
            if node.process == process {
                return node.value.as_ref();
            }
            link = &node.next;
        }
        let new = || try_box(Node { process, value: Some(make()), next: OnceBox::new() });
        let [node] = link.get_or_try_init(new).ok()?;
        node.value.as_ref()
    }
}

impl<T> Drop for Node<T> {
    fn drop(&mut self) {
        if self.process != process::id() {
            mem::forget(self.value.take());
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    struct CountsDrops<'a>(&'a AtomicUsize);

    impl Drop for CountsDrops<'_> {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_process_makes_its_value_once_and_drops_it() {
        let drops = AtomicUsize::new(0);
        let value = PerProcess::new();
        let first: *const CountsDrops = value.get_or_init(|| CountsDrops(&drops)).unwrap();
        let second: *const CountsDrops = value.get_or_init(|| CountsDrops(&drops)).unwrap();
        assert_eq!(first, second);
        drop(value);
        assert_eq!(drops.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn the_value_of_another_process_is_neither_used_nor_dropped() {
        let drops = AtomicUsize::new(0);
        let inherited = Node {
            process: process::id() + 1,
            value: Some(CountsDrops(&drops)),
            next: OnceBox::new(),
        };
        let value = PerProcess { first: OnceBox::with_value(Box::new([inherited])) };
        let inherited: *const CountsDrops = value.first.get().unwrap()[0].value.as_ref().unwrap();
        let own: *const CountsDrops = value.get_or_init(|| CountsDrops(&drops)).unwrap();
        assert_ne!(inherited, own);
        drop(value);
        assert_eq!(drops.load(Ordering::Relaxed), 1);
    }
}
