//! What `--size` takes.

use pullquote::card::{SIZES, SizeChoice, SizeError};
use pullquote::diag::Diagnostic;

use super::suggest::suggest;

/// The size of that name, or `WIDTHxHEIGHT`.
///
/// # Errors
///
/// An unknown name, with the nearest known one, or sides out of range.
pub fn size(name: &str) -> Result<SizeChoice, Diagnostic> {
    name.parse().map_err(|error: SizeError| {
        let problem = Diagnostic::error(error.to_string());
        match error {
            SizeError::Unknown(_) => {
                let names: Vec<&str> = SIZES.iter().map(|row| row.name).collect();
                suggest(problem, name, &names, ", or `WIDTHxHEIGHT`")
            }
            SizeError::OutOfRange(_) => problem.hint("give `--size` sides within that range, or a name"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_size_is_told_with_a_guess() {
        let told = size("sqare").unwrap_err();
        assert_eq!(told.message, "unknown size `sqare`");
        assert_eq!(
            told.hints,
            [
                "did you mean `square`?",
                "there are `square`, `landscape`, `story`, `portrait`, `wide`, `pin`, `linkedin`, or `WIDTHxHEIGHT`"
            ]
        );
        assert_eq!(
            size("100x9000").unwrap_err().message,
            "size `100x9000` is out of range: each side is 320 to 4096 px"
        );
    }
}
