//! From a kit's file to a [`Brand`]: everything it names is read and checked, all problems are told at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use toml::Spanned;
use toml::de::DeValue;

use super::file::{BrandFile, CreditRule, PhotoFile};
use super::{Brand, Corners};
use crate::color::Color;
use crate::diag::Diagnostic;
use crate::digest::Digest;
use crate::template::check::{self, Report};
use crate::template::faces::Faces;
use crate::template::folder::{Folder, Watched};
use crate::template::{Art, Read, TemplateError, json_schema};

/// How many duotone stops a kit may give. Three or four are enough for any photograph.
const STOPS: std::ops::RangeInclusive<usize> = 2..=8;

impl Brand {
    /// Loads a kit from its TOML file; `read` gives that file and what it names, relative to it.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, TOML that is broken; all else that is wrong with it, together: a colour that is
    /// none, a mark that cannot be used, a face that is not there or whose axes are out of range.
    pub fn from_files(file_name: &str, read: &Read<'_>) -> Result<Self, TemplateError> {
        let files = Watched::new(read);
        let read: &Read<'_> = &|name| files.read(name);
        let bytes =
            read(file_name).map_err(|source| TemplateError::Read { file: file_name.to_owned(), source })?;
        match load(file_name, &bytes, read) {
            (Some(brand), _) => Ok(Brand { digest: files.digest(), ..brand }),
            (None, problems) => Err(TemplateError::Invalid { file: file_name.to_owned(), problems }),
        }
    }

    /// Tells all that is wrong with a kit, in the order of the file; `file` is only named in messages.
    #[must_use]
    pub fn check(file: &str, bytes: &[u8], read: &Read<'_>) -> Vec<Diagnostic> {
        load(file, bytes, read).1
    }
}

/// The kit, where nothing is wrong, and all that is to say of it.
fn load(file_name: &str, bytes: &[u8], read: &Read<'_>) -> (Option<Brand>, Vec<Diagnostic>) {
    let (root, mut report) = match check::read(file_name, bytes) {
        Ok(read) => read,
        Err(told) => return (None, vec![told]),
    };
    if report.is_wrong() {
        // Where TOML itself is broken, what follows would be told of what the reader made of it.
        return (None, report.told());
    }
    check::walk(&root, &mut report, json_schema::brand());
    // What is made badly is told; what the rest says is asked all the same.
    let mut sound = report.without_faults(&root);
    if let (true, DeValue::Table(table)) = (report.is_wrong(), sound.get_mut()) {
        let unnamed = Spanned::new(0..0, DeValue::String("unnamed".into()));
        table.entry(Spanned::new(0..0, "name".into())).or_insert(unnamed);
    }
    let file = match BrandFile::deserialize(sound.into_deserializer()) {
        Ok(file) => file,
        Err(error) => {
            if !report.is_wrong() {
                report.broken(&error);
            }
            return (None, report.told());
        }
    };
    let folder = Folder::of(file_name, read);
    let mut kit = Kit { root: &root, folder, report, faces: Faces::of(folder) };
    let brand = kit.brand(file);
    (Some(brand).filter(|_| !kit.report.is_wrong()), kit.report.told())
}

/// A kit being read.
struct Kit<'a, 't> {
    root: &'a Spanned<DeValue<'t>>,
    folder: Folder<'a>,
    report: Report<'t>,
    faces: Faces<'a>,
}

impl Kit<'_, '_> {
    fn brand(&mut self, file: BrandFile) -> Brand {
        if file.name.trim().is_empty() {
            self.problem(&["name"], Diagnostic::error("the kit has no name").hint("give `name` the house's"));
        }
        if let Some(seal) = file.seal.as_deref().filter(|s| s.chars().count() != 2) {
            let count = seal.chars().count();
            let told = Diagnostic::error(format!("a seal holds two characters, `{seal}` has {count}"));
            self.problem(&["seal"], told.hint("leave out `seal` where the house has none"));
        }
        let colors = self.colors(&file.colors);
        let mark = self.art(file.logo.mark.as_deref(), &["logo", "mark"]);
        let mark_dark = self.art(file.logo.mark_dark.as_deref(), &["logo", "mark_dark"]);
        if file.logo.mark.is_none() && file.logo.mark_dark.is_some() {
            let told =
                Diagnostic::error("`mark_dark` stands in for `mark` on dark grounds, and there is no `mark`");
            self.problem(&["logo", "mark_dark"], told.hint("name the version for light grounds in `mark`"));
        }
        let corners = self.corners(file.corners.as_deref());
        let tone = self.tone(&file.photo);
        let mut fonts = BTreeMap::new();
        for (token, face) in &file.fonts {
            match self.faces.name(face) {
                Ok(name) => drop(fonts.insert(token.clone(), name)),
                Err(told) => self.refuse(&["fonts", token], told),
            }
        }
        let faces = self.faces.take();
        for (i, path) in file.fallback.iter().enumerate() {
            if let Err(told) = self.faces.file(path, &BTreeMap::new()) {
                self.refuse(&["fallback", &i.to_string()], told);
            }
        }
        let fallbacks = self.faces.take();
        Brand {
            name: Some(file.name),
            name_zh: file.name_zh,
            copyright: file.copyright,
            kicker: file.kicker,
            kicker_zh: file.kicker_zh,
            seal: file.seal,
            label: file.label_zh,
            event: file.event,
            mark,
            mark_dark,
            wordmark: file.logo.wordmark,
            corners,
            tone,
            credit_required: file.photo.credit == CreditRule::Required,
            keep_together: file.keep_together,
            colors,
            fonts,
            faces,
            fallbacks,
            digest: Digest::default(),
        }
    }

