//! `pullquote template schema`: the JSON Schema of a language, for editors.

use pullquote::template::{Language, json_schema};

use crate::cli::Outcome;
use crate::cli::args::LanguageArg;
use crate::cli::report::Talk;

/// Prints it.
pub fn run(language: LanguageArg, talk: &Talk) -> Outcome {
    let language = match language {
        LanguageArg::Template => Language::Template,
        LanguageArg::Kit => Language::Kit,
    };
    talk.data(json_schema::shipped(language).as_bytes())
}
