//! Does a template or a kit hold together? All that is wrong is told at once, each with its place in the file.
//!
//! A file is read ([`document`]), walked along the language's schema ([`shape`]), and what a schema cannot say is
//! asked of each part that is made well: whether its layers can be laid out ([`layers`]), and whether somebody will
//! see what was meant ([`sense`], warnings). A part that is made badly is told and left out of what follows, so
//! that one mistake does not hide the others.

mod document;
mod layers;
mod sense;
mod shape;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::path::{Component, Path};
use std::sync::Arc;

use serde::Deserialize as _;
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use toml::Spanned;
use toml::de::DeValue;

pub use document::MAX_BYTES;
use document::Site;
pub(super) use document::{Report, at, read};
pub(super) use shape::walk;

use super::faces::{FaceFile, Faces};
use super::folder::Folder;
use super::schema::{Layer, PathLayer, TemplateFile, TypeRole};
use super::{Art, ArtError, json_schema};
use crate::card::Class;
use crate::color::Color;
use crate::diag::Diagnostic;
use crate::font::Face;

/// The largest picture file of a template, bytes.
pub const MAX_PICTURE_BYTES: usize = 32 << 20;
/// As many layers of a class as are looked at; the schema allows no more.
const MAX_LAYERS: usize = 200;
/// As many bytes as all its font files may have together.
const MAX_ALL_FACE_BYTES: usize = 128 << 20;
/// As many pictures as a template may have, whatever their sizes.
const MAX_PICTURES: usize = 24;
/// As many pixels as all its pictures may have together: one for the ground of each class, at twice the size.
const MAX_ALL_PIXELS: f64 = 64e6;

/// Reads a file of the folder by its name.
pub type Read<'r> = dyn Fn(&str) -> io::Result<Vec<u8>> + 'r;

/// What a check found.
pub(super) struct Checked {
    /// The template, where nothing is wrong.
    pub good: Option<Good>,
    /// All problems and warnings, in the order of the file.
    pub told: Vec<Diagnostic>,
}

/// What of a template is known once it is checked.
pub(super) struct Good {
    pub file: TemplateFile,
    pub colors: BTreeMap<String, Color>,
    /// Faces by token, and those that the template brings itself.
    pub fonts: BTreeMap<String, String>,
    pub faces: Vec<Arc<Face>>,
    pub pictures: BTreeMap<String, Arc<Art>>,
}

/// The known name that is meant most likely.
pub(super) fn nearest<'n>(typed: &str, known: &[&'n str]) -> Option<&'n str> {
    let allowed = (typed.chars().count() / 3).clamp(1, 3);
    // A hostile file may have long names in great number.
    let close =
        known.iter().take(500).filter(|k| k.len().abs_diff(typed.len()) <= allowed * 4 && k.len() < 100);
    close
        .map(|k| (strsim::damerau_levenshtein(typed, k), *k))
        .filter(|&(distance, _)| distance <= allowed)
        .min()
        .map(|(_, k)| k)
}

