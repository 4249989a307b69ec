//! Where a quote may break, and what a measure makes of it.
//!
//! Breaks are the opportunities of Unicode (UAX 14) in Latin text and the ends of dictionary words in Chinese,
//! less what the design ties together: a short last word, a number and its unit, words joined by hyphens, a
//! short keyword, phrases that an editor named; in Chinese also closing marks and particles with the word
//! before, opening marks with the word after (W3C clreq 3.1.3, line-start and line-end prohibition).
//!
//! Between two breaks stands a *unit*. Its width is known in em, so lines at any size and measure are sums.

use std::ops::Range;
use std::sync::LazyLock;

use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness, WordBreakInvariantOptions};
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed, WordSegmenter, WordSegmenterBorrowed};

use super::item::LineEnd;
use super::prepare::{SetChar, Style};
use super::shape::{SetGlyph, is_fullwidth_closing};
use crate::lang::{Lang, is_hanzi};

/// Text that no measure splits, and the blank after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Its glyphs, the blank at its end excluded.
    pub ink: Range<usize>,
    /// The blank's glyphs.
    pub blank: Range<usize>,
    /// Width of `ink` in em, without tracking and without the seam at its end.
    width: f32,
    /// The seam at its end and the blank, in em: what it takes where a line goes on.
    after: f32,
    /// How a line ends behind it.
    pub end: LineEnd,
    /// It ends a clause: its last character is a mark at which a reader pauses.
    clause: bool,
    /// It is an article or a preposition, and would rather not end a line.
    leans: bool,
}

impl Unit {
    /// Width at a size, px.
    fn px(&self, size: f32, tracking: f32) -> f32 {
        size * (self.width + tracking * count(self.ink.len()))
    }

    /// What it takes more where a line goes on, px.
    fn after_px(&self, size: f32, tracking: f32) -> f32 {
        size * (self.after + tracking * count(self.blank.len()))
    }
}

#[allow(clippy::cast_precision_loss, reason = "a quote has a few hundred glyphs")]
fn count(n: usize) -> f32 {
    n as f32
}

/// What is tied together beside the rules of the language.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ties<'a> {
    /// Phrases that no line break may split, by an editor who has looked at this very text.
    pub phrases: &'a [String],
    /// Phrases that no line break may split in any text.
    pub house: &'a [String],
    /// The longest keyword that stays on one line, in characters.
    pub keyword: usize,
    /// A small text: breaks at every blank, only Chinese keeps its rules.
    pub small: bool,
}

fn line_segmenter() -> &'static LineSegmenterBorrowed<'static> {
    static SEGMENTER: LazyLock<LineSegmenterBorrowed<'static>> = LazyLock::new(|| {
        let mut options = LineBreakOptions::default();
        options.strictness = Some(LineBreakStrictness::Strict);
        LineSegmenter::new_for_non_complex_scripts(options)
    });
    &SEGMENTER
}

fn word_segmenter() -> &'static WordSegmenterBorrowed<'static> {
    static SEGMENTER: LazyLock<WordSegmenterBorrowed<'static>> =
        LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));
    &SEGMENTER
}

