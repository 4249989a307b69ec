//! What will be done: the cards, each with its template, size and file name, known and unique.
//!
//! Everything that can fail early fails before the first pixel, and is told together. It goes in two steps, because
//! a plan borrows the words of what was read: [`Inputs`] owns, [`Plan`] points.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use pullquote::alt;
use pullquote::batch::{self, Alt, Batch, Job, Stage};
use pullquote::card::{self, find_words};
use pullquote::diag::Diagnostic;
use pullquote::export::name::{DEFAULT_PATTERN, Fields, ID_LOOK_PATTERN, ID_PATTERN, Names, Pattern};
use pullquote::export::png::Compress;
use pullquote::manifest::{QuerySettings, Settings};
use pullquote::record::Metadata;
use pullquote::records::{event_of, matched_ranges, question_of};
use pullquote::select::{Pick, chars, parts};
use pullquote::transcript::{CautionRow, SeriesNumber};

use super::args::{
    AltArg, CompressArg, FitArg, LookArgs, MetadataArg, OrderArg, OutArgs, PickArgs, RenderArgs,
};
use super::claim::Claim;
use super::documents::SplitDocuments;
use super::folder::foreign_files;
use super::holdings::Holdings;
use super::inputs::Inputs;
use super::kit;
use super::output::Target;
use super::pick::pick;
use super::stages::Stages;

/// A quote and the looks it is wanted in.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The words.
    pub pick: Pick<'a>,
    /// Names of template and size, where this quote overrides the flags.
    pub template: Option<&'a str>,
    /// See `template`.
    pub size: Option<&'a str>,
    /// The name of its file, where it must be that; of one card only.
    pub file: Option<String>,
}

impl<'a> Wanted<'a> {
    /// A quote, in the looks that its row of a list asks for.
    pub fn of_pick(pick: Pick<'a>) -> Self {
        // The row outlives the pick: it belongs to the transcript.
        let row = pick.quote.transcript().turns[pick.quote.turn_index()].request.as_deref();
        let (template, size) = row.map_or((None, None), |r| (r.template.as_deref(), r.size.as_deref()));
        Self { pick, template, size, file: None }
    }
}

/// What will be done.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The cards, and all they need.
    pub batch: Batch<'a>,
    /// Where they go.
    pub target: Target<'a>,
    /// How many more quotes matched than the limit let through.
    pub more: usize,
    /// What was asked, for the manifest.
    pub settings: Settings,
    /// What earlier runs left in the folder.
    pub holdings: &'a Holdings,
    /// See [`Inputs::claim`].
    pub claim: Option<Arc<Claim>>,
    /// What to look at, nothing that stops the run.
    pub warnings: Vec<Diagnostic>,
}

impl<'a> Plan<'a> {
    /// Picks the quotes and plans their cards; `None` where no quote matched.
    ///
    /// # Errors
    ///
    /// All that is wrong, together.
    pub fn new(inputs: &'a Inputs, args: &'a RenderArgs) -> Result<Option<Self>, Vec<Diagnostic>> {
        let SplitDocuments { transcripts, lists } = &inputs.documents;
        let selection = pick(transcripts, lists, &args.pick, inputs.max_chars()).map_err(|e| vec![e])?;
        let wanted: Vec<Wanted<'a>> = selection.picks.into_iter().map(Wanted::of_pick).collect();
        if wanted.is_empty() {
            return Ok(None);
        }
        let mut plan = Self::of_wanted(inputs, wanted, &args.pick, &args.look, &args.out)?;
        plan.more = selection.more;
        Ok(Some(plan))
    }

