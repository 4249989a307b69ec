//! `pullquote demo`: a handful of cards with nothing else on the machine, and what to try next.

use pullquote::select::{Pick, Query, select};

use super::Outcome;
use super::args::{DemoArgs, LookArgs, PickArgs};
use pullquote::transcript::ReadOptions;

use super::documents::Documents;
use super::inputs::Inputs;
use super::plan::{Plan, Wanted};
use super::render::carry_out;
use super::report::Talk;
use super::returned::Returned;

/// An invented press conference in two languages, written for this program.
pub const SAMPLES: [(&str, &str); 2] = [
    ("briefing-en.txt", include_str!("../demo/briefing-en.txt")),
    ("briefing-zh.txt", include_str!("../demo/briefing-zh.txt")),
];

/// The cards: which sample, which template, which size. Each takes the next best quote of its sample.
const CARDS: [(usize, &str, &str); 5] = [
    (0, "broadsheet", "square"),
    (0, "bulletin", "landscape"),
    (0, "shuimo", "portrait"),
    (1, "shuimo", "story"),
    (1, "broadsheet", "square"),
];

/// Lengths that look well on every one of those cards.
const CHARS: (usize, usize) = (60, 180);

const NEXT: &str = "
The words are from an invented press conference that is built in. Now try your own:
  pullquote read briefing.txt                      who said what
  pullquote quotes briefing.txt --keyword energy   the lines worth a card
  pullquote render briefing.txt --keyword energy --template bulletin --size story
More: `pullquote render --help`, `pullquote list templates`";

/// Writes the demo's cards.
pub fn run(args: &DemoArgs, talk: &Talk) -> Outcome {
    let mut documents = Documents::default();
    for (name, text) in SAMPLES {
        documents.add(name, text.as_bytes(), &ReadOptions::default());
    }
    let templates = ["broadsheet", "bulletin", "shuimo"].map(str::to_owned).to_vec();
    let (pick, look) = (PickArgs::default(), LookArgs { templates, ..LookArgs::default() });
    let samples = documents.good.clone();
    let inputs = match Inputs::with_documents(documents, &look, &args.out) {
        Ok(inputs) => inputs,
        Err(problems) => return talk.refuse(&problems),
    };
    let query = Query { min_chars: CHARS.0, max_chars: CHARS.1, ..Query::default() };
    let mut picks: Vec<std::vec::IntoIter<Pick<'_>>> = Vec::new();
    for sample in &samples {
        match select(std::slice::from_ref(sample), &query) {
            Ok(selection) => picks.push(selection.picks.into_iter()),
            Err(error) => return talk.refuse(&[error.diagnostic()]),
        }
    }
    let card = |(sample, template, size): (usize, &'static str, &'static str)| {
        let pick = picks.get_mut(sample)?.next()?;
        Some(Wanted { pick, template: Some(template), size: Some(size), file: None })
    };
    let wanted: Vec<Wanted<'_>> = CARDS.into_iter().filter_map(card).collect();
    let outcome = match Plan::of_wanted(&inputs, wanted, &pick, &look, &args.out) {
        Ok(plan) => carry_out(&plan, &args.out, args.format, &mut Returned::default(), talk),
        Err(problems) => return talk.refuse(&problems),
    };
    talk.note(NEXT);
    outcome
}