/// `true` at index `i`: a line may break before character `i`.
fn breaks(set: &[SetChar], lang: Lang, ties: Ties<'_>) -> Vec<bool> {
    let text: String = set.iter().map(|s| s.c).collect();
    let mut starts = Vec::with_capacity(set.len() + 1);
    let mut at = 0;
    for s in set {
        starts.push(at);
        at += s.c.len_utf8();
    }
    let index = |byte: usize| starts.partition_point(|&s| s < byte);
    let mut allowed = vec![false; set.len() + 1];
    match lang {
        Lang::En => {
            for byte in line_segmenter().segment_str(&text) {
                allowed[index(byte)] = true;
            }
            if !ties.small {
                untie_latin(set, &mut allowed);
            }
        }
        Lang::Zh => {
            for byte in word_segmenter().segment_str(&text) {
                allowed[index(byte)] = true;
            }
            // Where an editor has named phrases, the breaks are the editor's.
            untie_chinese(set, &mut allowed, ties.phrases.is_empty());
            for unit in UNITS {
                for (byte, found) in text.match_indices(unit) {
                    allowed[index(byte) + 1..index(byte + found.len())].fill(false);
                }
            }
        }
    }
    for phrase in ties.phrases.iter().chain(ties.house) {
        hold_together(set, phrase, &mut allowed);
    }
    let mut i = 0;
    while i < set.len() {
        let from = i;
        while i < set.len() && set[i].style == Style::Keyword {
            i += 1;
        }
        if i > from && i - from <= ties.keyword {
            allowed[from + 1..i].fill(false);
        } else if let Some(word) = set[from..i].iter().position(|s| s.c == ' ')
            && word <= SHORT_FIRST_WORD
        {
            // No `the` emphasised alone at a line's end.
            allowed[from + word + 1] = false;
        }
        i = i.max(from + 1);
    }
    allowed[0] = false;
    allowed[set.len()] = true;
    allowed
}

/// Forbids every break inside a phrase, wherever the text has it; quote marks count as typed or as set.
fn hold_together(set: &[SetChar], phrase: &str, allowed: &mut [bool]) {
    let as_typed = |c: char| match c {
        '‘' | '’' | '“' | '”' | '"' => '\'',
        c => c,
    };
    let length = phrase.chars().count();
    for (from, window) in set.windows(length.max(1)).enumerate() {
        if window.iter().map(|s| as_typed(s.c)).eq(phrase.chars().map(as_typed)) {
            allowed[from + 1..from + length].fill(false);
        }
    }
}

/// Units of measure that the dictionary takes for two words.
const UNITS: [&str; 14] = [
    "微克",
    "毫克",
    "千克",
    "微米",
    "毫米",
    "厘米",
    "平方米",
    "立方米",
    "公顷",
    "千瓦时",
    "亿元",
    "万元",
    "百分点",
    "摄氏度",
];

/// A final word of so many characters, punctuation counted, is tied to the one before.
const SHORT_LAST_WORD: usize = 5;

/// A keyword's first word of so many characters stays with its second.
const SHORT_FIRST_WORD: usize = 3;

fn untie_latin(set: &[SetChar], allowed: &mut [bool]) {
    let c = |i: usize| set[i].c;
    for i in 1..set.len() {
        // A number and what follows: "37 micrograms", "15 May".
        let number = i >= 2 && c(i - 1) == ' ' && c(i - 2).is_ascii_digit();
        // Words joined by a hyphen: high-quality, 5-year-old.
        let compound = i >= 2
            && matches!(c(i - 1), '-' | '\u{2010}')
            && c(i - 2).is_alphanumeric()
            && c(i).is_alphanumeric();
        // A dash without blanks stays with the word before it.
        let dash = matches!(c(i), '—' | '–');
        // The card's own marks never part from their words.
        let mark = set[i].style == Style::Mark || set[i - 1].style == Style::Mark;
        if number || compound || dash || mark {
            allowed[i] = false;
        }
    }
    let last = set.iter().rposition(|s| s.style != Style::Mark).map_or(0, |i| i + 1);
    if let Some(blank) = set[..last].iter().rposition(|s| s.c == ' ') {
        let word = last - blank - 1;
        if (1..=SHORT_LAST_WORD).contains(&word) {
            allowed[blank + 1] = false;
        }
    }
}

