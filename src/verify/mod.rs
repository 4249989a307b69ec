//! Whether words are those of their source: at the place that is recorded, elsewhere, nearly, or not at all.
//!
//! Pure: a [`Claim`] (the words of a card, a manifest's entry, a row of a list) is held against transcripts that the
//! caller has read, [`Sources`], which are indexed once.
//!
//! ```
//! use pullquote::transcript::{ReadOptions, read};
//! use pullquote::verify::{Claim, Sources, Verdict};
//!
//! let text = "Lu Bai:\nWater is life, and water is work.\nWen Ruo:\nThank you.\n";
//! let read = [read("a.txt", text.as_bytes(), &ReadOptions::default())?.output];
//! let sources = Sources::new(&read);
//! let claim = |words| Claim { words, speaker: Some("Lu Bai"), origin: None };
//! assert!(matches!(sources.check(&claim("Water is life …")).verdict, Verdict::Moved { .. }));
//! let Verdict::Changed { diff, .. } = sources.check(&claim("Water is life, and wine is work.")).verdict else { panic!() };
//! assert_eq!(diff.to_string(), "Water is life, and [-wine-] {+water+} is work.");
//! # Ok::<(), pullquote::transcript::ReadError>(())
//! ```
//!
//! **What counts as the same**: white space, the form of quotation marks and what else a card repairs (`words.rs` has it
//! all) make no other words; a comma or a capital does.
//!
//! **Marked edits**: `…`, `...` or `[…]` in the words says that something is left out. What stands between such marks must
//! stand in the source word for word, in order, within one turn. A cut that is not marked is a misquote, also where the
//! record points at both its halves.

mod diff;
mod witness;
mod words;

use std::ops::Range;

pub use diff::{Change, Diff};
pub use witness::Witness;

use crate::transcript::{Origin, Transcript};
use witness::Passage;
use words::Token;

/// Words and what is said of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Claim<'a> {
    /// The words.
    pub words: &'a str,
    /// Whose they are said to be; `None`: it is not asked.
    pub speaker: Option<&'a str>,
    /// Where they are said to stand; `None`: anywhere.
    pub origin: Option<&'a Origin>,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Whether the file that the claim names is at hand.
    pub file: File,
    /// What is found of its words.
    pub verdict: Verdict,
    /// Whose the words are in the source, where they are somebody else's than the claim says. Of changed words this is
    /// told too.
    pub other_speaker: Option<String>,
}

/// The file that a claim names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// At hand, with the recorded digest: not a byte is different.
    Same,
    /// A file of its name is at hand, with other bytes.
    Changed,
    /// Not at hand: all files were looked through.
    Absent,
    /// The claim names none.
    Unnamed,
}

/// What is found of the words of a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// They stand at the recorded place.
    Exact {
        /// Where that is.
        place: Place,
    },
    /// They stand elsewhere, word for word. For a claim without a place: they stand here. In a file that has not changed
    /// ([`File::Same`]) nothing can have moved: then the recorded place is wrong.
    Moved {
        /// Where; of several places the nearest to the recorded one, those of the claim's speaker first.
        place: Place,
    },
    /// Words like them stand here.
    Changed {
        /// Where: the passage as it stands now, for a whole sentence moved out to the ends of its sentence.
        place: Place,
        /// How they differ.
        diff: Diff,
        /// How much of the words is in both, [`ALIKE`] to 1.
        likeness: f32,
    },
    /// No words like them.
    Gone,
}

/// Two passages with less of their words in common than this have nothing to do with each other.
pub const ALIKE: f32 = 0.5;

/// Where words stand now.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Index of the transcript in its [`Sources`].
    pub transcript: usize,
    /// Index of the turn.
    pub turn: usize,
    /// Ranges of the turn's text, in order; more than one where something is left out.
    pub kept: Vec<Range<usize>>,
    /// The words, `…` where something is left out.
    pub text: String,
    /// Who says them.
    pub speaker: String,
    /// The file and the bytes.
    pub origin: Origin,
}

/// Transcripts to hold claims against.
#[derive(Debug)]
pub struct Sources<'t> {
    witnesses: Vec<Witness<'t>>,
}

