//! TOML files of other languages, read along their JSON Schema as templates are: all that is wrong at once, each with
//! its line and its mend.

use schemars::JsonSchema;
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use serde_json::Value;

use super::check::{self, at};
use super::json_schema;
use crate::diag::Diagnostic;

/// A file that was read, and can still say where in it a thing stands.
#[derive(Debug, Clone)]
pub struct Document<T> {
    /// What it says.
    pub value: T,
    file: String,
    bytes: Vec<u8>,
}

/// The JSON Schema (draft 7) of a language that serde reads as `T`.
#[must_use]
pub fn schema_of<T: JsonSchema>(title: &str) -> Value {
    json_schema::generate::<T>(title)
}

impl<T: DeserializeOwned> Document<T> {
    /// Reads a file; `file` is what messages call it, `schema` is [`schema_of`] its language.
    ///
    /// # Errors
    ///
    /// All that is wrong, in the order of the file; at most 1 MB is read.
    pub fn read(file: &str, bytes: Vec<u8>, schema: &Value) -> Result<Self, Vec<Diagnostic>> {
        let value = {
            let (root, mut report) = check::read(file, &bytes).map_err(|told| vec![told])?;
            if report.is_wrong() {
                // Where TOML itself is broken, what follows would be told of what the reader made of it.
                return Err(report.told());
            }
            check::walk(&root, &mut report, schema);
            if report.is_wrong() {
                return Err(report.told());
            }
            match T::deserialize(root.into_deserializer()) {
                Ok(value) => value,
                Err(error) => {
                    report.broken(&error);
                    return Err(report.told());
                }
            }
        };
        Ok(Self { value, file: file.to_owned(), bytes })
    }

    /// Problems of what the file says, each put under its line: the value at a path of keys, items of a list by number
    /// from 0. In the order of the file.
    #[must_use]
    pub fn told(&self, problems: Vec<(Vec<String>, Diagnostic)>) -> Vec<Diagnostic> {
        let Ok((root, mut report)) = check::read(&self.file, &self.bytes) else {
            return problems.into_iter().map(|(_, told)| told).collect();
        };
        for (path, told) in problems {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            report.add(at(&root, &path), told);
        }
        report.told()
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Menu {
        /// What there is.
        dish: Vec<String>,
        price: Option<u32>,
    }

    fn read(text: &str) -> Result<Document<Menu>, Vec<Diagnostic>> {
        Document::read("menu.toml", text.into(), &schema_of::<Menu>("a menu"))
    }

    #[test]
    fn all_problems_are_told_with_their_lines() {
        let told = read("dsh = ['rice']\nprice = 'dear'\n").unwrap_err();
        let told: Vec<String> = told
            .iter()
            .map(|d| format!("{} {} {:?}", d.place.as_deref().unwrap(), d.message, d.hints))
            .collect();
        assert_eq!(told.len(), 2, "{told:#?}");
        assert!(told[0].starts_with("menu.toml:1:1 the file has no key `dsh`"), "{told:#?}");
        assert!(told[0].contains("did you mean `dish`?"), "{told:#?}");
        assert!(told[1].starts_with("menu.toml:2:9 "), "{told:#?}");
        let menu = read("dish = ['rice', 'fish']\nprice = 3\n").unwrap();
        assert_eq!((menu.value.dish.len(), menu.value.price), (2, Some(3)));
        let path = vec!["dish".to_owned(), "1".to_owned()];
        let told = menu.told(vec![(path, Diagnostic::error("no fish today"))]);
        assert_eq!(told[0].place.as_deref(), Some("menu.toml:1:17"));
    }
}