fn untie_chinese(set: &[SetChar], allowed: &mut [bool], units_too: bool) {
    hold_fragments(set, allowed);
    for i in 1..set.len() {
        let (before, c) = (set[i - 1].c, set[i].c);
        let latin = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '%');
        let particle = matches!(c, '的' | '了' | '率' | '对' | '是' | '已')
            && !ends_clause(before)
            && allowed.get(i + 1).copied().unwrap_or(true);
        let mark = set[i].style == Style::Mark || set[i - 1].style == Style::Mark;
        let one_run = (latin(before) && latin(c)) || (matches!(c, '—' | '…') && before == c);
        // A word of one hanzi that only points to the next (每立方米, 第三, 不看) leads it.
        let leads =
            matches!(before, '每' | '第' | '不' | '约' | '近' | '各' | '这' | '那' | '把' | '被' | '超')
                && allowed[i - 1];
        // A number in hanzi and what it counts: 一次, 一百年.
        let counted =
            is_numeral(before) && is_hanzi(c) && (allowed[i - 1] || i >= 2 && is_numeral(set[i - 2].c));
        // A figure and the unit behind it: 86公里.
        let unit = units_too && (before.is_ascii_digit() || before == '%') && is_hanzi(c);
        // Wi-Fi, 5-year: a compound in Latin letters.
        let compound = c == '-' && latin(before) || before == '-' && latin(c);
        // A unit with a stroke in it: 微克/立方米.
        let stroke = c == '/' || before == '/';
        if mark
            || particle
            || leads
            || counted
            || unit
            || one_run
            || compound
            || stroke
            || never_starts(c)
            || never_ends(before)
            || c == ' '
        {
            allowed[i] = false;
        }
    }
}

/// The dictionary cuts words that it does not know into single hanzi: 达|标, 往后|退, 十年|间. What stands alone and is
/// no word of its own goes with its neighbour: two such in a row are taken for one word, and a suffix or a place word
/// belongs to what is before it.
fn hold_fragments(set: &[SetChar], allowed: &mut [bool]) {
    /// Words of one hanzi: particles, pronouns, prepositions, conjunctions, adverbs, and verbs of every sentence.
    const WORDS: &str = "的了着过得地是在和与及或并而但也都就才又还再很更最太不没未无把被让给对从向到往自以为因由将要会能可应该\
        我你您他她它谁这那哪各每某有来去说看做用个只条位座家所些多少大小新老好一二三四五六七八九十百千万亿两半几";
    /// Never a word of its own where it ends one: suffixes and place words.
    const SUFFIXES: &str = "们间里内外时性化者度率后前中上下边处";
    let single =
        |i: usize| is_hanzi(set[i].c) && allowed[i] | (i == 0) && allowed.get(i + 1).copied().unwrap_or(true);
    let alone: Vec<bool> = (0..set.len()).map(single).collect();
    for i in 1..set.len() {
        let (before, c) = (set[i - 1].c, set[i].c);
        let fragment = |at: usize| alone[at] && !WORDS.contains(set[at].c);
        let word = (i < 2 || allowed[i - 1]) && fragment(i - 1) && fragment(i);
        let suffix = alone[i] && SUFFIXES.contains(c) && is_hanzi(before) && !WORDS.contains(before);
        if word || suffix {
            allowed[i] = false;
        }
    }
}

/// A hanzi that counts.
fn is_numeral(c: char) -> bool {
    matches!(
        c,
        '一' | '二'
            | '两'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
            | '万'
            | '几'
    )
}

/// Marks at which a reader of Chinese pauses.
fn ends_clause(c: char) -> bool {
    // Half-width ones too: some sources type them.
    matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？' | '…' | '—' | ',' | ';' | ':' | '!' | '?')
}

/// Marks that start no line (clreq, basic level, and what belongs to them).
fn never_starts(c: char) -> bool {
    is_fullwidth_closing(c)
        || matches!(
            c,
            '！' | '？'
                | '”'
                | '’'
                | '…'
                | '—'
                | '·'
                | '‧'
                | '々'
                | 'ー'
                | '／'
                | '～'
                | '％'
                | '‰'
                | '℃'
                | '%'
                | ')'
                | ']'
                | ','
                | '.'
                | ';'
                | ':'
                | '!'
                | '?'
        )
}

