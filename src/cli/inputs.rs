//! Everything that a plan points to: files read, templates and faces loaded, flags understood.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pullquote::card::{self, Class, SIZES, SizeChoice};
use pullquote::diag::Diagnostic;
use pullquote::export::name::{Pattern, plain};
use pullquote::font::FontBook;
use pullquote::select::Quote;
use pullquote::template::{Brand, Template};
use pullquote::transcript::Given;

use super::args::{CarouselArg, LookArgs, OutArgs, RenderArgs};
use super::check;
use super::claim::Claim;
use super::documents::{Documents, SplitDocuments, folder_of, read_file};
use super::folder::{bad_pattern, claim, holdings, try_out};
use super::holdings::Holdings;
use super::photos::{Album, File, read_folder};
use super::pick::QUOTES_MAX_CHARS;
use super::returned::Returned;
use super::role::{full_name, name_and_role};
use super::size::size;
use super::templates::{Templates, load_brand};

/// The template where none is asked for.
const DEFAULT_TEMPLATE: &str = "broadsheet";

/// Everything that a plan points to.
#[derive(Debug)]
pub struct Inputs {
    /// What was read.
    pub documents: SplitDocuments,
    /// The lists among them as they were given, in the same order.
    pub given: Vec<Given>,
    /// What is wrong with single rows of lists.
    pub row_problems: Vec<Diagnostic>,
    /// What to look at, nothing that stops a run.
    pub warnings: Vec<Diagnostic>,
    /// All templates that anything asked for.
    pub templates: Templates,
    /// Those that the flags ask for, as places in `templates`.
    pub asked_templates: Vec<usize>,
    /// Sizes that the flags ask for.
    pub sizes: Vec<SizeChoice>,
    /// The kit.
    pub brand: Brand,
    /// Photographs by their paths.
    pub photos: Album,
    /// Photographs of `--speakers` and `--photos` by their speakers' names.
    pub portraits: BTreeMap<String, PathBuf>,
    /// Rows whose words are not those of their source, by list and place in it.
    pub refused: BTreeMap<(String, usize), Diagnostic>,
    /// When a quote runs over several cards.
    pub carousel: CarouselArg,
    /// The faces.
    pub fonts: FontBook,
    /// What holds for all cards.
    pub options: card::Options,
    /// What files are named by, where somebody says.
    pub pattern: Option<Pattern>,
    /// What earlier runs left in the folder.
    pub holdings: Holdings,
    /// The folder is ours; `None` where it is not there yet, or nothing is written.
    pub claim: Option<Arc<Claim>>,
}

impl Inputs {
    /// Reads and checks all that was named, and tries the output folder.
    ///
    /// # Errors
    ///
    /// All that is wrong, together.
    pub fn gather(args: &RenderArgs) -> Result<Self, Vec<Diagnostic>> {
        let mut documents = Documents::read(&args.files, &args.pick.reading, false);
        let refused = check::rows(&mut documents, &args.check, &args.pick.reading);
        Ok(Self { refused, ..Self::with_documents(documents, &args.look, &args.out)? })
    }

    /// Why a row of a list is not set: its words are not those of its source.
    pub fn refused(&self, quote: &Quote<'_>) -> Option<&Diagnostic> {
        let transcript = quote.transcript();
        self.refused.get(&(transcript.source.name.clone(), quote.turn_index()))
    }

