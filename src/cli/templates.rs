//! Templates and brand kits, by name or from the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pullquote::diag::Diagnostic;
use pullquote::template::{Brand, Template, builtin_names};

use super::beside::Beside;
use super::suggest::suggest;

/// Templates by the name they were asked for; each is loaded once, and a failure is kept too.
#[derive(Debug, Default)]
pub struct Templates {
    /// All that could be loaded; their places here are what [`Templates::load`] gives.
    pub loaded: Vec<Template>,
    by_name: BTreeMap<PathBuf, Result<usize, Vec<Diagnostic>>>,
}

impl Templates {
    /// The index of a template: an embedded one by name, or a folder relative to `base`.
    pub fn load(&mut self, asked: &str, base: &Path) -> Result<usize, Vec<Diagnostic>> {
        let key = Self::key(asked, base);
        if let Some(known) = self.by_name.get(&key) {
            return known.clone();
        }
        let template = match Template::builtin(asked) {
            Some(template) => Ok(template),
            None if key.as_os_str() != asked || key.is_dir() => load_template(&key),
            None => Err(vec![unknown_template(asked)]),
        };
        let result = template.map(|template| {
            self.loaded.push(template);
            self.loaded.len() - 1
        });
        self.by_name.insert(key, result.clone());
        result
    }

    /// What a row asks for, once it was loaded.
    pub fn get(&self, asked: &str, base: &Path) -> Result<usize, Diagnostic> {
        // A folder given with `--template` may be named in a row by its template's name.
        let by_own_name = || self.loaded.iter().position(|template| template.name() == asked);
        match self.by_name.get(&Self::key(asked, base)) {
            Some(Ok(index)) => Ok(*index),
            Some(Err(problems)) => by_own_name().ok_or_else(|| first(problems)),
            None => by_own_name().ok_or_else(|| unknown_template(asked)),
        }
    }

    /// A bare name stands for itself; whatever has a separator is a path.
    fn key(asked: &str, base: &Path) -> PathBuf {
        // Asked of every row, so by name only: building a template each time would cost more than its cards.
        if template_names().contains(&asked) {
            return PathBuf::from(asked);
        }
        let path_like = asked.contains(['/', '\\']) || asked == "." || asked == "..";
        let below = base.join(asked);
        // `./` in front tells a path from a name that is not known, and does no harm to one.
        if path_like || below.is_dir() { Path::new(".").join(below) } else { PathBuf::from(asked) }
    }
}

/// The names of the embedded templates.
pub fn template_names() -> Vec<&'static str> {
    builtin_names().collect()
}

fn unknown_template(asked: &str) -> Diagnostic {
    let names = template_names();
    let more = ", or the path of a folder with a `template.toml`";
    suggest(Diagnostic::error(format!("unknown template `{asked}`")), asked, &names, more)
}

fn load_template(folder: &Path) -> Result<Template, Vec<Diagnostic>> {
    let shown = folder.strip_prefix(".").unwrap_or(folder).display().to_string();
    if !folder.is_dir() {
        return Err(vec![Diagnostic::error(format!("no such template folder: `{shown}`")).hint(
            "name an embedded template (`pullquote list templates`) or a folder with a `template.toml`",
        )]);
    }
    let beside = Beside::new(folder);
    Template::from_files(&shown, &|file: &str| beside.read(file)).map_err(|e| e.diagnostics())
}

/// A kit: a file, or the `brand.toml` of a folder; what it names lies beside it.
pub fn load_brand(path: &Path) -> Result<Brand, Vec<Diagnostic>> {
    let file = if path.is_dir() { path.join("brand.toml") } else { path.to_owned() };
    let shown = file.display().to_string();
    if !file.exists() {
        return Err(vec![
            Diagnostic::error(format!("no such brand kit: `{shown}`"))
                .hint("give `--brand` a kit's file, or a folder with a `brand.toml`"),
        ]);
    }
    let beside = Beside::new(file.parent().unwrap_or(Path::new("")));
    let own = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // The kit itself is asked for by the name that messages show; the rest relative to it.
    Brand::from_files(&shown, &|name: &str| beside.read(if name == shown { &own } else { name }))
        .map_err(|e| e.diagnostics())
}

/// One problem to stand for several, where there is room for one: a card fails once.
pub fn first(problems: &[Diagnostic]) -> Diagnostic {
    let first = problems.first().cloned().unwrap_or_else(|| Diagnostic::error("it cannot be used"));
    match problems.len() {
        0 | 1 => first,
        n => first.hint(format!("{} more problems: try it with `--template` to see them all", n - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_template_is_told_with_a_guess() {
        let told = unknown_template("broadshet");
        assert_eq!(told.message, "unknown template `broadshet`");
        assert_eq!(told.hints[0], "did you mean `broadsheet`?");
    }
}
