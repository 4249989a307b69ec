//! What a person knows of the speakers beforehand: `--speakers FILE`, as TOML, JSON or CSV.
//!
//! ```toml
//! [[speaker]]
//! name = "Zhou Lan"
//! aliases = ["Governor Zhou", "SPEAKER_00"]
//! role = "Governor of Linhe province"
//! organisation = "Government of Linhe"
//! photo = "zhou-lan.jpg"
//! asks = false
//! ```
//!
//! JSON is an array of such objects, or an object whose `speaker` is one; CSV has the same columns, aliases parted by
//! `|`.

use serde::Deserialize;
use thiserror::Error;

use super::Person;
use super::text::fold;
use crate::diag::Diagnostic;

/// People told beforehand. They join the roster of every document that is read, but stay only where they speak.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Speakers {
    /// In the order of the file.
    pub people: Vec<Person>,
}

/// Why a file of speakers cannot be used.
#[derive(Debug, Error)]
pub enum SpeakersError {
    /// The parser's words.
    #[error("the list of speakers cannot be read: {0}")]
    Syntax(String),
    /// A speaker without a name.
    #[error("speaker {0} of the list has no `name`")]
    NoName(usize),
    /// No speaker at all.
    #[error("the list of speakers is empty")]
    Empty,
}

impl SpeakersError {
    /// What went wrong and how to mend it; `file` as the user named it.
    #[must_use]
    pub fn diagnostic(&self, file: &str) -> Diagnostic {
        Diagnostic::error(self.to_string()).at(file).hint(
            "write `[[speaker]]` with `name` and, if need be, `aliases`, `role`, `organisation`, `photo`, `asks` (TOML), an array of such objects (JSON), or columns of these names (CSV)",
        )
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(default)]
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    role: Option<String>,
    #[serde(alias = "organization")]
    organisation: Option<String>,
    photo: Option<String>,
    #[serde(default)]
    asks: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(alias = "speakers", default)]
    speaker: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Json {
    Rows(Vec<Row>),
    Table(Table),
}

impl Speakers {
    /// Reads a list of speakers; the kind of file is told by its content.
    ///
    /// # Errors
    ///
    /// [`SpeakersError`] for broken syntax, unknown keys, a speaker without a name, an empty list.
    pub fn read(text: &str) -> Result<Self, SpeakersError> {
        let text = text.trim_start_matches('\u{FEFF}');
        let start = text.trim_start();
        let rows = if start.starts_with("[[") || (!start.starts_with(['[', '{']) && is_toml(start)) {
            let table: Table = toml::from_str(text).map_err(|e| SpeakersError::Syntax(e.to_string()))?;
            table.speaker
        } else if start.starts_with(['[', '{']) {
            match serde_json::from_str(text).map_err(|e| SpeakersError::Syntax(e.to_string()))? {
                Json::Rows(rows) => rows,
                Json::Table(table) => table.speaker,
            }
        } else {
            from_csv(text)?
        };
        if rows.is_empty() {
            return Err(SpeakersError::Empty);
        }
        let line = |text: Option<String>| text.map(|t| fold(&t)).filter(|t| !t.is_empty());
        let mut people = Vec::with_capacity(rows.len());
        for (n, row) in rows.into_iter().enumerate() {
            let name = fold(&row.name);
            if name.is_empty() {
                return Err(SpeakersError::NoName(n + 1));
            }
            people.push(Person {
                name,
                role: line(row.role),
                organisation: line(row.organisation),
                photo: line(row.photo),
                aliases: row.aliases.iter().map(|a| fold(a)).filter(|a| !a.is_empty()).collect(),
                asks: row.asks,
                ..Person::default()
            });
        }
        Ok(Self { people })
    }
}

impl Speakers {
    /// Adds what is known of the speakers of a list of quotes, who keep the names that it gives them.
    pub(super) fn introduce(&self, people: &mut [Person]) {
        for person in people {
            let same = |known: &&Person| known.name == person.name || known.aliases.contains(&person.name);
            if let Some(known) = self.people.iter().find(same) {
                *person = Person { name: person.name.clone(), speaks: person.speaks, ..known.clone() };
            }
        }
    }
}

/// A comment, a table or a key with an equals sign.
fn is_toml(text: &str) -> bool {
    let line = text.lines().map(str::trim).find(|l| !l.is_empty() && !l.starts_with('#')).unwrap_or("");
    line.starts_with('[')
        || line
            .split_once('=')
            .is_some_and(|(key, _)| key.trim().chars().all(|c| c.is_alphanumeric() || c == '_'))
}

fn from_csv(text: &str) -> Result<Vec<Row>, SpeakersError> {
    let wrong = |e: csv::Error| SpeakersError::Syntax(e.to_string());
    let header = text.lines().next().unwrap_or_default();
    let delimiter = [b'\t', b';'].into_iter().find(|d| header.contains(char::from(*d))).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().map_err(wrong)?.iter().map(str::to_lowercase).collect();
    const COLUMNS: [&str; 7] = ["name", "aliases", "role", "organisation", "organization", "photo", "asks"];
    if let Some(strange) = header.iter().find(|h| !COLUMNS.contains(&h.as_str())) {
        return Err(SpeakersError::Syntax(format!("unknown column `{strange}`")));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let of = |name: &str| header.iter().position(|h| h == name).and_then(|n| record.get(n)).unwrap_or("");
        let some = |name: &str| Some(of(name).to_owned()).filter(|t| !t.is_empty());
        rows.push(Row {
            name: of("name").to_owned(),
            aliases: of("aliases").split('|').map(str::to_owned).collect(),
            role: some("role"),
            organisation: some("organisation").or_else(|| some("organization")),
            photo: some("photo"),
            asks: matches!(of("asks").to_lowercase().as_str(), "true" | "yes" | "1"),
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_ways_to_say_the_same() {
        let toml =
            "# who\n[[speaker]]\nname = \"Zhou Lan\"\naliases = [\"SPEAKER_00\"]\nrole = \"Governor\"\n";
        let json = r#"[{"name": "Zhou Lan", "aliases": ["SPEAKER_00"], "role": "Governor"}]"#;
        let csv = "name,aliases,role\nZhou Lan,SPEAKER_00,Governor\n";
        let read = |text| Speakers::read(text).unwrap();
        assert_eq!(read(toml), read(json));
        assert_eq!(read(toml), read(csv));
        assert_eq!(read(toml).people[0].aliases, ["SPEAKER_00"]);
    }

    #[test]
    fn what_is_wrong_is_told() {
        let told = |text| Speakers::read(text).unwrap_err().to_string();
        assert!(told("[[speaker]]\nnmae = \"x\"\n").contains("unknown field `nmae`"));
        assert_eq!(told("[[speaker]]\nrole = \"x\"\n"), "speaker 1 of the list has no `name`");
        assert_eq!(told("[]"), "the list of speakers is empty");
        assert!(told("name,hat\nx,y\n").contains("unknown column `hat`"));
    }
}