impl<'t> Sources<'t> {
    /// Indexes transcripts.
    #[must_use]
    pub fn new(transcripts: &'t [Transcript]) -> Self {
        Self { witnesses: transcripts.iter().map(Witness::new).collect() }
    }

    /// What becomes of a claim.
    ///
    /// The named file is asked first: at the recorded place, then anywhere in it; then the other files; then for words
    /// that are nearly those.
    #[must_use]
    pub fn check(&self, claim: &Claim<'_>) -> Finding {
        let (file, own) = self.named(claim.origin);
        let tokens = words::tokens(claim.words);
        let forms = Form::of(&tokens);
        let finding = |verdict: Verdict, at: Option<(usize, usize)>| Finding {
            file,
            verdict,
            other_speaker: at.and_then(|(transcript, turn)| {
                let witness = &self.witnesses[transcript];
                let name = claim.speaker.filter(|name| !witness.is_speaker(turn, name));
                name.map(|_| {
                    witness.transcript().people[witness.transcript().turns[turn].speaker].name.clone()
                })
            }),
        };
        let at = |place: &Place| Some((place.transcript, place.turn));
        if let (Some(own), Some(origin)) = (own, claim.origin)
            && let Some(passage) = self.at_its_place(own, origin, &forms)
        {
            let place = self.place(own, &passage);
            let whose = at(&place);
            return finding(Verdict::Exact { place }, whose);
        }
        // The named file before the others.
        let order = || own.into_iter().chain((0..self.witnesses.len()).filter(move |&i| Some(i) != own));
        let recorded = claim.origin.map_or(0, |origin| origin.start);
        for (form, i) in forms.iter().flat_map(|form| order().map(move |i| (form, i))) {
            let witness = &self.witnesses[i];
            let runs: Vec<_> = form.runs.iter().map(|run| witness.number(run)).collect();
            let places = witness.find(&runs).into_iter().map(|passage| self.place(i, &passage));
            let far = |place: &Place| {
                let other = claim.speaker.is_some_and(|name| !witness.is_speaker(place.turn, name));
                (other, place.origin.start.abs_diff(recorded))
            };
            if let Some(place) = places.min_by_key(far) {
                let whose = at(&place);
                return finding(Verdict::Moved { place }, whose);
            }
        }
        let Some(form) = forms.last() else { return finding(Verdict::Gone, None) };
        let near = order().filter_map(|i| Some((i, self.witnesses[i].nearest(&form.runs)?)));
        let near = near.reduce(|a, b| if b.1.1 > a.1.1 { b } else { a });
        match near {
            Some((i, (mut passage, likeness))) if likeness >= ALIKE => {
                self.witnesses[i].to_sentences(&mut passage, &tokens);
                let place = self.place(i, &passage);
                let diff = self.diff(claim.words, form, &place);
                let whose = at(&place);
                finding(Verdict::Changed { place, diff, likeness }, whose)
            }
            _ => finding(Verdict::Gone, None),
        }
    }