/// Marks that end no line.
fn never_ends(c: char) -> bool {
    matches!(
        c,
        '（' | '《'
            | '「'
            | '『'
            | '【'
            | '〈'
            | '〔'
            | '［'
            | '｛'
            | '〖'
            | '〘'
            | '“'
            | '‘'
            | '('
            | '['
            | '￥'
            | '¥'
            | '＄'
            | '$'
            | '£'
            | '€'
            | '№'
            | '#'
    )
}

/// Cuts shaped text into units.
pub fn units(set: &[SetChar], glyphs: &[SetGlyph], lang: Lang, ties: Ties<'_>) -> Vec<Unit> {
    let allowed = breaks(set, lang, ties);
    let cut = |i: usize| !glyphs[i].chars.is_empty() && allowed[glyphs[i].chars.start];
    cut_before(cut, 0..glyphs.len(), set, glyphs, lang)
}

/// The same units, but those that `too_wide` tells of cut at the hyphens and blanks in them: a compound, a name or a
/// tied phrase for which the box is too narrow. Nothing is added, nothing is hyphenated.
pub fn loosened(
    units: &[Unit],
    set: &[SetChar],
    glyphs: &[SetGlyph],
    lang: Lang,
    too_wide: impl Fn(&Unit) -> bool,
) -> Vec<Unit> {
    let cut = |i: usize| {
        let ends_in_hyphen = |g: &SetGlyph| !g.chars.is_empty() && set[g.chars.end - 1].c == '-';
        !glyphs[i].chars.is_empty()
            && !glyphs[i].blank
            && (ends_in_hyphen(&glyphs[i - 1]) || glyphs[i - 1].blank)
    };
    let mut loose = Vec::new();
    for unit in units {
        if too_wide(unit) {
            loose.extend(cut_before(cut, unit.ink.start..unit.blank.end, set, glyphs, lang));
        } else {
            loose.push(unit.clone());
        }
    }
    loose
}

/// Units of a run of glyphs, cut before those that `cut` names.
fn cut_before(
    cut: impl Fn(usize) -> bool,
    run: Range<usize>,
    set: &[SetChar],
    glyphs: &[SetGlyph],
    lang: Lang,
) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut from = run.start;
    for end in run.start + 1..=run.end {
        if end == run.end || cut(end) {
            units.push(unit(from..end, set, glyphs, lang));
            from = end;
        }
    }
    units
}

/// A run of glyphs as a unit.
fn unit(run: Range<usize>, set: &[SetChar], glyphs: &[SetGlyph], lang: Lang) -> Unit {
    let mut ink_end = run.end;
    while ink_end > run.start && glyphs[ink_end - 1].blank {
        ink_end -= 1;
    }
    let (ink, blank) = (run.start..ink_end, ink_end..run.end);
    let sum = |r: Range<usize>| glyphs[r].iter().map(|g| g.advance + g.seam).sum::<f32>();
    let tail = glyphs[ink.clone()].last();
    let seam = tail.map_or(0.0, |g| g.seam);
    Unit {
        width: sum(ink.clone()) - seam,
        after: seam + sum(blank.clone()),
        end: if run.end == glyphs.len() {
            LineEnd::Last
        } else if blank.is_empty() {
            LineEnd::Opportunity
        } else {
            LineEnd::Space
        },
        leans: lang == Lang::En && leans(set, &glyphs[ink.clone()]),
        clause: tail.is_some_and(|g| !g.chars.is_empty() && ends_clause(set[g.chars.end - 1].c)),
        ink,
        blank,
    }
}

