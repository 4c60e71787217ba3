//! What the examples share: titles, and messages shown instead of a panic.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

/// Prints a title between empty lines.
pub(crate) fn title(words: &str) {
    println!("\n{words}\n");
}

/// Prints the message that a mistake gets, instead of stopping there.
pub(crate) fn complain<R>(mistake: impl FnOnce() -> R) {
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(mistake));
    set_hook(hook);
    match result {
        Ok(_) => println!("no complaint"),
        Err(panic) => {
            let message = panic.downcast_ref::<String>().map(String::as_str);
            println!("{}", wrapped(message.or(panic.downcast_ref::<&str>().copied()).unwrap_or_default()));
        }
    }
}

/// Breaks a long message between words, and indents what follows the first line.
fn wrapped(message: &str) -> String {
    let (mut lines, mut column) = (String::new(), 0);
    for word in message.split(' ') {
        if column + word.len() > 84 {
            lines.push_str("\n   ");
            column = 3;
        }
        if column > 0 {
            lines.push(' ');
        }
        lines.push_str(word);
        column += word.len() + 1;
    }
    lines
}