    /// Plans the cards of quotes that are picked already.
    ///
    /// # Errors
    ///
    /// All that is wrong, together.
    pub fn of_wanted(
        inputs: &'a Inputs,
        wanted: Vec<Wanted<'a>>,
        pick: &PickArgs,
        look: &LookArgs,
        out: &'a OutArgs,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut stages = Stages { inputs, stages: Vec::new(), known: BTreeMap::new() };
        // What the flags ask for must work, also where every row overrides it.
        let mut problems: Vec<Diagnostic> = stages.asked().into_iter().filter_map(Result::err).collect();
        problems.dedup();
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut warnings = repeated_ids(&wanted);
        warnings.extend(highlights_of_no_quote(&inputs.options.highlight, &wanted));
        let jobs = jobs(&mut stages, wanted, inputs.pattern.as_ref(), look.numbering);
        warnings.extend(kit::warnings(&inputs.brand, &inputs.templates.loaded, &stages.stages));
        if !out.force {
            let alt = out.record.alt == Some(AltArg::Files);
            problems.extend(foreign_files(&jobs, alt, out.target(), &inputs.holdings));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut batch = Batch {
            stages: stages.stages,
            jobs,
            brand: &inputs.brand,
            fonts: &inputs.fonts,
            options: &inputs.options,
            compress: match out.compress.unwrap_or_default() {
                CompressArg::Fast => Compress::Fast,
                CompressArg::Small => Compress::Small,
                CompressArg::Max => Compress::Max,
            },
            metadata: match out.record.metadata.unwrap_or_default() {
                MetadataArg::Full => Metadata::Full,
                MetadataArg::Minimal => Metadata::Minimal,
                MetadataArg::None => Metadata::None,
            },
            alt: Alt {
                limit: out.record.alt_limit.unwrap_or(alt::LIMIT),
                files: out.record.alt == Some(AltArg::Files),
            },
        };
        if look.fit == Some(FitArg::Series) {
            batch::share_sizes(&mut batch, out.threads()).map_err(|e| vec![e.diagnostic()])?;
        }
        Ok(Self {
            batch,
            target: out.target(),
            more: 0,
            settings: settings(inputs, pick, look, out),
            holdings: &inputs.holdings,
            claim: inputs.claim.clone(),
            warnings,
        })
    }
}

/// The cards in order: quotes as picked, each in its templates, each of those in its sizes.
fn jobs<'a>(
    stages: &mut Stages<'a>,
    wanted: Vec<Wanted<'a>>,
    pattern: Option<&Pattern>,
    numbering: bool,
) -> Vec<Job<'a>> {
    let built_in = |pattern: &str| pattern.parse::<Pattern>().expect("our own patterns are sound");
    let (default, by_id, by_id_and_look) =
        (built_in(DEFAULT_PATTERN), built_in(ID_PATTERN), built_in(ID_LOOK_PATTERN));
    let count = wanted.len();
    let mut names = Names::default();
    // That of the contact sheet's picture: no card has it.
    names.unique(pullquote::contact::WALL_NAME);
    let mut jobs = Vec::with_capacity(count);
    for (index, wanted) in wanted.into_iter().enumerate() {
        let quote = &wanted.pick.quote;
        let targets = match stages.inputs.refused(quote) {
            Some(refusal) => vec![Err(refusal.clone())],
            None => stages.of(&wanted),
        };
        let has_own_id =
            quote.transcript().is_list && quote.turn().request.as_deref().is_some_and(|r| r.id.is_some());
        let pattern = pattern.unwrap_or(match (has_own_id, targets.len()) {
            (true, 1) => &by_id,
            (true, _) => &by_id_and_look,
            (false, _) => &default,
        });
        let (event, matched, id) = (event_of(&wanted.pick), matched_ranges(&wanted.pick), quote.id());
        let warnings: Vec<Diagnostic> =
            wanted.pick.cautions.iter().map(|c| Diagnostic::warning(CautionRow::from(c).message())).collect();
        let question = question_of(&wanted.pick);
        let series = if numbering { SeriesNumber::new(index + 1, count) } else { None };
        for stage in targets {
            // A card without a template has no picture to name.
            let name = stage.as_ref().ok().map(|&i| {
                let stage: &Stage<'_> = &stages.stages[i];
                pattern.fill(&Fields {
                    date: quote.date().map(ToString::to_string),
                    number: index + 1,
                    count,
                    speaker: &quote.speaker().name,
                    text: quote.text(),
                    template: stage.template.name(),
                    size: &stage.size.name,
                    id: &id,
                    event,
                })
            });
            let parts = stage.as_ref().ok().and_then(|&i| stages.parts(quote, i));
            let uneven = parts.as_deref().and_then(|parts| uneven(quote.text(), parts));
            for index in 0..parts.as_ref().map_or(1, |parts| parts.len()) {
                let file = match (&name, &parts) {
                    (Some(_), None) if wanted.file.is_some() => wanted.file.clone().unwrap_or_default(),
                    (None, _) => String::new(),
                    (Some(name), None) => names.unique(name),
                    (Some(name), Some(_)) => {
                        let stem = name.strip_suffix(".png").unwrap_or(name);
                        names.unique(&format!("{stem}-{}.png", index + 1))
                    }
                };
                jobs.push(Job {
                    photo: stages.photo(quote, &stage),
                    quote: quote.clone(),
                    matched: matched.clone(),
                    warnings: warnings.iter().chain(uneven.iter().filter(|_| index == 0)).cloned().collect(),
                    event,
                    question: question.clone(),
                    stage: stage.clone(),
                    series,
                    type_size: None,
                    part: parts.clone().map(|parts| (index, parts)),
                    file,
                });
            }
        }
    }
    jobs
}