/// Whether glyphs are one of the words that lean on what follows.
fn leans(set: &[SetChar], glyphs: &[SetGlyph]) -> bool {
    const WORDS: [&str; 18] = [
        "a", "an", "the", "of", "in", "on", "at", "to", "by", "for", "from", "with", "into", "as", "and",
        "or", "nor", "per",
    ];
    let (Some(first), Some(last)) = (glyphs.first(), glyphs.last()) else { return false };
    let chars = &set[first.chars.start..last.chars.end.max(first.chars.start)];
    chars.len() <= 4
        && WORDS.iter().any(|word| {
            word.len() == chars.len() && word.chars().zip(chars).all(|(w, s)| s.c.to_ascii_lowercase() == w)
        })
}

/// Lines as ranges of units.
pub type Lines = Vec<Range<usize>>;

/// Fills each line as far as the measure allows; `None` where a unit alone is wider than the measure.
pub fn greedy(units: &[Unit], size: f32, tracking: f32, measure: f32) -> Option<Lines> {
    let mut lines = Lines::new();
    fill(units, size, tracking, measure, |line| lines.push(line))?;
    Some(lines)
}

/// How many lines [`greedy`] makes, without a list of them.
pub fn line_count(units: &[Unit], size: f32, tracking: f32, measure: f32) -> Option<usize> {
    let mut lines = 0;
    fill(units, size, tracking, measure, |_| lines += 1)?;
    Some(lines)
}

fn fill(
    units: &[Unit],
    size: f32,
    tracking: f32,
    measure: f32,
    mut line: impl FnMut(Range<usize>),
) -> Option<()> {
    /// A hair that rounding may add and nobody sees, px.
    const TOLERANCE: f32 = 0.05;
    let (mut from, mut used) = (0, 0.0_f32);
    for (i, unit) in units.iter().enumerate() {
        let width = unit.px(size, tracking);
        if i > from && used + width > measure + TOLERANCE {
            line(from..i);
            (from, used) = (i, 0.0);
        }
        if i == from && width > measure + TOLERANCE {
            return None;
        }
        used += width + unit.after_px(size, tracking);
    }
    if from < units.len() {
        line(from..units.len());
    }
    Some(())
}

/// Width of a line of units, px.
pub fn width(units: &[Unit], size: f32, tracking: f32) -> f32 {
    let Some((last, body)) = units.split_last() else { return 0.0 };
    let body: f32 = body.iter().map(|u| u.px(size, tracking) + u.after_px(size, tracking)).sum();
    body + last.px(size, tracking)
}

/// The same lines, but no article or preposition at a line's end where another break is as good.
///
/// Such a word goes down to the next line if that widens no line beyond the widest and leaves the rag (how far the
/// lines but the last fall short of the widest, as root mean square) as it was, or smoother.
pub fn untie(units: &[Unit], mut lines: Lines, size: f32, tracking: f32) -> Lines {
    /// Rags that differ by less than this part of the widest line look equal.
    const EQUAL: f32 = 0.004;
    /// A line under this part of the widest tears a hole, whatever it ends with.
    const HOLE: f32 = 0.4;
    let px = |line: &Range<usize>| width(&units[line.clone()], size, tracking);
    let measure = |lines: &Lines| {
        let widths: Vec<f32> = lines.iter().map(px).collect();
        let widest = widths.iter().copied().fold(0.0, f32::max);
        let body = &widths[..widths.len().saturating_sub(1)];
        let squares: f32 = body.iter().map(|w| (widest - w) * (widest - w)).sum();
        (widest, (squares / count(body.len().max(1))).sqrt())
    };
    for i in 1..lines.len() {
        // All of them go (`in the`), or none: one less would leave the line ending no better.
        let above = lines[i - 1].clone();
        let leaning = units[above.clone()].iter().rev().take_while(|unit| unit.leans).count();
        if leaning == 0 || leaning == above.len() {
            continue;
        }
        let (widest, rag) = measure(&lines);
        let mut moved = lines.clone();
        moved[i - 1].end -= leaning;
        moved[i].start -= leaning;
        let (new_widest, new_rag) = measure(&moved);
        let hole = px(&moved[i - 1]) < HOLE * widest;
        if new_widest <= widest && new_rag <= rag + EQUAL * widest && !hole {
            lines = moved;
        }
    }
    lines
}

