//! Is a file made as the language says? Walks TOML along the language's JSON Schema, and goes on after each mistake.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;
use toml::Spanned;
use toml::de::DeValue;

use super::document::{Report, Site};
use super::{lists, nearest};
use crate::template::token::NAMES;

/// Numbers that no canvas has any use for are beyond this.
const FAR: f64 = 100_000.0;

/// Walks the file `root` along `schema`.
pub fn walk(root: &Spanned<DeValue<'_>>, report: &mut Report<'_>, schema: &Value) {
    let names = Names::of(root);
    let mut walk = Walk { report, schema, names };
    walk.value(root, schema, &What { key: "the file".to_owned(), title: None });
}

/// What a file itself calls by name.
struct Names(BTreeMap<&'static str, Vec<String>>);

impl Names {
    fn of(root: &Spanned<DeValue<'_>>) -> Self {
        let of_table = |table| {
            let site = Site::of(root).and_then(|root| root.table(table));
            site.map(|site| site.keys().map(|(key, ..)| key.to_owned()).collect()).unwrap_or_default()
        };
        Self(["colors", "fonts", "type"].into_iter().map(|table| (table, of_table(table))).collect())
    }
}

/// What a value is called in messages.
struct What<'s> {
    /// Its key, or what stands for one.
    key: String,
    /// What it takes, in words, where the schema has some.
    title: Option<&'s str>,
}

struct Walk<'w, 't, 's> {
    report: &'w mut Report<'t>,
    schema: &'s Value,
    names: Names,
}

impl<'s> Walk<'_, '_, 's> {
    /// A schema with its references followed.
    fn resolve(&self, mut schema: &'s Value) -> &'s Value {
        loop {
            let target = schema.get("$ref").and_then(Value::as_str);
            match (target, schema.get("allOf").and_then(Value::as_array)) {
                (Some(target), _) => {
                    schema = self.schema.pointer(target.trim_start_matches('#')).unwrap_or(&Value::Null);
                }
                (None, Some(all)) if all.len() == 1 => schema = &all[0],
                _ => return schema,
            }
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, schema: &'s Value, what: &What<'s>) {
        let schema = self.resolve(schema);
        let title = schema.get("title").and_then(Value::as_str).or(what.title);
        let what = &What { key: what.key.clone(), title };
        if let Some(words) = words(schema) {
            self.word(value, &words, what);
        } else if let Some(kinds) = kinds(schema) {
            self.tagged(value, &kinds, what);
        } else if let Some(any) =
            schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array)
        {
            self.one_of(value, any, what);
        } else {
            self.plain(value, schema, what);
        }
    }

    /// A value of one type.
    fn plain(&mut self, value: &Spanned<DeValue<'_>>, schema: &'s Value, what: &What<'s>) {
        let due = schema.get("type").and_then(Value::as_str).unwrap_or_default();
        match (due, value.get_ref()) {
            ("object", DeValue::Table(_)) => self.table(value, schema, what),
            ("array", DeValue::Array(_)) => self.array(value, schema, what),
            ("string", DeValue::String(text)) => self.name(text, value.span(), schema),
            ("boolean", DeValue::Boolean(_)) => {}
            ("integer" | "number", DeValue::Integer(_)) | ("number", DeValue::Float(_)) => {
                self.number(value, schema, what);
            }
            ("integer", DeValue::Float(_)) => {
                let message = format!("`{}` takes a whole number, not {}", what.key, text_of(value));
                self.report.error(value.span(), message, None);
            }
            _ => self.wrong_type(value, &due_words(due, what), what),
        }
    }

    fn wrong_type(&mut self, value: &Spanned<DeValue<'_>>, due: &str, what: &What<'_>) {
        let found = type_words(value.get_ref());
        self.report.error(value.span(), format!("`{}` takes {due}, not {found}", what.key), None);
    }

    fn number(&mut self, value: &Spanned<DeValue<'_>>, schema: &Value, what: &What<'_>) {
        let (span, key) = (value.span(), &what.key);
        let Some(number) = as_number(value.get_ref()).filter(|n| n.is_finite() && n.abs() <= FAR) else {
            return self.report.error(span, format!("`{}` is no measure", text_of(value)), None);
        };
        let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
        let message = match (bound("minimum"), bound("maximum")) {
            (Some(least), Some(most)) if !(least..=most).contains(&number) => {
                format!("`{key}` runs from {least} to {most}, {} is outside", text_of(value))
            }
            (Some(least), None) if number < least => {
                format!("`{key}` is {least} or more, not {}", text_of(value))
            }
            (None, Some(most)) if number > most => {
                format!("`{key}` is {most} at most, not {}", text_of(value))
            }
            _ => return,
        };
        self.report.error(span, message, None);
    }

    /// A string, which may have to be the name of something.
    fn name(&mut self, name: &str, span: Range<usize>, schema: &Value) {
        let Some(table) = schema.get(NAMES).and_then(Value::as_str) else { return };
        if table == "files" {
            if !super::stays_inside(name) {
                let hint = "put the file beside this one, and name it without `..` or a leading `/`";
                let message = format!("`{name}` leads out of the folder");
                self.report.error(span, message, Some(hint.to_owned()));
            }
            return;
        }
        let title = schema.get("title").and_then(Value::as_str).unwrap_or("a name");
        let known: Vec<&str> = self.names.0.get(table).into_iter().flatten().map(String::as_str).collect();
        if !known.contains(&name) {
            let what = title.trim_start_matches("a ").to_owned();
            let hint = match nearest(name, &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => format!("`[{table}]` has none yet: define it there"),
                None => format!("define it in `[{table}]`, or take one of {}", lists(&known)),
            };
            self.report.error(span, format!("unknown {what} `{name}`"), Some(hint));
        }
    }

    /// One of a few words.
    fn word(&mut self, value: &Spanned<DeValue<'_>>, words: &[&str], what: &What<'_>) {
        match value.get_ref() {
            DeValue::String(word) if words.contains(&&**word) => {}
            DeValue::String(word) => {
                let hint = match nearest(word, words) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it takes {}", lists(words)),
                };
                let message = format!("`{}` does not know `{word}`", what.key);
                self.report.error(value.span(), message, Some(hint));
            }
            _ => self.wrong_type(value, &format!("one of {}", lists(words)), what),
        }
    }

