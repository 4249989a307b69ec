//! What a template calls by a name that it defines itself: a colour, a face, a role of type.
//!
//! Each is a type of its own, so that whoever adds a key to the language says what kind of name it takes, and the
//! checker, the editor's completion and the compiler know too.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

/// The keyword under which the JSON Schema says what a string names.
pub(super) const NAMES: &str = "x-names";

macro_rules! token {
    ($(#[$outer:meta])* $name:ident, $table:literal, $what:literal) => {
        $(#[$outer])*
        #[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self(name.to_owned())
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "title": concat!("a ", $what), NAMES: $table })
            }
        }
    };
}

token! {
    /// A token of `[colors]`.
    ColorToken, "colors", "colour token"
}
token! {
    /// A token of `[fonts]`.
    FaceToken, "fonts", "face token"
}
token! {
    /// A role of type: a table under `[type]`.
    TypeName, "type", "role of type"
}
token! {
    /// A file of the folder, by its name without a path that leads out of it.
    FileName, "files", "file of the folder"
}
