//! `pullquote list`: what there is to choose from, the name to type first.

use pullquote::card::{Class, SIZES};
use pullquote::font::FontBook;
use pullquote::template::Template;
use pullquote::transcript::InputFormat;

use super::args::ListWhat;
use super::report::Talk;
use super::templates::template_names;
use super::{Outcome, table};

/// Lists one kind of thing.
pub fn run(what: ListWhat, talk: &Talk) -> Outcome {
    let rows: Vec<Vec<String>> = match what {
        ListWhat::Templates => template_names()
            .into_iter()
            .filter_map(Template::builtin)
            .map(|t| {
                vec![
                    t.name().to_owned(),
                    t.classes().map(Class::name).collect::<Vec<_>>().join(" "),
                    t.about().to_owned(),
                ]
            })
            .collect(),
        ListWhat::Sizes => SIZES
            .iter()
            .map(|row| {
                vec![row.name.into(), row.size.to_string(), row.size.class().name().into(), row.used.into()]
            })
            .collect(),
        ListWhat::Fonts => FontBook::builtin().names().map(|name| vec![name.to_owned()]).collect(),
        ListWhat::Formats => InputFormat::ALL
            .iter()
            .map(|format| vec![format.name().into(), format.description().into()])
            .collect(),
    };
    talk.data(table::columns(rows).as_bytes())
}
