//! The templates inside the program. To add one: a folder in `templates/`, a line here.

use std::io;

use super::brand::Tokens;
use super::schema::TemplateFile;
use super::{Template, TemplateError};

type File = (&'static str, &'static [u8]);

/// Name and files of each.
const BUILTIN: [(&str, &[File]); 7] = [
    ("broadsheet", &[("template.toml", include_bytes!("../../templates/broadsheet/template.toml"))]),
    ("bulletin", &[("template.toml", include_bytes!("../../templates/bulletin/template.toml"))]),
    (
        "nocturne",
        &[
            ("template.toml", include_bytes!("../../templates/nocturne/template.toml")),
            ("grain.png", include_bytes!("../../templates/nocturne/grain.png")),
        ],
    ),
    ("profile", &[("template.toml", include_bytes!("../../templates/profile/template.toml"))]),
    (
        "aurora",
        &[
            ("template.toml", include_bytes!("../../templates/aurora/template.toml")),
            ("grain.png", include_bytes!("../../templates/aurora/grain.png")),
        ],
    ),
    ("figure", &[("template.toml", include_bytes!("../../templates/figure/template.toml"))]),
    (
        "shuimo",
        &[
            ("template.toml", include_bytes!("../../templates/shuimo/template.toml")),
            ("hills.png", include_bytes!("../../templates/shuimo/hills.png")),
        ],
    ),
];

/// The names of the templates inside the program.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    BUILTIN.iter().map(|&(name, _)| name)
}

impl Template {
    /// A template inside the program; `None` where there is none of that name.
    #[must_use]
    pub fn builtin(name: &str) -> Option<Self> {
        let &(name, files) = BUILTIN.iter().find(|&&(n, _)| n == name)?;
        Some(load(name, files, true).expect("a test loads every template of the program"))
    }
}

/// The tokens of all templates inside the program.
pub(super) fn builtin_tokens() -> Tokens {
    let mut tokens = Tokens::default();
    for (_, files) in BUILTIN {
        let file: TemplateFile =
            toml::from_slice(files[0].1).expect("a test loads every template of the program");
        tokens.colors.extend(file.colors.into_keys());
        tokens.fonts.extend(file.fonts.into_keys());
    }
    tokens
}

fn load(name: &str, files: &[File], is_ours: bool) -> Result<Template, TemplateError> {
    let read = |file: &str| {
        let found = files.iter().find(|&&(n, _)| n == file);
        found.map(|&(_, bytes)| bytes.to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
    };
    Template::load(name, &read, is_ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_loads_and_bears_its_own_name() {
        for (name, files) in BUILTIN {
            // Checked as anybody's would be.
            let template = load(name, files, false).unwrap_or_else(|e| panic!("{:#?}", e.diagnostics()));
            assert!(template.warnings().is_empty(), "{:#?}", template.warnings());
            assert_eq!(template.name(), name);
            assert_eq!(template.classes().count(), 3, "{name}");
        }
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let (_, bytes) = BUILTIN[0].1[0];
        let text = std::str::from_utf8(bytes).unwrap();
        let text = text.replace("color = \"mute\"", "color = \"mite\"").replace("#A61E1A", "red");
        let error = Template::from_files("x", &|_| Ok(text.clone().into_bytes())).unwrap_err();
        let told: Vec<_> =
            error.diagnostics().iter().map(|d| format!("{} {:?}", d.message, d.hints)).collect();
        assert!(
            told.iter().any(|t| t == "unknown colour token `mite` [\"did you mean `mute`?\"]"),
            "{told:#?}"
        );
        assert!(told.iter().any(|t| t.contains("`accent`: `red` is no colour")), "{told:#?}");
    }

    #[test]
    fn nothing_wild_gets_in() {
        let (_, bytes) = BUILTIN[0].1[0];
        let text = std::str::from_utf8(bytes).unwrap();
        let told = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            let text = text.replacen(from, to, 1);
            let error = Template::from_files("x", &|_| Ok(text.clone().into_bytes())).unwrap_err();
            error.diagnostics()[0].message.clone()
        };
        assert_eq!(told("size = [38, 132]", "size = [38, inf]"), "`inf` is no measure");
        assert_eq!(
            told("size = [38, 132]", "size = [132, 38]"),
            "a range of sizes runs from the smallest to the largest"
        );
        assert_eq!(
            told("slot = \"quote\"", "slot = \"quote\"\nwhen = \"kicker\""),
            "the quote is on every card: it takes no `when`"
        );
        let picture = "kind = \"picture\"\nsrc = \"../hills.png\"\n\n[[square.layer]]\nkind = \"rect\"";
        assert_eq!(told("kind = \"rect\"", picture), "`../hills.png` leads out of the folder");
    }

    #[test]
    fn unknown_keys_are_refused_with_their_line() {
        let (_, bytes) = BUILTIN[0].1[0];
        let text = format!("nme = 1\n{}", std::str::from_utf8(bytes).unwrap());
        let error = Template::from_files("x", &|_| Ok(text.clone().into_bytes())).unwrap_err();
        let told = error.diagnostics();
        assert_eq!(told[0].place.as_deref(), Some("x/template.toml:1:1"));
        assert_eq!(told[0].message, "the file has no key `nme`");
    }
}
