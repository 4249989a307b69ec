//! A transcript, indexed once for any number of claims.

use std::collections::HashMap;
use std::ops::Range;

use super::words::{self, Token, tokens};
use crate::select::Roll;
use crate::transcript::{Origin, Transcript};

/// A transcript and where each of its words stands.
#[derive(Debug)]
pub struct Witness<'t> {
    transcript: &'t Transcript,
    /// A number for each different token.
    ids: HashMap<String, u32>,
    /// The tokens of all turns, one after the other.
    tokens: Vec<u32>,
    /// Their bytes in their turn's text.
    bytes: Vec<(u32, u32)>,
    /// Words, not marks.
    is_word: Vec<bool>,
    /// The first token of each turn, and their number.
    turns: Vec<usize>,
    /// For each id where it begins in `places`, and their number.
    starts: Vec<usize>,
    /// The tokens by id.
    places: Vec<u32>,
    /// Runs of the files and the runs of turns made of them, by file and place.
    pieces: Vec<Piece>,
    roll: Roll,
}

#[derive(Debug)]
struct Piece {
    file: usize,
    source: Range<usize>,
    turn: usize,
    text: Range<usize>,
}

/// Tokens of a witness that are in one turn: a run, or several where something between them is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Passage {
    pub turn: usize,
    /// Ranges of the turn's text.
    pub kept: Vec<Range<usize>>,
}

/// No card holds as many tokens; a record that somebody made up may.
const LONGEST: usize = 2000;

/// The tokens of a claim as a witness numbers them; `None` for one that it has not.
pub(super) type Numbered = Vec<Option<u32>>;

impl<'t> Witness<'t> {
    /// Indexes a transcript.
    #[must_use]
    pub fn new(transcript: &'t Transcript) -> Self {
        let mut ids: HashMap<String, u32> = HashMap::new();
        let (mut numbers, mut bytes, mut is_word, mut turns) = (Vec::new(), Vec::new(), Vec::new(), vec![0]);
        for turn in &transcript.turns {
            for token in tokens(&turn.text) {
                let next = ids.len() as u32; // a token is a byte at least, and offsets are u32 too
                numbers.push(*ids.entry(token.key).or_insert(next));
                bytes.push((token.bytes.start as u32, token.bytes.end as u32));
                is_word.push(token.is_word);
            }
            turns.push(numbers.len());
        }
        let mut starts = vec![0; ids.len() + 1];
        numbers.iter().for_each(|&id| starts[id as usize + 1] += 1);
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let (mut next, mut places) = (starts.clone(), vec![0; numbers.len()]);
        for (at, &id) in numbers.iter().enumerate() {
            places[next[id as usize]] = at as u32;
            next[id as usize] += 1;
        }
        Self {
            pieces: pieces(transcript),
            roll: Roll::of(transcript),
            transcript,
            ids,
            tokens: numbers,
            bytes,
            is_word,
            turns,
            starts,
            places,
        }
    }

