//! The quote's size: the largest whole one that fits, then balance and the ragged guard.
//!
//! 1. **Fit.** Fewer pixels per em never need more room, so the largest whole size whose lines fit width and
//!    height is found by bisection. The height counts the last line's descenders, which stay inside the box,
//!    although the box is placed by cap height and last baseline.
//! 2. **Balance.** The measure is narrowed as far as the line count holds: the slack of the last line is shared
//!    by all. Of breaks that leave an equal rag, one is taken that ends no line with an article or a preposition.
//!    Chinese lines end where clauses end, as far as they stay even.
//! 3. **Ragged guard.** Where a line other than the last is much shorter than the longest, or the last is a
//!    stub or a lone word, the size is stepped down by 2 px, at most to 84 %, and the first size without that is
//!    taken; else the full one, its words shared out anew over as many lines if that mends it. A quote on a grid
//!    (`grid` of a text layer) counts as ragged too while its first line straddles two cells: the renderer that
//!    nocturne and profile were drawn with takes an empty box at the head of an unmarked quote for a line of its
//!    own there, so this is how their sizes come out as drawn.

use super::block::{Block, Setting};
use super::error::Problem;
use super::wrap;

/// Ragged: a line other than the last is under this part of the longest.
const SHORT_LINE: f32 = 0.54;
/// Ragged: the last line is under this part of the longest …
const SHORT_LAST: f32 = 0.24;
/// … or under this one in a block of so few lines, where a stub is plainer.
const SHORT_LAST_OF_FEW: f32 = 0.5;
const FEW_LINES: usize = 4;
/// … or under this one where it is one word, left alone.
const SHORT_LAST_WORD: f32 = 0.4;
/// How far the guard may step down.
pub(super) const LEAST: f32 = 0.84;
/// By so much at a time, px.
pub(super) const STEP: f32 = 2.0;
/// The height may be exceeded by this, px: type sizes are whole, boxes are not.
const HEIGHT_TOLERANCE: f32 = 1.0;

/// What makes lines ragged beside their own widths.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guard {
    /// What the hung opening mark adds to the first line's left, em.
    pub hang: f32,
    /// The cap height of the first line, px from the card's top, where the quote keeps to the grid.
    pub grid: Option<f32>,
    /// Whether a word alone on the last line counts. Not on a card of several: they share one size, and all would
    /// shrink for it.
    pub lone_word: bool,
}

/// The largest whole size in `sizes` at which `block` fits `width` × `height`, finished; master px.
///
/// # Errors
///
/// Where it does not fit at the floor.
pub(super) fn fit(
    block: &Block<'_>,
    sizes: (f32, f32),
    width: f32,
    height: f32,
    guard: Guard,
) -> Result<Setting, Problem> {
    let fits = |size: f32| -> bool {
        let lines = wrap::line_count(&block.units, size, block.tracking(size), width);
        lines
            .is_some_and(|n| (block.height(size, n) + block.below(size)).round() <= height + HEIGHT_TOLERANCE)
    };
    let (floor, top) = sizes;
    if !fits(floor) {
        return Err(refuse(block, floor, width, height));
    }
    let low = largest(floor, top, fits);
    let full = evened(block, low, width);
    let passes = |setting: &Setting| !is_ragged(block, setting, guard);
    let stepped = (1_u8..)
        .map(|down| low - f32::from(down) * STEP)
        // The last step may end a little below.
        .take_while(|&size| size + STEP > floor.max(low * LEAST))
        .map(|size| evened(block, size, width));
    let anew = || {
        let lines = full.lines.len();
        wrap::by_sense(&block.units, block.lang, lines, low, block.tracking(low), width)
            .map(|lines| block.setting(low, lines))
    };
    let settled = std::iter::once(full.clone()).chain(stepped).chain(std::iter::once_with(anew).flatten());
    Ok(settled.into_iter().find(passes).unwrap_or(full))
}

/// The largest whole size at which a text stands on one line of `width`, at most `height` high: a figure.
///
/// # Errors
///
/// Where it does not fit at the floor.
pub(super) fn one_line(
    block: &Block<'_>,
    sizes: (f32, f32),
    width: f32,
    height: f32,
) -> Result<Setting, Problem> {
    let fits = |size: f32| {
        let setting = block.one_line(size);
        block.widest(&setting) <= width
            && block.height(size, 1) + block.below(size) <= height + HEIGHT_TOLERANCE
    };
    let (floor, top) = sizes;
    if !fits(floor) {
        let word = block.set.iter().map(|s| s.c).collect();
        return Err(Problem::WordTooWide { slot: block.slot.name(), floor, word });
    }
    Ok(block.one_line(largest(floor, top, fits)))
}

