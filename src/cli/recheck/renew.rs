//! Corrected cards: the words as they stand now, under the same file names.

use std::path::Path;

use pullquote::card::find_words;
use pullquote::diag::Diagnostic;
use pullquote::export::name::plain;
use pullquote::manifest::{Entry, Manifest};
use pullquote::select::{Pick, Quote};
use pullquote::template::builtin_names;
use pullquote::transcript::Transcript;
use pullquote::verify::{Place, Verdict};

use super::{Checked, Status};
use crate::cli::Outcome;
use crate::cli::args::{CarouselArg, LookArgs, OutArgs, PickArgs, RecheckArgs};
use crate::cli::documents::Documents;
use crate::cli::inputs::Inputs;
use crate::cli::plan::{Plan, Wanted};
use crate::cli::render::carry_out;
use crate::cli::report::Talk;
use crate::cli::returned::Returned;

/// Makes the cards whose words changed.
pub fn run(
    args: &RecheckArgs,
    manifest: &Manifest,
    checked: &[Checked<'_>],
    documents: Documents,
    folder: &Path,
    talk: &Talk,
) -> Outcome {
    let changed: Vec<&Checked<'_>> = checked.iter().filter(|one| one.status == Status::Changed).collect();
    if changed.is_empty() {
        talk.note("no card to correct");
        return Outcome::Done;
    }
    let (look, out) = (look(args, manifest, &changed), out(args, folder));
    if let Some(told) = lacking(args, manifest, &changed) {
        return talk.refuse(&[told]);
    }
    let inputs = match Inputs::with_documents(documents, &look, &out) {
        Ok(inputs) => inputs,
        Err(problems) => return talk.refuse(&problems),
    };
    let (mut wanted, mut cards, mut outcome) = (Vec::new(), Vec::new(), Outcome::Done);
    for one in changed {
        match again(one, &inputs.documents.transcripts) {
            Ok(quote) => {
                let own = Wanted { file: Some(one.card.file.clone()), ..Wanted::of_pick(quote) };
                let (template, size) = (Some(one.card.template.as_str()), Some(one.card.size.as_str()));
                wanted.push(Wanted { template, size, ..own });
                cards.push(one.card);
            }
            Err(told) => {
                talk.tell(&told.at(one.card.file.clone()));
                outcome = Outcome::Partial;
            }
        }
    }
    if wanted.is_empty() {
        return outcome;
    }
    let plan = Plan::of_wanted(&inputs, wanted, &PickArgs::default(), &look, &out);
    let mut plan = match plan {
        Ok(plan) => plan,
        Err(problems) => return talk.refuse(&problems),
    };
    // The manifest stays that of the run that made the cards.
    plan.settings = manifest.settings.clone();
    for (job, card) in plan.batch.jobs.iter_mut().zip(cards) {
        job.series = card.series.as_deref().and_then(|number| number.parse().ok());
        if card.key.as_ref().is_some_and(|key| key.shares_size()) {
            job.type_size = Some(card.type_size);
        }
    }
    pullquote::batch::keep_within(&mut plan.batch);
    carry_out(&plan, &out, None, &mut Returned::default(), talk).and(outcome)
}

/// The words as they are now, emphasised where the card was and they still are.
fn again<'a>(one: &Checked<'_>, transcripts: &'a [Transcript]) -> Result<Pick<'a>, Diagnostic> {
    let card = one.card;
    if card.part.is_some() {
        return Err(Diagnostic::error("its quote runs over several cards, which are made together")
            .hint("make them again as they were made: with `pullquote series` or `pullquote render`"));
    }
    let Verdict::Changed { place, .. } = &one.finding.verdict else {
        return Err(Diagnostic::error("its words did not change"));
    };
    let quote = quote_at(place, transcripts).ok_or_else(|| {
        Diagnostic::error("its words are in several pieces now").hint("choose the words anew, by hand")
    })?;
    let words = card.highlight.iter().filter_map(|words| find_words(quote.text(), words)).collect();
    Ok(Pick::of(quote, words))
}

/// The transcripts were sorted into those and lists since the words were found: the file's name tells which it is.
fn quote_at<'a>(place: &Place, transcripts: &'a [Transcript]) -> Option<Quote<'a>> {
    let [range] = &place.kept[..] else { return None };
    let is_it = |t: &&Transcript| {
        t.source.name == place.origin.file || t.pages.iter().any(|p| p.name == place.origin.file)
    };
    Quote::new(transcripts.iter().find(is_it)?, place.turn, range.clone())
}

fn look(args: &RecheckArgs, manifest: &Manifest, changed: &[&Checked<'_>]) -> LookArgs {
    let mut templates = args.look.templates.clone();
    for one in changed {
        let name = &one.card.template;
        if builtin_names().any(|known| known == name) && !templates.contains(name) {
            templates.push(name.clone());
        }
    }
    let mut roles = args.look.roles.clone();
    roles.extend(manifest.settings.roles.iter().map(|[name, role]| format!("{name}={role}")));
    LookArgs { templates, roles, carousel: Some(CarouselArg::Never), ..args.look.clone() }
}

fn out(args: &RecheckArgs, folder: &Path) -> OutArgs {
    OutArgs {
        out: args.out.out.clone().or_else(|| Some(folder.to_owned())),
        prune: false,
        ..args.out.clone()
    }
}

/// What the manifest knows by name only, and nobody has told where it is.
fn lacking(args: &RecheckArgs, manifest: &Manifest, changed: &[&Checked<'_>]) -> Option<Diagnostic> {
    if let (Some(kit), None) = (&manifest.settings.brand, &args.look.brand) {
        return Some(
            Diagnostic::error(format!("the cards were made with the kit `{kit}`"))
                .hint("say where it is with `--brand FILE` or `--brand FOLDER`"),
        );
    }
    let is_known = |card: &Entry| {
        builtin_names().any(|known| known == card.template)
            || args.look.templates.iter().any(|t| {
                Path::new(t)
                    .file_name()
                    .is_some_and(|name| plain(&name.to_string_lossy()) == plain(&card.template))
            })
    };
    let unknown =
        changed.iter().map(|one| one.card).find(|card| !is_known(card) && args.look.templates.is_empty())?;
    Some(
        Diagnostic::error(format!(
            "the card `{}` was made with the template `{}`",
            unknown.file, unknown.template
        ))
        .hint("say where it is with `--template FOLDER`"),
    )
}
