//! A list of quotes as it was given, cell by cell: what goes back to the desk that sent it.

use serde_json::value::RawValue;

use super::csv_list::{RETURNED, Rows, unguarded};
use super::error::ReadError;
use super::format::text_of;
use super::json_list::Entries;
use super::{InputFormat, ReadOptions};

/// A list's columns and rows, unread: also those that could not be taken, and columns that are no field.
///
/// Its rows are counted as [`Request::row`](super::Request::row) counts them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// What parts the columns; a comma where the list is JSON.
    pub separator: u8,
    /// The header's cells. Of JSON: the keys, in the order in which they first come.
    pub columns: Vec<String>,
    /// The cells; a row may have fewer or more than there are columns. Of JSON: strings as they read, anything else as
    /// JSON.
    pub rows: Vec<Vec<String>>,
    /// It had come back from us before: the columns that say what became of each row are left out.
    pub returned: bool,
}

impl Given {
    /// The cells of a list; the same bytes and options as [`read`](super::read) was given.
    ///
    /// # Errors
    ///
    /// [`ReadError`] where the bytes are no text.
    pub fn read(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Self, ReadError> {
        let decoded = text_of(name, bytes)?;
        let text = &*decoded.text;
        Ok(match options.format.unwrap_or_else(|| InputFormat::of(text)) {
            InputFormat::JsonList => {
                let rows = serde_json::from_str::<Vec<&RawValue>>(text).unwrap_or_default();
                Self::of_objects(rows.into_iter().map(RawValue::get))
            }
            InputFormat::JsonLines if serde_json::from_str::<&RawValue>(text).is_ok() => {
                Self::of_objects([text])
            }
            InputFormat::JsonLines => Self::of_objects(text.lines().filter(|line| !line.trim().is_empty())),
            _ => Self::of_sheet(text),
        })
    }

    fn of_sheet(text: &str) -> Self {
        let mut rows = Rows::of(text);
        let (separator, returned, own) = (rows.separator, rows.returned, rows.own());
        let cells = |cells: Vec<super::csv_list::Cell>| {
            let mut cells: Vec<String> = cells
                .into_iter()
                .map(|cell| if returned { unguarded(&cell.text).to_owned() } else { cell.text })
                .collect();
            if returned {
                // What somebody wrote behind our columns stays.
                cells.drain(own.min(cells.len())..(own + RETURNED.len()).min(cells.len()));
            }
            cells
        };
        let columns = cells(std::mem::take(&mut rows.header));
        Self { separator, columns, rows: rows.map(cells).collect(), returned }
    }

    fn of_objects<'o>(objects: impl IntoIterator<Item = &'o str>) -> Self {
        let mut columns: Vec<String> = Vec::new();
        let mut rows = Vec::new();
        for object in objects {
            let mut cells = Vec::new();
            match serde_json::from_str::<Entries<'_>>(object) {
                Ok(Entries(entries)) => {
                    for (key, value) in entries {
                        let raw = value.get();
                        let text = serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned());
                        let column = columns.iter().position(|known| *known == key).unwrap_or_else(|| {
                            columns.push(key);
                            columns.len() - 1
                        });
                        cells.resize(cells.len().max(column + 1), String::new());
                        cells[column] = if raw == "null" { String::new() } else { text };
                    }
                }
                // Nobody's row: shown whole, so that it can be found.
                Err(_) => cells.push(object.trim().to_owned()),
            }
            rows.push(cells);
        }
        Self { separator: b',', columns, rows, returned: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Given {
        Given::read("l", text.as_bytes(), &ReadOptions::default()).unwrap()
    }

    #[test]
    fn cells_come_as_they_were_whatever_the_format() {
        let sheet = given("Quote;Name;Deadline\n\"a;b\";Li;\n;;\n c ;Lu;now;more\n");
        assert_eq!((sheet.separator, sheet.returned), (b';', false));
        assert_eq!(sheet.columns, ["Quote", "Name", "Deadline"]);
        assert_eq!(sheet.rows, [vec!["a;b", "Li", ""], vec![" c ", "Lu", "now", "more"]]);
        let json = "[{\"text\": \"a\\n\", \"id\": 7}, 3, {\"x\": null, \"text\": \"b\"}]";
        let list = given(json);
        assert_eq!(list.columns, ["text", "id", "x"]);
        assert_eq!(list.rows, [vec!["a\n", "7"], vec!["3"], vec!["b", "", ""]]);
        assert_eq!(given("{\"text\": \"a\"}\n\nno\n").rows, [vec!["a"], vec!["no"]]);
    }

    #[test]
    fn what_we_added_is_left_out_again() {
        let sheet =
            given("text,speaker,status,file,message\n'-5 degrees,Li,done,a.png,\n'90s,Lu,failed,,x\n");
        assert!(sheet.returned);
        assert_eq!(sheet.columns, ["text", "speaker"]);
        assert_eq!(sheet.rows, [["-5 degrees", "Li"], ["'90s", "Lu"]]);
    }
}
