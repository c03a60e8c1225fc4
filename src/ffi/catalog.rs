//! The catalogue for C: command words and their numbers.

use std::ffi::c_char;

use super::boundary;
use super::input;
use crate::catalog::{Command, Product};

/// The command with this word or one of its older spellings, as TC_ROOM_AFTER_CREATE_ROOM and so on; TC_COMMAND_UNKNOWN if this
/// release knows none, or `word` is NULL or not UTF-8. Any thread may call it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_command_from_word(word: *const c_char) -> i32 {
    boundary::infallible(Command::Unknown as i32, || {
        // SAFETY: the caller hands in NULL or a NUL-terminated text.
        let word = unsafe { input::text(word, "word") };
        word.map_or(Command::Unknown, Command::from_word) as i32
    })
}

/// The word of a command, as it is configured and sent: "Room.CallbackAfterCreateRoom". The text lives as long as the program;
/// a number that is no command gives "". Any thread may call it.
#[unsafe(no_mangle)]
pub extern "C" fn tc_command_word(command: i32) -> *const c_char {
    Command::from_number(command).unwrap_or(Command::Unknown).word_with_nul().as_ptr().cast()
}

/// The words of all commands of a product, to configure them all: writes at most `capacity` of them to `words` and returns how
/// many there are, 0 if `product` is no TC_PRODUCT_. `words` may be NULL, to ask how many. The texts live as long as the program.
/// Any thread may call it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tc_product_commands(
    product: i32,
    words: *mut *const c_char,
    capacity: usize,
) -> usize {
    boundary::infallible(0, || {
        let Some(product) = Product::from_number(product) else { return 0 };
        if !words.is_null() {
            for (index, command) in product.commands().take(capacity).enumerate() {
                // SAFETY: the caller has room for `capacity` pointers.
                unsafe { words.add(index).write(command.word_with_nul().as_ptr().cast()) };
            }
        }
        product.commands().count()
    })
}
