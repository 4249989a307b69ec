//! The recall list: a row a card whose words are not as they were.

use pullquote::transcript::guarded;
use pullquote::verify::Verdict;
use serde::Serialize;

use super::{Checked, Status};
use crate::cli::args::RecheckFormat;
use crate::cli::table;

/// A row of it.
#[derive(Debug, Serialize)]
struct Row<'a> {
    /// What became of the words.
    status: &'static str,
    /// The PNG, relative to the manifest.
    file: &'a str,
    template: &'a str,
    size: &'a str,
    speaker: &'a str,
    /// The words on the card.
    text: &'a str,
    /// As they are now; empty where there is nothing like them.
    now: &'a str,
    /// What of them changed: `[-was-] {+is+}`.
    difference: String,
    /// Who says them now, where it is somebody else.
    says: &'a str,
    /// Where they are now: file and line.
    place: String,
    /// The card's alt text.
    alt: &'a str,
}

/// The list; cards that are as they were are not on it.
pub fn print(checked: &[Checked<'_>], format: RecheckFormat) -> Vec<u8> {
    let rows: Vec<Row<'_>> = checked.iter().filter(|one| one.status != Status::Exact).map(row).collect();
    match format {
        RecheckFormat::Table if rows.is_empty() => Vec::new(),
        RecheckFormat::Table => {
            let words = |row: &Row<'_>| match row.status {
                "changed" => row.difference.clone(),
                "moved" => format!("{}\n= now at {}", row.text, row.place),
                "speaker" => format!("{}\n= now said by {}", row.text, row.says),
                _ => row.text.to_owned(),
            };
            let cells = rows.iter().map(|row| vec![row.status.to_owned(), row.file.to_owned(), words(row)]);
            table::table(&["status", "card", "words"], cells).into_bytes()
        }
        RecheckFormat::Json => {
            (serde_json::to_string_pretty(&rows).expect("rows are plain data") + "\n").into_bytes()
        }
        RecheckFormat::Csv => csv(&rows),
    }
}

fn row<'a>(one: &'a Checked<'_>) -> Row<'a> {
    let card = one.card;
    let (place, difference) = match &one.finding.verdict {
        Verdict::Exact { place } | Verdict::Moved { place } => (Some(place), String::new()),
        Verdict::Changed { place, diff, .. } => (Some(place), diff.to_string()),
        Verdict::Gone => (None, String::new()),
    };
    // Of a card whose transcript is not at hand nothing is known.
    let place = place.filter(|_| one.status != Status::Unchecked);
    Row {
        status: one.status.name(),
        file: &card.file,
        template: &card.template,
        size: &card.size,
        speaker: &card.speaker,
        text: &card.text,
        now: place.map(|place| place.text.as_str()).unwrap_or_default(),
        difference: if place.is_some() { difference } else { String::new() },
        says: one.finding.other_speaker.as_deref().unwrap_or_default(),
        place: place.map(|place| format!("{}:{}", place.origin.file, place.origin.line)).unwrap_or_default(),
        alt: &card.alt,
    }
}

fn csv(rows: &[Row<'_>]) -> Vec<u8> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let header = [
        "status",
        "file",
        "template",
        "size",
        "speaker",
        "text",
        "now",
        "difference",
        "says",
        "place",
        "alt",
    ];
    let mut write = |cells: &[&str]| out.write_record(cells.iter().map(|cell| guarded(cell).into_owned()));
    let mut written = write(&header);
    for row in rows {
        let Row { status, file, template, size, speaker, text, now, difference, says, place, alt } = row;
        written = written.and_then(|()| {
            write(&[status, file, template, size, speaker, text, now, difference, says, place, alt])
        });
    }
    written.expect("memory takes every byte");
    out.into_inner().expect("memory takes every byte")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(guarded("=1+1"), "'=1+1");
        assert_eq!(guarded("a = b"), "a = b");
    }
}
