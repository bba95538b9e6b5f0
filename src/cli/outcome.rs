//! How commands end and print.

use crate::error::{Code, Error};
use std::io::Write;

/// How a command ended, other than well.
pub(super) enum Failure {
    /// It could not run.
    Broken(String),
    /// It ran, and found or refused something; what is to be said was said.
    Found,
}

impl<E: std::fmt::Display> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Broken(error.to_string())
    }
}

pub(super) type Outcome = Result<(), Failure>;

/// The result of a change of clients or tokens. A refusal by the rules (the last administrator) is printed and gives
/// exit code 1.
pub(super) fn on_database<T>(result: Result<T, Error>) -> Result<T, Failure> {
    result.map_err(|error| match error.code() {
        Code::LastAdmin | Code::TokenEnded => match say(error.detail().in_english()) {
            Ok(()) => Failure::Found,
            Err(failure) => failure,
        },
        _ => Failure::from(error),
    })
}

/// Prints one line to standard output.
pub(super) fn say(text: impl std::fmt::Display) -> Outcome {
    Ok(print_now(text)?)
}

/// Prints one line to standard output.
pub(super) fn print_now(text: impl std::fmt::Display) -> std::io::Result<()> {
    print_open(format_args!("{text}\n"))
}

/// Prints to standard output without ending the line, and returns when it has left this process. Who reads by lines gets
/// it with the end, which is printed once the text is true.
pub(super) fn print_open(text: impl std::fmt::Display) -> std::io::Result<()> {
    let mut output = std::io::stdout();
    write!(output, "{text}")?;
    output.flush()
}

/// Prints a value as JSON.
pub(super) fn say_json(value: &impl serde::Serialize) -> Outcome {
    say(serde_json::to_string_pretty(value)?)
}