    /// The same with documents that were read already.
    ///
    /// # Errors
    ///
    /// All that is wrong, together.
    pub fn with_documents(
        documents: Documents,
        look: &LookArgs,
        out: &OutArgs,
    ) -> Result<Self, Vec<Diagnostic>> {
        if documents.good.iter().any(|document| !document.is_list) {
            super::prepare();
        }
        let speakers_folder = documents.speakers_folder;
        let mut problems = documents.problems;
        let documents_are_whole = problems.is_empty();
        let mut templates = Templates::default();
        let asked = if look.templates.is_empty() { &[DEFAULT_TEMPLATE.to_owned()] } else { &*look.templates };
        let mut asked_templates = Vec::new();
        for name in asked {
            match templates.load(name, Path::new("")) {
                Ok(index) if asked_templates.contains(&index) => {}
                Ok(index) => asked_templates.push(index),
                Err(several) => problems.extend(several),
            }
        }
        let mut sizes: Vec<SizeChoice> = Vec::new();
        for name in &look.sizes {
            match size(name) {
                Ok(size) if sizes.contains(&size) => {}
                Ok(size) => sizes.push(size),
                Err(problem) => problems.push(problem),
            }
        }
        let mut brand = Brand::default();
        match look.brand.as_deref().map(load_brand) {
            None => {}
            Some(Ok(kit)) => brand = kit,
            Some(Err(several)) => problems.extend(several),
        }
        let mut keep = |result: Result<(), Diagnostic>| problems.extend(result.err());
        let mut fonts = FontBook::builtin();
        for path in &look.font_fallbacks {
            keep(read_file(path).and_then(|bytes| {
                fonts.add_fallback(&path.display().to_string(), bytes).map_err(|e| e.diagnostic())
            }));
        }
        // After those of the flags: what was typed is asked first.
        brand.add_faces(&mut fonts);
        let mut pattern = None;
        if let Some(name) = &out.name {
            keep(name.parse().map(|p| pattern = Some(p)).map_err(|e| bad_pattern(name, &e)));
        }
        let mut options = card::Options {
            highlight: highlight(&look.highlights),
            corrected: look.corrected.clone(),
            ..card::Options::default()
        };
        for role in &look.roles {
            keep(name_and_role(role).map(|pair| options.roles.push(pair)));
        }
        if let Some(path) = &look.phrases {
            let said = |_| {
                Diagnostic::error(format!("`{}` is not text in UTF-8", path.display()))
                    .hint("save it as UTF-8, one phrase a line")
            };
            let text = read_file(path).and_then(|bytes| String::from_utf8(bytes).map_err(said));
            keep(text.map(|text| options.phrases = card::phrase_list(&text).into()));
        }
        let mut portraits = BTreeMap::new();
        keep(look.photos.as_deref().map_or(Ok(()), |dir| read_folder(dir).map(|found| portraits = found)));
        let (mut claimed, mut held) = (None, Holdings::default());
        keep(try_out(out).and_then(|()| {
            claimed = claim(out)?.map(Arc::new);
            held = holdings(out)?;
            Ok(())
        }));
        let mut warnings = documents.warnings;
        warnings.extend(asked_templates.iter().flat_map(|&i| templates.loaded[i].warnings()).cloned());
        // A hundred thousand rows are not kept twice where none goes back.
        let given = if Returned::goes_to(out).is_some() { documents.given } else { Vec::new() };
        let row_problems = documents.row_problems;
        let documents = SplitDocuments::from(documents.good);
        if documents_are_whole {
            for (name, _) in &mut options.roles {
                match full_name(&documents, name) {
                    Ok(full) => *name = full,
                    Err(problem) => problems.push(problem),
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut photos = Album::default();
        for list in &documents.lists {
            let folder = folder_of(list);
            for row in list.turns.iter().filter_map(|turn| turn.request.as_deref()) {
                // A row's template or photograph that cannot be had fails that row's cards, not the run.
                if let Some(name) = &row.template {
                    let _ = templates.load(name, folder);
                }
                if let Some(photo) = &row.photo {
                    let (name, photos_folder) = (photo.clone(), look.photos.clone());
                    let file = File::OfRow { folder: folder.to_owned(), photos: photos_folder, name };
                    photos.add(folder.join(photo), file);
                }
            }
        }
        templates.loaded.iter().for_each(|template| template.add_faces(&mut fonts));
        let speaks: BTreeSet<String> =
            documents.all().flat_map(|t| &t.people).filter(|p| p.speaks).map(|p| plain(&p.name)).collect();
        portraits.retain(|name, path| {
            // Only of those who speak: a folder may hold a whole cabinet.
            let wanted = speaks.contains(name);
            if wanted {
                photos.add(path.clone(), File::portrait(path));
            }
            wanted
        });
        // What the list of speakers says of one of them goes before what a folder holds.
        for person in documents.all().flat_map(|t| &t.people).filter(|person| person.speaks) {
            if let Some(photo) = &person.photo {
                let path = speakers_folder.join(photo);
                let file = File::Beside { folder: speakers_folder.clone(), name: photo.clone() };
                photos.add(path.clone(), file);
                portraits.insert(plain(&person.name), path);
            }
        }
        Ok(Self {
            documents,
            given,
            row_problems,
            warnings,
            templates,
            asked_templates,
            sizes,
            brand,
            fonts,
            options,
            pattern,
            holdings: held,
            claim: claimed,
            photos,
            portraits,
            refused: BTreeMap::new(),
            carousel: look.carousel.unwrap_or_default(),
        })
    }

    /// A photograph of somebody who speaks, before all others but a row's own.
    pub fn add_portrait(&mut self, speaker: &str, path: PathBuf) {
        self.photos.add(path.clone(), File::portrait(&path));
        self.portraits.insert(plain(speaker), path);
    }

    /// The longest quote that fits every template and size that was asked for.
    pub fn max_chars(&self) -> usize {
        let of_template = |&index: &usize| {
            let template = &self.templates.loaded[index];
            let sizes = self.sizes_for(template, &[]).unwrap_or_default();
            sizes.into_iter().filter_map(|size| template.max_chars(size.size.class())).min()
        };
        self.asked_templates.iter().filter_map(of_template).min().unwrap_or(QUOTES_MAX_CHARS)
    }

    /// The sizes a template is set in: the row's own, else those asked for, else the template's default.
    pub fn sizes_for(&self, template: &Template, row: &[SizeChoice]) -> Result<Vec<SizeChoice>, Diagnostic> {
        let classes: Vec<Class> = template.classes().collect();
        let named = |class: Class| SIZES.iter().find(|row| row.name == class.name());
        let sizes = if !row.is_empty() {
            row.to_vec()
        } else if !self.sizes.is_empty() {
            self.sizes.clone()
        } else {
            // `square`, or the only class the template states.
            let class = if let [only] = classes[..] { only } else { Class::Square };
            let choice = named(class).map(|row| SizeChoice { name: row.name.to_owned(), size: row.size });
            choice.into_iter().collect()
        };
        match sizes.iter().find(|size| !classes.contains(&size.size.class())) {
            None => Ok(sizes),
            Some(size) => {
                let class = size.size.class().name();
                let has: Vec<String> = classes.iter().map(|c| format!("`{}`", c.name())).collect();
                let message = format!(
                    "template `{}` has no {class} form, which size `{}` needs",
                    template.name(),
                    size.name
                );
                Err(Diagnostic::error(message)
                    .hint(format!("it has {}: choose another with `--size`", has.join(", "))))
            }
        }
    }
}

fn highlight(asked: &[String]) -> card::Highlight {
    match asked {
        [] => card::Highlight::Auto,
        [one] if one == "auto" => card::Highlight::Auto,
        [one] if one == "none" => card::Highlight::None,
        words => card::Highlight::Words(words.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn highlights() {
        let given = |words: &[&str]| highlight(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        assert_eq!(given(&[]), card::Highlight::Auto);
        assert_eq!(given(&["none"]), card::Highlight::None);
        assert_eq!(given(&["clean energy"]), card::Highlight::Words(vec!["clean energy".into()]));
    }
}