    /// The transcript.
    #[must_use]
    pub fn transcript(&self) -> &'t Transcript {
        self.transcript
    }

    /// Whether the speaker of a turn is the one of this name: the same name, or a part of it, or one that the document
    /// uses too, as `--speaker` takes it.
    pub(super) fn is_speaker(&self, turn: usize, name: &str) -> bool {
        let person = self.transcript.turns[turn].speaker;
        self.transcript.people[person].name == name || self.roll.whom(name).contains(&person)
    }

    /// Tokens by their numbers.
    pub(super) fn number(&self, tokens: &[Token]) -> Numbered {
        tokens.iter().map(|token| self.ids.get(token.key.as_str()).copied()).collect()
    }

    /// The file of this digest: 0 the first, then the further pages.
    pub(super) fn file_of_digest(&self, sha256: &str) -> Option<usize> {
        self.files().position(|file| file.sha256 == sha256)
    }

    /// The file of this name, whatever folder it is in.
    pub(super) fn file_of_name(&self, name: &str) -> Option<usize> {
        let base = |name: &str| name.rsplit(['/', '\\']).next().map(str::to_owned);
        self.files().position(|file| file.name == name).or_else(|| {
            let base_name = base(name);
            self.files().position(|file| base(&file.name) == base_name)
        })
    }

    fn files(&self) -> impl Iterator<Item = &'t crate::transcript::SourceFile> {
        std::iter::once(&self.transcript.source).chain(&self.transcript.pages)
    }

    /// The text at a recorded place: each of its runs as a range of one turn's text. `None` where no words of one turn
    /// stand there.
    pub(super) fn at(&self, origin: &Origin) -> Option<Passage> {
        let mut passage: Option<Passage> = None;
        let mut next = Some(origin);
        while let Some(origin) = next {
            let file = self.file_of_digest(&origin.sha256).or_else(|| self.file_of_name(&origin.file))?;
            for [start, end] in origin.runs() {
                let (turn, range) = self.text_at(file, start..end)?;
                let passage = passage.get_or_insert_with(|| Passage { turn, kept: Vec::new() });
                if passage.turn != turn || passage.kept.last().is_some_and(|last| last.end > range.start) {
                    return None;
                }
                passage.kept.push(range);
            }
            next = origin.then.as_deref();
        }
        passage
    }

    /// The text made of a run of a file.
    fn text_at(&self, file: usize, run: Range<usize>) -> Option<(usize, Range<usize>)> {
        let first = self.pieces.partition_point(|p| (p.file, p.source.end) <= (file, run.start));
        let met = |p: &&Piece| p.file == file && p.source.start < run.end;
        let mut found: Option<(usize, Range<usize>)> = None;
        for piece in self.pieces[first..].iter().take_while(met) {
            let same = piece.source.len() == piece.text.len();
            let inside = |at: usize| piece.text.start + at.saturating_sub(piece.source.start);
            let start = if same { inside(run.start) } else { piece.text.start };
            let end = if same { inside(run.end).min(piece.text.end) } else { piece.text.end };
            match &mut found {
                None => found = Some((piece.turn, start..end)),
                Some((turn, range)) if *turn == piece.turn => range.end = range.end.max(end),
                Some(_) => return None,
            }
        }
        found.filter(|(turn, range)| self.transcript.turns[*turn].text.get(range.clone()).is_some())
    }

    /// The tokens of a turn that lie in a range of its text.
    pub(super) fn tokens_in(&self, turn: usize, range: &Range<usize>) -> Range<usize> {
        let (from, to) = (self.turns[turn], self.turns[turn + 1]);
        let bytes = &self.bytes[from..to];
        let first = from + bytes.partition_point(|b| (b.1 as usize) <= range.start);
        let last = from + bytes.partition_point(|b| (b.0 as usize) < range.end);
        first..last.max(first)
    }

    /// The numbers of a range of tokens.
    pub(super) fn numbers(&self, range: Range<usize>) -> &[u32] {
        &self.tokens[range]
    }

    /// Every passage that has these runs in order within one turn, with the first of each as early as it can be. A
    /// single run gives each place where it stands.
    pub(super) fn find(&self, runs: &[Numbered]) -> Vec<Passage> {
        let Some(runs) =
            runs.iter().map(|run| run.iter().copied().collect()).collect::<Option<Vec<Vec<u32>>>>()
        else {
            return Vec::new();
        };
        let Some((first, rest)) = runs.split_first() else { return Vec::new() };
        let mut found = Vec::new();
        for at in self.places_of(first) {
            let turn = self.turn_of(at);
            let end = self.turns[turn + 1];
            let mut kept = Vec::with_capacity(runs.len());
            kept.push(at..at + first.len());
            let mut from = at + first.len();
            for run in rest {
                let Some(n) = self.tokens[from..end].windows(run.len()).position(|w| w == run) else { break };
                kept.push(from + n..from + n + run.len());
                from += n + run.len();
            }
            if kept.len() == runs.len() {
                found.push(Passage { turn, kept: kept.into_iter().map(|run| self.text_of(run)).collect() });
            }
        }
        found
    }

    /// Where a run stands within one turn, by its rarest token.
    fn places_of<'a>(&'a self, run: &'a [u32]) -> impl Iterator<Item = usize> + 'a {
        let of = |id: u32| self.starts[id as usize]..self.starts[id as usize + 1];
        let rarest = (0..run.len()).min_by_key(|&i| of(run[i]).len());
        rarest.into_iter().flat_map(move |i| {
            self.places[of(run[i])].iter().filter_map(move |&place| {
                let at = (place as usize).checked_sub(i)?;
                let whole = self.tokens.get(at..at + run.len())? == run;
                (whole && at + run.len() <= self.turns[self.turn_of(at) + 1]).then_some(at)
            })
        })
    }

    fn turn_of(&self, token: usize) -> usize {
        self.turns.partition_point(|&start| start <= token) - 1
    }

    /// Tokens as a range of their turn's text.
    pub(super) fn text_of(&self, range: Range<usize>) -> Range<usize> {
        self.bytes[range.start].0 as usize..self.bytes[range.end - 1].1 as usize
    }

    /// The passage that is most like these runs, and how like it is: the share of the words of both that are in both,
    /// 0 to 1. What lies between two runs does not count. `None` where nothing is in both.
    ///
    /// A claim of more than [`LONGEST`] tokens is like nothing: what is set against each other takes room by the square.
    pub(super) fn nearest(&self, runs: &[&[Token]]) -> Option<(Passage, f32)> {
        if runs.iter().map(|run| run.len()).sum::<usize>() > LONGEST {
            return None;
        }
        let claim: Vec<&Token> = runs.iter().flat_map(|run| run.iter()).collect();
        let numbers: Numbered = claim.iter().map(|token| self.ids.get(token.key.as_str()).copied()).collect();
        let mut ends = Vec::new();
        for run in runs {
            ends.push(ends.last().unwrap_or(&0) + run.len());
        }
        let best = self.windows(&claim, &numbers, runs.len() > 1).into_iter().filter_map(|window| {
            let (ranges, like) = self.align(&claim, &numbers, &ends, window.clone())?;
            Some((window.start, ranges, like))
        });
        // The first of equals.
        let best = best.reduce(|a, b| if b.2 > a.2 { b } else { a });
        let (at, ranges, like) = best?;
        let turn = self.turn_of(at);
        Some((Passage { turn, kept: ranges.into_iter().map(|range| self.text_of(range)).collect() }, like))
    }

    /// Stretches of turns in which the rarer words of a claim stand about as far apart as in it.
    fn windows(&self, claim: &[&Token], numbers: &Numbered, gaps: bool) -> Vec<Range<usize>> {
        /// The rarest words are enough to find the place…
        const WORDS: usize = 24;
        /// …and one that stands in so many tells nothing.
        const COMMON: usize = 4096;
        /// As many are looked at closely.
        const WINDOWS: usize = 3;
        let count = |id: u32| self.starts[id as usize + 1] - self.starts[id as usize];
        let mut asked: Vec<(usize, u32)> = numbers
            .iter()
            .enumerate()
            .filter(|&(i, _)| claim[i].is_word)
            .filter_map(|(i, id)| Some((i, (*id)?)))
            .filter(|&(_, id)| count(id) <= COMMON)
            .collect();
        asked.sort_by_key(|&(i, id)| (count(id), i));
        asked.truncate(WORDS);
        let reach = claim.len() / 2 + 4;
        let mut votes: HashMap<(usize, usize), f32> = HashMap::new();
        for (i, id) in asked {
            let weight = (1.0 + self.tokens.len() as f32 / count(id) as f32).ln();
            for &place in &self.places[self.starts[id as usize]..self.starts[id as usize + 1]] {
                let place = place as usize;
                let turn = self.turn_of(place);
                let cell = place.saturating_sub(i).max(self.turns[turn]) / reach;
                *votes.entry((turn, cell)).or_default() += weight;
            }
        }
        let near = |&(turn, cell): &(usize, usize)| {
            votes[&(turn, cell)] + votes.get(&(turn, cell + 1)).copied().unwrap_or_default()
        };
        let mut cells: Vec<(usize, usize)> = votes.keys().copied().collect();
        cells.sort_unstable();
        cells.sort_by(|a, b| near(b).total_cmp(&near(a)));
        // What is left out between two runs may be long.
        let around = if gaps { 8 * reach + 200 } else { reach };
        let window = |(turn, cell): (usize, usize)| {
            let from = (cell * reach).saturating_sub(around).max(self.turns[turn]);
            let to = ((cell + 2) * reach + claim.len() + around).min(self.turns[turn + 1]);
            from..to
        };
        cells.into_iter().take(WINDOWS).map(window).filter(|window| !window.is_empty()).collect()
    }

    /// Sets a claim against a stretch of tokens so that as many as can be are the same: for each of its runs, which end
    /// at `ends`, the tokens that stand for it, and how like all is.
    fn align(
        &self,
        claim: &[&Token],
        numbers: &Numbered,
        ends: &[usize],
        window: Range<usize>,
    ) -> Option<(Vec<Range<usize>>, f32)> {
        /// Of the last step: both go on, the claim alone, the window alone.
        const BOTH: u8 = 0;
        const CLAIM: u8 = 1;
        const WINDOW: u8 = 2;
        let passage = &self.tokens[window.clone()];
        let (n, m) = (claim.len(), passage.len());
        let mut steps = vec![BOTH; (n + 1) * (m + 1)];
        // Before its first word and after its last the window costs nothing, nor where something is left out.
        let mut above = vec![0i32; m + 1];
        steps[1..=m].fill(WINDOW);
        for i in 1..=n {
            let mut row = vec![above[0] - 1; m + 1];
            steps[i * (m + 1)] = CLAIM;
            let free = ends.contains(&i);
            for j in 1..=m {
                let same = numbers[i - 1] == Some(passage[j - 1]);
                let options = [
                    (above[j - 1] + if same { 2 } else { -1 }, BOTH),
                    (above[j] - 1, CLAIM),
                    (row[j - 1] - i32::from(!free), WINDOW),
                ];
                // Of equals the first.
                let (score, step) = options.into_iter().reduce(|a, b| if b.0 > a.0 { b } else { a })?;
                row[j] = score;
                steps[i * (m + 1) + j] = step;
            }
            above = row;
        }
        let (mut i, mut j) = (n, m);
        let mut run = ends.len() - 1;
        let mut ranges: Vec<Option<Range<usize>>> = vec![None; ends.len()];
        let mut common = 0;
        while i > 0 {
            while run > 0 && i <= ends[run - 1] {
                run -= 1;
            }
            match steps[i * (m + 1) + j] {
                BOTH => {
                    common += usize::from(claim[i - 1].is_word && numbers[i - 1] == Some(passage[j - 1]));
                    let end = ranges[run].as_ref().map_or(j, |r| r.end);
                    ranges[run] = Some(j - 1..end);
                    (i, j) = (i - 1, j - 1);
                }
                CLAIM => i -= 1,
                _ => j -= 1,
            }
        }
        let ranges: Vec<Range<usize>> =
            ranges.into_iter().flatten().map(|r| window.start + r.start..window.start + r.end).collect();
        if common == 0 || ranges.is_empty() {
            return None;
        }
        let words = |range: Range<usize>| range.filter(|&at| self.is_word[at]).count();
        let there: usize = ranges.iter().cloned().map(words).sum();
        let here = claim.iter().filter(|token| token.is_word).count();
        Some((ranges, 2.0 * common as f32 / (here + there) as f32))
    }

    /// The passage with its ends moved out to those of its sentences, where the claim is whole at that end and not much
    /// is added: what was put before or after its words in a sentence belongs to the change.
    pub(super) fn to_sentences(&self, passage: &mut Passage, claim: &[Token]) {
        /// In bytes; more is another thought.
        const MUCH: usize = 120;
        let text = &self.transcript.turns[passage.turn].text;
        let sentences = crate::select::sentences(text);
        let (Some(first), Some(last)) = (claim.first(), claim.last()) else { return };
        if let Some(range) = passage.kept.first_mut()
            && first.key != words::ELLIPSIS
            && first.key.starts_with(|c: char| c.is_uppercase() || crate::select::is_unspaced(c))
            && let Some(sentence) = sentences.iter().find(|s| s.contains(&range.start))
            && range.start - sentence.start <= MUCH
        {
            range.start = sentence.start;
        }
        if let Some(range) = passage.kept.last_mut()
            && matches!(last.key.as_str(), "." | "!" | "?" | "。" | "！" | "？" | words::QUOTE_MARK)
            && let Some(sentence) = sentences.iter().find(|s| s.contains(&(range.end - 1)))
            && sentence.end - range.end <= MUCH
        {
            range.end = sentence.end;
        }
    }
}

/// The way from the files to the turns.
fn pieces(transcript: &Transcript) -> Vec<Piece> {
    let mut all = Vec::new();
    for (turn, words) in transcript.turns.iter().enumerate() {
        for piece in words.map.pieces() {
            let file = words.map.files(piece.text.clone())[0].0;
            all.push(Piece { file, source: piece.source.clone(), turn, text: piece.text.clone() });
        }
    }
    all.sort_by_key(|p| (p.file, p.source.start, p.source.end));
    all
}
