//! The two languages that looks are written in.

use serde_json::Value;

use super::json_schema;

/// A language of TOML files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Of a `template.toml`.
    Template,
    /// Of a `brand.toml`.
    Kit,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Template, Self::Kit];

    /// What a file of this language is called in its folder.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Template => "template.toml",
            Self::Kit => "brand.toml",
        }
    }

    /// Its JSON Schema.
    #[must_use]
    pub fn schema(self) -> &'static Value {
        match self {
            Self::Template => json_schema::template(),
            Self::Kit => json_schema::brand(),
        }
    }

    /// What a file is most likely meant to be: by its content, and where that does not tell by its name.
    #[must_use]
    pub fn of(file_name: &str, bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (root, _) = toml::de::DeTable::parse_recoverable(&text);
        let known = |language: Self| {
            let keys = language.schema().get("properties").and_then(Value::as_object);
            root.get_ref()
                .keys()
                .filter(|key| keys.is_some_and(|keys| keys.contains_key(&**key.get_ref())))
                .count()
        };
        let (template, kit) = (known(Self::Template), known(Self::Kit));
        match template.cmp(&kit) {
            std::cmp::Ordering::Less => Self::Kit,
            std::cmp::Ordering::Greater => Self::Template,
            std::cmp::Ordering::Equal if file_name == Self::Kit.file_name() => Self::Kit,
            std::cmp::Ordering::Equal => Self::Template,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, *};

    #[test]
    fn content_tells_before_the_name() {
        assert_eq!(Language::of("brand.toml", b"name = 'x'\nabout = ''\n[square]\n"), Template);
        assert_eq!(Language::of("template.toml", b"name = 'x'\nkicker = ''\n[logo]\n"), Kit);
        assert_eq!(Language::of("brand.toml", b"name = 'x'\n"), Kit);
        assert_eq!(Language::of("x.toml", b"\xff broken = = "), Template);
    }
}