/// What all units take without the blanks between them: no split needs less, px.
pub fn width_of_ink(units: &[Unit], size: f32, tracking: f32) -> f32 {
    units.iter().map(|unit| unit.px(size, tracking)).sum()
}

/// The split into `n` lines whose widest line is narrowest; `None` where there are fewer units than lines.
pub fn narrowest(units: &[Unit], n: usize, size: f32, tracking: f32) -> Option<(f32, Lines)> {
    if n == 0 || units.len() < n {
        return None;
    }
    // best[k][b]: widest line of the first b units on k lines, and where the last of these lines begins.
    let mut best = vec![vec![(f32::INFINITY, 0); units.len() + 1]; n + 1];
    best[0][0] = (0.0, 0);
    for k in 1..=n {
        for b in k..=units.len() {
            for a in (k - 1..b).rev() {
                let last = width(&units[a..b], size, tracking);
                let widest = best[k - 1][a].0.max(last);
                // Of equal splits the one with the longer first lines, as a reader expects.
                if widest < best[k][b].0 {
                    best[k][b] = (widest, a);
                }
                if last >= best[k][b].0 {
                    break;
                }
            }
        }
    }
    Some((best[n][units.len()].0, traced_back(&best, units.len())))
}

/// The lines of the best split of `end` units, from a table of costs and of where each last line begins.
fn traced_back(best: &[Vec<(f32, usize)>], mut end: usize) -> Lines {
    let mut lines: Lines = best[1..]
        .iter()
        .rev()
        .map(|row| {
            let line = row[end].1..end;
            end = line.start;
            line
        })
        .collect();
    lines.reverse();
    lines
}

/// The split into `n` lines that reads best: even lines, ended where a clause ends.
///
/// Chinese has a break after every word, and the fullest lines cut clauses anywhere (`不看楼有多|高，看末班车`).
/// Each line costs the square of its distance from the even share, and [`MID_CLAUSE`] where it ends inside a
/// clause; the cheapest split wins. In English sense counts for little, and this is for what the narrowest measure leaves
/// ragged. `None` where no split of `n` lines keeps to the measure.
pub fn by_sense(
    units: &[Unit],
    lang: Lang,
    n: usize,
    size: f32,
    tracking: f32,
    measure: f32,
) -> Option<Lines> {
    /// As dear as a line 40 % off the even share: a short clause rather stands alone than is cut.
    const MID_CLAUSE: f32 = 0.16;
    /// A line of English may end between any two words: 10 %.
    const MID_CLAUSE_EN: f32 = 0.01;
    /// A last line that is short costs less: it ends the text.
    const SHORT_LAST: f32 = 0.5;
    if n == 0 || units.len() < n {
        return None;
    }
    let even = width(units, size, tracking) / count(n);
    let cost = |line: f32, b: usize| {
        if line > measure {
            return f32::INFINITY;
        }
        let off = (line - even) / even;
        match b == units.len() {
            true if off < 0.0 => SHORT_LAST * off * off,
            true => off * off,
            false if units[b - 1].clause => off * off,
            false => off * off + if lang == Lang::Zh { MID_CLAUSE } else { MID_CLAUSE_EN },
        }
    };
    // What lines from each unit to before each later one cost, row after row; each is as wide as [`width`] has it.
    let mut costs = Vec::with_capacity(units.len() * (units.len() + 1) / 2);
    let px: Vec<(f32, f32)> =
        units.iter().map(|u| (u.px(size, tracking), u.after_px(size, tracking))).collect();
    for a in 0..units.len() {
        let mut body = 0.0;
        costs.extend((a..units.len()).map(|last| {
            let line = cost(body + px[last].0, last + 1);
            body += px[last].0 + px[last].1;
            line
        }));
    }
    // best[k][b]: cheapest split of the first b units on k lines, and where its last line begins.
    let mut best = vec![vec![(f32::INFINITY, 0); units.len() + 1]; n + 1];
    best[0][0] = (0.0, 0);
    for k in 1..=n {
        let mut rest = &*costs;
        for a in 0..units.len() {
            let (row, rows) = rest.split_at(units.len() - a);
            rest = rows;
            let before = best[k - 1][a].0;
            if before.is_infinite() {
                continue;
            }
            for (found, cost) in best[k][a + 1..].iter_mut().zip(row) {
                let sum = before + cost;
                if sum < found.0 {
                    *found = (sum, a);
                }
            }
        }
    }
    best[n][units.len()].0.is_finite().then(|| traced_back(&best, units.len()))
}