    fn problem(&mut self, path: &[&str], told: Diagnostic) {
        let at = check::at(self.root, path);
        self.report.add(at, told);
    }

    /// The problems of a file that the kit names, each with the place that names it.
    fn refuse(&mut self, path: &[&str], all: Vec<Diagnostic>) {
        for told in all {
            self.problem(path, told);
        }
    }

    fn color(&mut self, path: &[&str], hex: &str) -> Option<Color> {
        match hex.parse() {
            Ok(color) => Some(color),
            Err(e) => {
                let token = path.iter().rev().find(|key| key.parse::<usize>().is_err()).unwrap_or(&"");
                self.problem(path, Diagnostic::error(format!("`{token}`: {e}")));
                None
            }
        }
    }

    fn colors(&mut self, given: &BTreeMap<String, String>) -> BTreeMap<String, Color> {
        let color =
            |(token, hex): (&String, &String)| Some((token.clone(), self.color(&["colors", token], hex)?));
        given.iter().filter_map(color).collect()
    }

    fn art(&mut self, name: Option<&str>, path: &[&str]) -> Option<Arc<Art>> {
        let name = name?;
        let read = |(shown, bytes): (String, Vec<u8>)| {
            let svg = name.to_ascii_lowercase().ends_with(".svg");
            let art = if svg { Art::from_svg(&shown, &bytes) } else { Art::from_png(&shown, &bytes) };
            art.map(Arc::new).map_err(TemplateError::from)
        };
        match self.folder.file(name).and_then(read) {
            Ok(art) => Some(art),
            Err(error) => {
                self.refuse(path, error.diagnostics());
                None
            }
        }
    }

    fn corners(&mut self, asked: Option<&str>) -> Corners {
        match asked {
            None | Some("auto") => Corners::Template,
            Some("off") => Corners::Off,
            Some(name) if !name.contains('.') => {
                let told = Diagnostic::error(format!("`corners`: `{name}` is neither a word nor a file"));
                self.problem(
                    &["corners"],
                    told.hint("write `\"auto\"`, `\"off\"`, or the name of an SVG or PNG"),
                );
                Corners::Template
            }
            Some(name) => match self.art(Some(name), &["corners"]) {
                Some(art) => {
                    let mirrored = |across, down| Arc::new(art.mirrored(across, down));
                    let (right, left_below, right_below) =
                        (mirrored(true, false), mirrored(false, true), mirrored(true, true));
                    Corners::Art([art, right, left_below, right_below])
                }
                None => Corners::Template,
            },
        }
    }

    /// Duotone stops: in order, from shadow to light.
    fn tone(&mut self, photo: &PhotoFile) -> Vec<(f32, Color)> {
        let path = ["photo", "tone"];
        let given = &photo.tone;
        if given.is_empty() {
            return Vec::new();
        }
        if !STOPS.contains(&given.len()) {
            let told = Diagnostic::error(format!(
                "`tone` has {} stops, a duotone has {} to {}",
                given.len(),
                STOPS.start(),
                STOPS.end()
            ));
            self.problem(&path, told.hint("give three or four, from shadow to light"));
        }
        let mut stops: Vec<(f32, Color)> = Vec::new();
        for (i, (at, hex)) in given.iter().enumerate() {
            let place = ["photo", "tone", &i.to_string(), "0"];
            if !(0.0..=1.0).contains(at) {
                let told = Diagnostic::error(format!("`tone`: `{at}` is no luminance"));
                self.problem(&place, told.hint("a luminance is 0 (black) to 1 (white)"));
            } else if i > 0 && *at <= given[i - 1].0 {
                let told =
                    Diagnostic::error(format!("`tone`: `{at}` does not come after `{}`", given[i - 1].0));
                self.problem(&place, told.hint("write the stops in rising order of luminance"));
            }
            stops.extend(self.color(&["photo", "tone", &i.to_string(), "1"], hex).map(|color| (*at, color)));
        }
        if let ([(_, shadow), .., (_, light)], true) = (&stops[..], stops.len() == given.len())
            && shadow.luminance() >= light.luminance()
        {
            let told = Diagnostic::error(format!(
                "`tone`: the last colour `{light}` is no lighter than the first, `{shadow}`: a photograph would become its negative"
            ));
            self.problem(&path, told.hint("put the dark colours first"));
        }
        stops
    }
}