/// The largest whole size that fits, given that the floor does.
fn largest(floor: f32, top: f32, fits: impl Fn(f32) -> bool) -> f32 {
    let (mut low, mut high) = (floor, top.max(floor));
    while low < high {
        let middle = ((low + high + 1.0) / 2.0).floor();
        if fits(middle) {
            low = middle;
        } else {
            high = middle - 1.0;
        }
    }
    low
}

/// Lines of about one length: by sense where the block asks for it, else balanced.
fn evened(block: &Block<'_>, size: f32, width: f32) -> Setting {
    let tracking = block.tracking(size);
    let lines = block.by_sense.then(|| {
        let n = wrap::line_count(&block.units, size, tracking, width)?;
        wrap::by_sense(&block.units, block.lang, n, size, tracking, width)
    });
    match lines.flatten() {
        Some(lines) => block.setting(size, lines),
        None => balanced(block, size, width),
    }
}

/// Lines at the narrowest measure that keeps their count.
fn balanced(block: &Block<'_>, size: f32, width: f32) -> Setting {
    /// A block is never narrowed under this part of its measure.
    const NARROWEST: f32 = 0.45;
    /// Bisection ends at this, px.
    const FINE: f32 = 2.0;
    let tracking = block.tracking(size);
    let count = |measure: f32| wrap::line_count(&block.units, size, tracking, measure);
    let lines = count(width);
    let (mut low, mut high) = (width * NARROWEST, width);
    while high - low > FINE {
        let middle = f32::midpoint(low, high);
        if count(middle) == lines { high = middle } else { low = middle }
    }
    let setting = block
        .wrapped(size, high.ceil().min(width))
        .or_else(|| block.wrapped(size, width))
        .expect("the size was found to fit this width");
    let lines = wrap::untie(&block.units, setting.lines, size, tracking);
    block.setting(size, lines)
}

/// A staircase, a hole or a stub; or off the grid.
pub(super) fn is_ragged(block: &Block<'_>, setting: &Setting, guard: Guard) -> bool {
    if guard.grid.is_some_and(|top| block.straddles(setting.size, top)) {
        return true;
    }
    let mut widths: Vec<f32> =
        setting.lines.iter().map(|line| block.line_width(setting, line.clone())).collect();
    let Some((&last, _)) = widths.split_last().filter(|(_, body)| !body.is_empty()) else { return false };
    widths[0] += guard.hang * setting.size;
    let longest = widths.iter().copied().fold(0.0, f32::max);
    let shortest = widths[..widths.len() - 1].iter().copied().fold(f32::INFINITY, f32::min);
    let stub = match setting.lines.last() {
        _ if widths.len() <= FEW_LINES => SHORT_LAST_OF_FEW,
        Some(line) if guard.lone_word && line.len() == 1 => SHORT_LAST_WORD,
        _ => SHORT_LAST,
    };
    shortest < longest * SHORT_LINE || last < longest * stub
}

fn refuse(block: &Block<'_>, floor: f32, width: f32, height: f32) -> Problem {
    let slot = block.slot.name();
    let tracking = block.tracking(floor);
    let Some(needed) = wrap::line_count(&block.units, floor, tracking, width) else {
        let widest = block
            .units
            .iter()
            .max_by(|a, b| {
                let w = |u: &wrap::Unit| wrap::width(std::slice::from_ref(u), floor, tracking);
                w(a).total_cmp(&w(b))
            })
            .map(|unit| {
                let glyphs = &block.glyphs[unit.ink.clone()];
                let chars =
                    glyphs.first().map_or(0, |g| g.chars.start)..glyphs.last().map_or(0, |g| g.chars.end);
                block.set[chars].iter().map(|s| s.c).collect()
            });
        return Problem::WordTooWide { slot, floor, word: widest.unwrap_or_default() };
    };
    let room = ((height - block.cap * floor - block.below(floor)) / block.leading(floor)).floor() + 1.0;
    if room < 1.0 {
        return Problem::NoRoom;
    }
    // What fits is told in tens, a little under the share of the lines that there is room for.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a hint, of small numbers"
    )]
    let fits = {
        let chars = crate::select::chars(&block.set.iter().map(|s| s.c).collect::<String>());
        let share = 0.95 * room / needed as f32 * chars as f32;
        (share / 10.0).floor() as usize * 10
    };
    Problem::QuoteTooLong { slot, floor, fits }
}