    /// A table whose `kind` says what else it has.
    fn tagged(&mut self, value: &Spanned<DeValue<'_>>, kinds: &[(&'s str, &'s Value)], what: &What<'s>) {
        let Some(site) = Site::of(value) else {
            return self.wrong_type(value, "a table with a `kind`", what);
        };
        let all: Vec<&str> = kinds.iter().map(|&(kind, _)| kind).collect();
        let Some(kind) = site.get("kind") else {
            let hint = format!("say `kind = …`, one of {}", lists(&all));
            return self.report.error(value.span(), "this layer has no `kind`".to_owned(), Some(hint));
        };
        let known = kind.get_ref().as_str().and_then(|kind| kinds.iter().find(|&&(k, _)| k == kind));
        match known {
            Some((kind, schema)) => {
                let what = What { key: format!("a `{kind}` layer"), title: None };
                self.table(value, schema, &what);
            }
            None => self.word(kind, &all, &What { key: "kind".to_owned(), title: None }),
        }
    }

    /// A value that may be written in several ways: the way whose type it has, of tables the one it is most like.
    fn one_of(&mut self, value: &Spanned<DeValue<'_>>, ways: &'s [Value], what: &What<'s>) {
        let ways: Vec<&'s Value> = ways.iter().map(|way| self.resolve(way)).collect();
        let fits = |way: &&&'s Value| match value.get_ref() {
            DeValue::String(_) => type_of(way) == Some("string") || words(way).is_some(),
            DeValue::Integer(_) => matches!(type_of(way), Some("integer" | "number")),
            DeValue::Float(_) => type_of(way) == Some("number"),
            DeValue::Boolean(_) => type_of(way) == Some("boolean"),
            DeValue::Array(_) => type_of(way) == Some("array"),
            DeValue::Table(_) => type_of(way) == Some("object"),
            DeValue::Datetime(_) => false,
        };
        let shared = |way: &&&'s Value| {
            let known = way.get("properties").and_then(Value::as_object);
            let site = Site::of(value);
            let keys = site.iter().flat_map(Site::keys);
            keys.filter(|(key, ..)| known.is_some_and(|known| known.contains_key(*key))).count()
        };
        // Of ways that are alike the first.
        let best = ways.iter().filter(fits).rev().max_by_key(shared).copied();
        match best {
            Some(way) => self.value(value, way, what),
            None => {
                let due = what.title.map_or_else(|| either(&ways), str::to_owned);
                self.wrong_type(value, &due, what);
            }
        }
    }

    fn array(&mut self, value: &Spanned<DeValue<'_>>, schema: &'s Value, what: &What<'s>) {
        let items: Vec<&Spanned<DeValue<'_>>> =
            value.get_ref().as_array().into_iter().flat_map(|array| array.iter()).collect();
        let count = |name: &str| schema.get(name).and_then(Value::as_u64).map(|n| n as usize);
        let due = what.title.map(|title| format!(": {title}")).unwrap_or_default();
        match (count("minItems"), count("maxItems")) {
            (Some(least), Some(most)) if least == most && items.len() != least => {
                let message = format!("`{}` takes {least} values, this has {}{due}", what.key, items.len());
                return self.report.error(value.span(), message, None);
            }
            (Some(least), _) if items.len() < least => {
                let message = format!("`{}` takes at least {least} values{due}", what.key);
                self.report.error(value.span(), message, None);
            }
            (_, Some(most)) if items.len() > most => {
                let message = format!("`{}` takes at most {most} values, this has {}", what.key, items.len());
                return self.report.error(value.span(), message, None);
            }
            _ => {}
        }
        match schema.get("items") {
            Some(Value::Array(each)) => {
                for (item, schema) in items.into_iter().zip(each) {
                    self.value(item, schema, &What { key: what.key.clone(), title: None });
                }
            }
            Some(all) => {
                for item in items {
                    self.value(item, all, &What { key: what.key.clone(), title: None });
                }
            }
            None => {}
        }
    }

    fn table(&mut self, value: &Spanned<DeValue<'_>>, schema: &'s Value, what: &What<'s>) {
        let Some(site) = Site::of(value) else { return };
        let known = schema.get("properties").and_then(Value::as_object);
        let of_key = |key: &str| known.and_then(|known| known.get(key));
        let others = schema.get("additionalProperties").filter(|others| others.is_object());
        // What a misspelt key most likely is: that one is there, and need not be missed as well.
        let mut meant = Vec::new();
        for (key, at, value) in site.keys() {
            match of_key(key).or(others) {
                Some(schema) => self.value(value, schema, &What { key: key.to_owned(), title: None }),
                None => {
                    let keys: Vec<&str> =
                        known.into_iter().flat_map(|k| k.keys()).map(String::as_str).collect();
                    let hint = match nearest(key, &keys) {
                        Some(near) => {
                            meant.push(near.to_owned());
                            format!("did you mean `{near}`?")
                        }
                        None => format!("{} takes {}", plainly(&what.key), lists(&keys)),
                    };
                    let message = format!("{} has no key `{key}`", plainly(&what.key));
                    self.report.error(at, message, Some(hint));
                }
            }
        }
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        for key in
            required.filter_map(Value::as_str).filter(|key| !site.has(key) && !meant.iter().any(|m| m == key))
        {
            let about = of_key(key).and_then(|s| self.about(s));
            let message = format!("{} needs `{key}`", plainly(&what.key));
            self.report.error(site.span(), message, about.map(|about| format!("`{key}`: {about}")));
        }
    }

    /// What a key is for.
    fn about(&self, schema: &'s Value) -> Option<String> {
        let said = schema.get("description").or_else(|| self.resolve(schema).get("description"));
        said.and_then(Value::as_str).map(|said| said.trim_end_matches('.').to_owned())
    }
}