    /// The file that a claim names, and the transcript that it is in.
    fn named(&self, origin: Option<&Origin>) -> (File, Option<usize>) {
        let Some(origin) = origin else { return (File::Unnamed, None) };
        let by = |has: &dyn Fn(&Witness<'_>) -> bool| self.witnesses.iter().position(has);
        if let Some(i) = by(&|w| w.file_of_digest(&origin.sha256).is_some()) {
            return (File::Same, Some(i));
        }
        // The whole name before its last part.
        let is_it = |w: &Witness<'_>| w.file_of_name(&origin.file).is_some();
        let whole = |w: &Witness<'_>| w.transcript().source.name == origin.file;
        match by(&whole).or_else(|| by(&is_it)) {
            Some(i) => (File::Changed, Some(i)),
            None => (File::Absent, None),
        }
    }

    /// The passage at the recorded place, if it is that of the claim.
    fn at_its_place(&self, i: usize, origin: &Origin, forms: &[Form<'_>]) -> Option<Passage> {
        let witness = &self.witnesses[i];
        let passage = witness.at(origin)?;
        let (first, last) = (passage.kept.first()?, passage.kept.last()?);
        let whole = witness.tokens_in(passage.turn, &(first.start..last.end));
        // A place that cuts a word is not the place of it.
        let inside = |text: Range<usize>| first.start <= text.start && text.end <= last.end;
        if whole.is_empty() || !inside(witness.text_of(whole.clone())) {
            return None;
        }
        let kept: Vec<u32> = passage
            .kept
            .iter()
            .flat_map(|range| witness.numbers(witness.tokens_in(passage.turn, range)))
            .copied()
            .collect();
        for form in forms {
            let runs: Option<Vec<Vec<u32>>> =
                form.runs.iter().map(|run| witness.number(run).into_iter().collect()).collect();
            let Some(runs) = runs else { continue };
            if let [only] = &runs[..] {
                // In one piece: whatever lies between the recorded runs is then no word of the turn.
                if witness.numbers(whole.clone()) == only {
                    return Some(Passage { turn: passage.turn, kept: vec![witness.text_of(whole)] });
                }
                continue;
            }
            // With marked cuts: each of its own runs stands there in one piece, the first at the beginning, the last at
            // the end…
            let mut from = whole.start;
            let stand = runs.iter().all(|run| {
                let rest = witness.numbers(from..whole.end);
                let at = rest.windows(run.len()).position(|w| w == run);
                from += at.unwrap_or_default() + run.len();
                at.is_some()
            });
            let end_there = || {
                let numbers = witness.numbers(whole.clone());
                numbers.starts_with(&runs[0]) && numbers.ends_with(&runs[runs.len() - 1])
            };
            // …and the recorded runs are those words, where the record tells them.
            let recorded = || if origin.spans.is_empty() { end_there() } else { kept == runs.concat() };
            if stand && recorded() {
                return Some(passage);
            }
        }
        None
    }

    fn place(&self, i: usize, passage: &Passage) -> Place {
        let transcript = self.witnesses[i].transcript();
        let turn = &transcript.turns[passage.turn];
        let (mut text, mut end) = (String::new(), None);
        for range in &passage.kept {
            let between = end.map(|end: usize| turn.text.get(end..range.start).unwrap_or_default());
            match between {
                Some(blank) if blank.trim().is_empty() => text.push_str(blank),
                Some(_) => text.push_str(" … "),
                None => {}
            }
            text.push_str(&turn.text[range.clone()]);
            end = Some(range.end);
        }
        Place {
            transcript: i,
            turn: passage.turn,
            kept: passage.kept.clone(),
            text,
            speaker: transcript.people[turn.speaker].name.clone(),
            origin: transcript.place_of_all(turn, &passage.kept),
        }
    }

    /// How the words of a claim differ from those of a passage, run by run where both have as many.
    fn diff(&self, claimed: &str, form: &Form<'_>, place: &Place) -> Diff {
        let text = &self.witnesses[place.transcript].transcript().turns[place.turn].text;
        let words = |run: &[Token]| match run {
            [first, .., last] => &claimed[first.bytes.start..last.bytes.end],
            [only] => &claimed[only.bytes.clone()],
            [] => "",
        };
        if form.runs.len() == 1 || place.kept.len() != form.runs.len() {
            return Diff::new(claimed, &place.text);
        }
        let mut diff = Diff::default();
        for (run, range) in form.runs.iter().zip(&place.kept) {
            diff.and(Diff::new(words(run), &text[range.clone()]));
        }
        diff
    }
}

/// A way to take the words of a claim: in one piece, or in runs between marks that something is left out.
struct Form<'a> {
    runs: Vec<&'a [Token]>,
}

impl<'a> Form<'a> {
    /// The ways to take a text, the strictest first: as it is, without quotation marks round it all, with its cuts. None
    /// where it has no word.
    fn of(tokens: &'a [Token]) -> Vec<Self> {
        if !tokens.iter().any(|token| token.is_word) {
            return Vec::new();
        }
        let inner = words::without_outer_marks(tokens);
        let mut forms: Vec<Self> =
            std::iter::once(tokens).chain(inner).map(|tokens| Self { runs: vec![tokens] }).collect();
        for tokens in std::iter::once(tokens).chain(inner) {
            let runs = words::runs_between_gaps(tokens);
            if runs.len() > 1 || runs.first().is_some_and(|run| run.len() < tokens.len()) {
                forms.push(Self { runs: runs.into_iter().map(|run| &tokens[run]).collect() });
            }
        }
        forms
    }
}

#[cfg(test)]
mod tests;