/// A carousel whose cards hold very different amounts of text.
fn uneven(text: &str, ranges: &[Range<usize>]) -> Option<Diagnostic> {
    if parts::is_even(text, ranges) {
        return None;
    }
    let lens: Vec<String> = ranges.iter().map(|range| chars(&text[range.clone()]).to_string()).collect();
    let told = format!("uneven parts: {} characters; the sentences allow no better", lens.join(", "));
    Some(Diagnostic::warning(told).hint("shorten the quote, or keep it on one card with `--carousel never`"))
}

/// Two rows of one id get two names, but whoever looks a card up by its id should know.
fn repeated_ids(wanted: &[Wanted<'_>]) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let own_id = |w: &Wanted<'_>| {
        let quote = &w.pick.quote;
        quote.transcript().turns[quote.turn_index()].request.as_deref().is_some_and(|r| r.id.is_some())
    };
    let ids: Vec<String> = wanted.iter().filter(|w| own_id(w)).map(|w| w.pick.quote.id()).collect();
    for id in &ids {
        *seen.entry(id).or_default() += 1;
    }
    seen.into_iter()
        .filter(|&(_, count)| count > 1)
        .map(|(id, count)| {
            Diagnostic::warning(format!("{count} rows have the id `{id}`"))
                .hint("their files are told apart by a number; give each row an id of its own")
        })
        .collect()
}

/// Words to emphasise that no quote has: a slip of the pen would go unseen until somebody looks at the cards.
fn highlights_of_no_quote(asked: &card::Highlight, wanted: &[Wanted<'_>]) -> Vec<Diagnostic> {
    let card::Highlight::Words(words) = asked else { return Vec::new() };
    let stands_in = |words: &&String| wanted.iter().any(|w| find_words(w.pick.quote.text(), words).is_some());
    let missing = words.iter().filter(|words| !stands_in(words));
    missing
        .map(|words| {
            Diagnostic::warning(format!("`--highlight {words}` is in no quote"))
                .hint("copy the words from a quote, one `--highlight` for each phrase")
        })
        .collect()
}

fn settings(inputs: &Inputs, pick: &PickArgs, look: &LookArgs, out: &OutArgs) -> Settings {
    Settings {
        series: None,
        program: pullquote::PROGRAM.to_owned(),
        query: QuerySettings {
            speakers: pick.speakers.clone(),
            not_speakers: pick.not_speakers.clone(),
            keywords: pick.keywords.clone(),
            regexes: pick.regexes.clone(),
            between: pick.between.as_ref().map(ToString::to_string),
            questions: pick.questions,
            any_passage: pick.any_passage,
            all_keywords: pick.all_keywords,
            min_chars: pick.min_chars,
            max_chars: pick.max_chars,
            limit: pick.limit,
            order: pick.order.map(|order| match order {
                OrderArg::Best => "best".to_owned(),
                OrderArg::Source => "source".to_owned(),
            }),
            turns: pick.turns,
            by: pick.reading.by.clone(),
        },
        templates: inputs
            .asked_templates
            .iter()
            .map(|&i| inputs.templates.loaded[i].name().to_owned())
            .collect(),
        sizes: inputs.sizes.iter().map(|size| size.name.clone()).collect(),
        brand: inputs.brand.name.clone(),
        highlight: if look.highlights.is_empty() { vec!["auto".to_owned()] } else { look.highlights.clone() },
        roles: inputs.options.roles.iter().map(|(name, role)| [name.clone(), role.clone()]).collect(),
        name: out.name.clone(),
    }
}