/// `` `fill` ``, but `a `rect` layer` and `the file` as they are.
fn plainly(key: &str) -> String {
    if key.contains(' ') { key.to_owned() } else { format!("`{key}`") }
}

fn type_of(schema: &Value) -> Option<&str> {
    schema.get("type").and_then(Value::as_str)
}

/// The words of a closed set.
fn words(schema: &Value) -> Option<Vec<&str>> {
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return words.iter().map(Value::as_str).collect();
    }
    if let Some(word) = schema.get("const").and_then(Value::as_str) {
        return Some(vec![word]);
    }
    let each = schema.get("oneOf").and_then(Value::as_array)?;
    let each: Option<Vec<Vec<&str>>> = each.iter().map(words).collect();
    each.map(|each| each.concat())
}

/// The kinds of a tagged table, with the schema of each.
fn kinds(schema: &Value) -> Option<Vec<(&str, &Value)>> {
    let ways = schema.get("oneOf").and_then(Value::as_array)?;
    ways.iter().map(|way| Some((way.pointer("/properties/kind/const")?.as_str()?, way))).collect()
}

fn due_words(due: &str, what: &What<'_>) -> String {
    if let Some(title) = what.title {
        return title.to_owned();
    }
    type_name(due).to_owned()
}

fn type_name(due: &str) -> &'static str {
    match due {
        "object" => "a table",
        "array" => "a list",
        "string" => "a text in quotes",
        "boolean" => "`true` or `false`",
        "integer" => "a whole number",
        _ => "a number",
    }
}

/// The ways a value may be written, where the schema has no words for them.
fn either(ways: &[&Value]) -> String {
    let each = ways.iter().map(|way| match (words(way), type_of(way)) {
        (Some(words), _) => lists(&words),
        (None, due) => type_name(due.unwrap_or_default()).to_owned(),
    });
    each.collect::<Vec<_>>().join(" or ")
}

fn type_words(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a yes or no",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn as_number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        #[allow(clippy::cast_precision_loss, reason = "a measure is far smaller than where that begins")]
        DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).ok().map(|n| n as f64),
        DeValue::Float(n) => n.as_str().parse().ok(),
        _ => None,
    }
}

fn text_of(value: &Spanned<DeValue<'_>>) -> String {
    match value.get_ref() {
        DeValue::Integer(n) => n.to_string(),
        DeValue::Float(n) => n.to_string(),
        other => type_words(other).to_owned(),
    }
}