/// The text between two breaks.
#[cfg(test)]
fn words(set: &[SetChar], lang: Lang, ties: Ties<'_>) -> Vec<String> {
    let allowed = breaks(set, lang, ties);
    let mut words = vec![String::new()];
    for (i, s) in set.iter().enumerate() {
        if allowed[i] {
            words.push(String::new());
        }
        words.last_mut().expect("never empty").push(s.c);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::FontBook;
    use crate::lang::Direction;
    use crate::layout::{prepare, shape};
    use crate::look::{Faces, TokenFace};

    fn quote(text: &str) -> Vec<SetChar> {
        prepare::quote(text, prepare::Marks::of(text, Direction::of(text)))
    }

    fn parts(text: &str, lang: Lang) -> String {
        words(&quote(text), lang, Ties::default()).join("|")
    }

    #[test]
    fn english_ties() {
        for (text, cut) in [
            ("It fell to 37 micrograms per cubic meter.", "It |fell |to |37 micrograms |per |cubic |meter."),
            ("high-quality and all-round growth", "high-quality |and |all-round |growth"),
            ("a much better way.", "a |much |better way."),
            ("fields from Siberia.", "fields |from |Siberia."),
            ("a well-known 5-year-old plan that", "a |well-known |5-year-old |plan that"),
            ("we waited—twenty years—and harvested", "we |waited—|twenty |years—|and |harvested"),
            ("ON 15 MAY WE SAID NO.", "ON |15 MAY |WE |SAID NO."),
            ("AT £35 EACH (NOT 40)", "AT |£35 EACH |(NOT 40)"),
        ] {
            assert_eq!(parts(text, Lang::En), cut);
        }
    }

    #[test]
    fn chinese_ties() {
        let cut = parts("山西的“高质量发展”，PM2.5年均浓度已降至37微克。", Lang::Zh);
        for part in cut.split('|') {
            let first = part.chars().next().unwrap();
            let last = part.chars().next_back().unwrap();
            assert!(!never_starts(first), "{cut}");
            assert!(!never_ends(last), "{cut}");
        }
        assert!(cut.contains("PM2.5"), "{cut}");
        assert!(parts("路十年翻修一次，河一百年都等不起。", Lang::Zh).contains("一百年"));
        for word in ["达标", "后退", "十年间", "2035年", "（二）"] {
            let text = "全省空气质量首次达标，河堤后退，十年间的路，到2035年（二）基本建成。";
            let cut = parts(text, Lang::Zh);
            assert!(cut.contains(word), "{word}: {cut}");
        }
        assert!(
            parts("他说——好……是的", Lang::Zh).split('|').all(|p| !p.starts_with('—') && !p.starts_with('…'))
        );
    }

    #[test]
    fn a_unit_wider_than_the_box_breaks_at_its_hyphens_and_blanks() {
        let set = quote("pay-as-you-go");
        let fonts = FontBook::builtin();
        let face = TokenFace::from(fonts.find("LibreFranklin-Bold").unwrap());
        let faces = Faces { main: face, latin: None, fallback: face };
        let glyphs = shape::shape(&set, faces, None, Lang::En, Direction::LeftToRight, &fonts).unwrap();
        let tied = units(&set, &glyphs, Lang::En, Ties::default());
        assert_eq!(tied.len(), 1);
        let loose = loosened(&tied, &set, &glyphs, Lang::En, |_| true);
        let ends: Vec<usize> = loose.iter().map(|unit| unit.blank.end).collect();
        assert_eq!(ends, [4, 7, 11, 13]);
        assert_eq!(loose.last().map(|unit| unit.end), Some(LineEnd::Last));
        assert_eq!(loosened(&tied, &set, &glyphs, Lang::En, |_| false), tied);
    }

    #[test]
    fn marks_neither_start_nor_end_a_line_that_may_not() {
        for c in "，。、；：？！）》」』】〉〕］｝〗〙”’…—·～％‰℃々ー／".chars()
        {
            assert!(never_starts(c), "{c}");
        }
        for c in "（《「『【〈〔［｛〖〘“‘￥＄".chars() {
            assert!(never_ends(c), "{c}");
        }
    }

    /// Units of given widths, each with a blank of 0.2 em after it.
    fn units_of(widths: &[(f32, bool)]) -> Vec<Unit> {
        let unit = |(i, &(width, leans)): (usize, &(f32, bool))| Unit {
            ink: 2 * i..2 * i + 1,
            blank: 2 * i + 1..2 * i + 2,
            width,
            after: 0.2,
            end: LineEnd::Space,
            clause: false,
            leans,
        };
        widths.iter().enumerate().map(unit).collect()
    }

    #[test]
    fn a_preposition_leaves_the_line_end_where_nothing_is_lost() {
        let broken = |widths: &[(f32, bool)]| {
            let units = units_of(widths);
            let lines: Lines = vec![0..3, 3..5, 5..6];
            untie(&units, lines, 1.0, 0.0)
        };
        // The rag is the same either way: `of` goes down.
        let even = [(4.0, false), (4.0, false), (1.0, true), (4.0, false), (4.0, false), (9.6, false)];
        assert_eq!(broken(&even), [0..2, 2..5, 5..6]);
        // Of two such words at the end both go.
        let both = [(4.0, false), (0.6, true), (0.4, true), (1.9, false), (1.9, false), (9.6, false)];
        let units = units_of(&both);
        assert_eq!(untie(&units, vec![0..3, 3..5, 5..6], 1.0, 0.0), [0..1, 1..5, 5..6]);
        // It would make a hole: it stays.
        let hole = [(6.0, false), (2.0, false), (2.0, true), (4.2, false), (4.0, false), (3.0, false)];
        assert_eq!(broken(&hole), [0..3, 3..5, 5..6]);
        // Any other word stays.
        let other = even.map(|(width, _)| (width, false));
        assert_eq!(broken(&other), [0..3, 3..5, 5..6]);
    }

    #[test]
    fn phrases_and_short_keywords_hold_together() {
        let mut set = quote("The North China leopards are back");
        let leopards = 4..24;
        prepare::emphasise(&mut set, std::slice::from_ref(&leopards));
        let ties = Ties { keyword: 22, ..Ties::default() };
        assert!(words(&set, Lang::En, ties).contains(&"North China leopards ".to_owned()));
        let ties = Ties { keyword: 16, ..Ties::default() };
        assert!(words(&set, Lang::En, ties).contains(&"China ".to_owned()));
        let set = quote("最终目的是满足人民");
        let phrases = ["最终目的是".to_owned()];
        assert_eq!(words(&set, Lang::Zh, Ties { phrases: &phrases, ..Ties::default() })[0], "最终目的是");
        let house = ["Xiong'an New Area".to_owned(), "最终目的是".to_owned()];
        let ties = Ties { house: &house, ..Ties::default() };
        assert_eq!(words(&set, Lang::Zh, ties)[0], "最终目的是");
        let english = quote("in Xiong’an New Area today and there");
        assert_eq!(words(&english, Lang::En, ties)[1], "Xiong’an New Area ");
    }
}