/// `` `a`, `b`, `c` ``; of very many the first.
fn lists(names: &[&str]) -> String {
    const SHOWN: usize = 40;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > SHOWN { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// Is it a file name that stays in its folder?
pub(super) fn stays_inside(name: &str) -> bool {
    let mut parts = Path::new(name).components().peekable();
    parts.peek().is_some()
        && parts.all(|part| matches!(part, Component::Normal(_)))
        && !name.contains(['\\', '\0'])
        // A drive of Windows, or a stream of one of its files.
        && !name.contains(':')
}

/// A part of the file, where it is made well.
fn part<T: DeserializeOwned>(value: &Spanned<DeValue<'_>>) -> Option<T> {
    T::deserialize(value.clone().into_deserializer()).ok()
}

/// Checks a `template.toml` of the name `path` and what it names.
pub(super) fn template(path: &str, bytes: &[u8], read: &Read<'_>) -> Checked {
    let (root, mut report) = match document::read(path, bytes) {
        Ok(read) => read,
        Err(told) => return Checked { good: None, told: vec![told] },
    };
    if report.is_wrong() {
        // Where TOML itself is broken, what follows would be told of what the reader made of it.
        return Checked { good: None, told: report.told() };
    }
    shape::walk(&root, &mut report, json_schema::template());
    let site = Site::of(&root).expect("a TOML file is a table");
    let colors = colors(&site, &mut report);
    let (fonts, faces) = faces(&site, Folder::of(path, read), &mut report);
    let types = types(&site, &mut report);
    let parts = Parts::of(&site, types);
    layers::check(&parts, &site, &mut report);
    sense::check(&parts, &mut report);
    let pictures = pictures(&parts, path, read, &mut report);
    let mut good = None;
    if !report.is_wrong() {
        match TemplateFile::deserialize(root.into_deserializer()) {
            Ok(file) => good = Some(Good { file, colors, fonts, faces, pictures }),
            // What the walk lets through and the reader does not: never silently.
            Err(error) => report.broken(&error),
        }
    }
    Checked { good, told: report.told() }
}

/// The parts of a template that are made well, with their places.
pub(super) struct Parts<'d, 't> {
    types: BTreeMap<String, (TypeRole, Site<'d, 't>)>,
    /// Names of all roles of type, also of those that are made badly.
    type_names: Vec<String>,
    classes: Vec<ClassParts<'d, 't>>,
}

/// A class of a template.
struct ClassParts<'d, 't> {
    class: Class,
    site: Site<'d, 't>,
    /// All layers that are tables, those that are made badly without their content.
    layers: Vec<(Option<Layer>, Site<'d, 't>)>,
}

impl ClassParts<'_, '_> {
    /// The layers that are made well.
    fn good(&self) -> impl Iterator<Item = (&Layer, &Site<'_, '_>)> {
        self.layers.iter().filter_map(|(layer, site)| Some((layer.as_ref()?, site)))
    }

    /// Is every layer made well? Only then can it be said what is missing.
    fn is_whole(&self) -> bool {
        self.layers.iter().all(|(layer, _)| layer.is_some())
    }
}

impl<'d, 't> Parts<'d, 't> {
    fn of(site: &Site<'d, 't>, types: BTreeMap<String, (TypeRole, Site<'d, 't>)>) -> Self {
        let type_names = site.table("type").iter().flat_map(Site::keys).map(|(k, ..)| k.to_owned()).collect();
        let class = |class: Class| {
            let site = site.table(class.name())?;
            let layers = site
                .list("layer")
                .into_iter()
                .take(MAX_LAYERS)
                .filter_map(|l| Some((part(l), Site::of(l)?)))
                .collect();
            Some(ClassParts { class, site, layers })
        };
        let classes = [Class::Square, Class::Landscape, Class::Story].into_iter().filter_map(class).collect();
        Self { types, type_names, classes }
    }
}

fn colors(site: &Site<'_, '_>, report: &mut Report<'_>) -> BTreeMap<String, Color> {
    let mut colors = BTreeMap::new();
    for (token, _, value) in site.table("colors").iter().flat_map(Site::keys) {
        match value.get_ref().as_str().map(str::parse::<Color>) {
            Some(Ok(color)) => drop(colors.insert(token.to_owned(), color)),
            Some(Err(error)) => report.error(value.span(), format!("`{token}`: {error}"), None),
            None => {} // told by the walk
        }
    }
    colors
}

fn types<'d, 't>(site: &Site<'d, 't>, report: &mut Report<'_>) -> BTreeMap<String, (TypeRole, Site<'d, 't>)> {
    let mut types = BTreeMap::new();
    for (name, _, value) in site.table("type").iter().flat_map(Site::keys) {
        if let (Some(role), Some(site)) = (part::<TypeRole>(value), Site::of(value)) {
            types.insert(name.to_owned(), (role, site));
        }
    }
    let fonts: Vec<&str> = site.table("fonts").iter().flat_map(Site::keys).map(|(k, ..)| k).collect();
    for (zh, at, latin) in site.table("partners").iter().flat_map(Site::keys) {
        let both = [(zh, at), (latin.get_ref().as_str().unwrap_or(zh), latin.span())];
        for (token, at) in both {
            if !fonts.contains(&token) {
                let hint = match nearest(token, &fonts) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("define it in `[fonts]`, or take one of {}", lists(&fonts)),
                };
                report.error(at, format!("unknown face token `{token}`"), Some(hint));
            }
        }
    }
    types
}

/// Every face token names a face that is there, also where a kit has another: that may lack a character.
fn faces(
    site: &Site<'_, '_>,
    folder: Folder<'_>,
    report: &mut Report<'_>,
) -> (BTreeMap<String, String>, Vec<Arc<Face>>) {
    let (mut fonts, mut faces) = (BTreeMap::new(), Faces::of(folder));
    for (token, _, value) in site.table("fonts").iter().flat_map(Site::keys) {
        // Where it is none, the walk has told so.
        let Some(face) = part::<FaceFile>(value) else { continue };
        match faces.name(&face) {
            Ok(name) => drop(fonts.insert(token.to_owned(), name)),
            Err(told) => told.into_iter().for_each(|told| report.add(value.span(), told)),
        }
        if faces.bytes() > MAX_ALL_FACE_BYTES {
            let message = "all font files of a template have at most 128 MB together".to_owned();
            let hint = "cut them down to the characters that you need, with `pyftsubset`".to_owned();
            report.error(value.span(), message, Some(hint));
            break;
        }
    }
    (fonts, faces.take())
}

/// Reads the pictures that layers name, each once.
fn pictures(
    parts: &Parts<'_, '_>,
    path: &str,
    read: &Read<'_>,
    report: &mut Report<'_>,
) -> BTreeMap<String, Arc<Art>> {
    let mut pictures: BTreeMap<String, Arc<Art>> = BTreeMap::new();
    let mut bad: Vec<&str> = Vec::new();
    let (mut files, mut pixels) = (0, 0.0);
    for (layer, site) in parts.classes.iter().flat_map(ClassParts::good) {
        let (src, key, is_mask) = match layer {
            Layer::Picture(picture) => (&picture.src, picture.key(), picture.mask.is_some()),
            Layer::Grain(grain) => (&grain.src, grain.src.to_string(), false),
            Layer::Path(path) => {
                if let Entry::Vacant(place) = pictures.entry(path.key()) {
                    match Art::path(path.view[0], path.view[1], &path.d) {
                        Ok(art) => drop(place.insert(Arc::new(art))),
                        Err(error) => bad_path(path, &error, site, report),
                    }
                }
                continue;
            }
            _ => continue,
        };
        if pictures.contains_key(&key) || bad.contains(&&**src) || !stays_inside(src) {
            continue;
        }
        let at = site.value("src");
        files += 1;
        if files > MAX_PICTURES {
            report.error(at, format!("a template has at most {MAX_PICTURES} pictures"), None);
            break;
        }
        let name = Path::new(path).with_file_name(&**src).display().to_string();
        match picture(&name, src, read, matches!(layer, Layer::Grain(_))) {
            Ok(art) => {
                pixels += f64::from(art.size().0) * f64::from(art.size().1);
                if pixels > MAX_ALL_PIXELS {
                    let message = "all pictures of a template have at most 64 megapixels together".to_owned();
                    report.error(
                        at,
                        message,
                        Some("scale them down: a card is seldom wider than 1600 px".to_owned()),
                    );
                    break;
                }
                let art = if is_mask { art.into_mask() } else { art };
                pictures.insert(key, Arc::new(art));
            }
            Err(told) => {
                bad.push(src);
                report.add(at, told);
            }
        }
    }
    pictures
}

/// What keeps a path from being drawn.
fn bad_path(path: &PathLayer, error: &ArtError, site: &Site<'_, '_>, report: &mut Report<'_>) {
    if path.view.iter().any(|&side| side <= 0.0) {
        let message = "`view` is width and height, both more than 0".to_owned();
        return report.error(site.value("view"), message, None);
    }
    let reason = match error {
        ArtError::Svg { reason, .. } => reason.clone(),
        other => other.to_string(),
    };
    let hint = format!("write SVG path data, such as `M0 0H10V10Z` ({reason})");
    report.error(site.value("d"), "`d` is no path that can be drawn".to_owned(), Some(hint));
}

/// A picture of the folder.
fn picture(name: &str, src: &str, read: &Read<'_>, is_grain: bool) -> Result<Art, Diagnostic> {
    let bytes = read(src).map_err(|error| {
        Diagnostic::error(format!("cannot read `{name}`: {error}"))
            .hint("put the file there, or mend its name in the TOML beside it")
    })?;
    if bytes.len() > MAX_PICTURE_BYTES {
        return Err(Diagnostic::error(format!("`{name}` has more than 32 MB")).hint("scale it down"));
    }
    let art = if is_grain { Art::from_png(name, &bytes) } else { Art::from_picture(name, &bytes) };
    art.map_err(|error| error.diagnostic())
}
