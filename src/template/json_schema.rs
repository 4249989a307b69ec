//! The languages of template and kit as JSON Schema, generated from the types that serde reads.
//!
//! One description serves three: the checker walks it, editors complete and check by it, and `templates/` ships it. What
//! is shipped is also what the checker reads: a test holds it against the types, and to read it takes a twentieth of the
//! time that every start would spend on generating it.
//! It is draft 7, which the TOML tools of editors read, with one keyword of our own, `x-names`: the table of the file
//! that a string is a name of.

use std::sync::LazyLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::Language;
use super::brand::file::BrandFile;
use super::schema::TemplateFile;

/// The schema of a `template.toml`.
pub fn template() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| read(shipped(Language::Template)));
    &SCHEMA
}

/// The schema of a `brand.toml`.
pub fn brand() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| read(shipped(Language::Kit)));
    &SCHEMA
}

fn read(shipped: &str) -> Value {
    serde_json::from_str(shipped).expect("a test holds what is shipped against the types")
}

/// The schema as it is shipped in `templates/`.
#[must_use]
pub fn shipped(language: Language) -> &'static str {
    match language {
        Language::Template => include_str!("../../templates/template.schema.json"),
        Language::Kit => include_str!("../../templates/brand.schema.json"),
    }
}

/// The schema as the types say now; [`shipped`] is the same, or out of date.
#[must_use]
pub fn of_types(language: Language) -> String {
    let schema = match language {
        Language::Template => generate::<TemplateFile>("a pullquote template"),
        Language::Kit => generate::<BrandFile>("a pullquote brand kit"),
    };
    format!("{schema:#}\n")
}

pub(super) fn generate<T: JsonSchema>(title: &str) -> Value {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<T>().to_value();
    tidy(&mut schema);
    schema["title"] = json!(title);
    schema
}

/// Leaves out what TOML has no use for, and says plainly what the Rust of it implies.
fn tidy(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(tidy),
        Value::Object(map) => {
            map.values_mut().for_each(tidy);
            without_null(map);
            // The names of machine types; their bounds are stated beside them.
            map.remove("format");
            if map.contains_key("properties") {
                map.entry("additionalProperties").or_insert(json!(false));
            }
            if let Some(Value::String(text)) = map.get_mut("description") {
                // Links of our own documentation.
                *text = text.replace("[`", "`").replace("`]", "`").replace('\n', " ");
            }
        }
        _ => {}
    }
}

/// TOML has no null: a key is there or it is not.
fn without_null(map: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|t| t != "null");
        if let [one] = &mut types[..] {
            let one = one.take();
            map.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(any)) = map.get_mut("anyOf") {
        any.retain(|schema| *schema != json!({ "type": "null" }));
        if let [one] = &mut any[..] {
            let one = one.take();
            map.remove("anyOf");
            // Beside other words a reference would not be read, by draft 7.
            map.insert("allOf".to_owned(), json!([one]));
        }
    }
    if map.get("default").is_some_and(Value::is_null) {
        map.remove("default");
    }
}
