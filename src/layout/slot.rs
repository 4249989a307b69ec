//! Small texts that may be long: measured before anything is placed.
//!
//! A role takes more lines before it shrinks, everything else shrinks before it takes more lines; a line is
//! broken where the wider one is narrowest; nothing goes under 80 %. The last baseline is fixed, lines grow
//! upwards, and what stands above moves up with them.

use super::block::{Block, Setting};
use super::error::Problem;
use super::wrap;
use crate::template::schema::Overflow;

/// Full size and the steps down to 80 %.
const STEPS: [f32; 6] = [1.0, 0.96, 0.92, 0.88, 0.84, 0.80];

/// More pieces than any slot has room for; the search for the best lines takes the square of their number and more.
const MOST_UNITS: usize = 400;

/// Sets a small text on at most `max_lines` lines of `measure` px. A double name that is wider than the measure at the
/// least size may break at its hyphen.
///
/// # Errors
///
/// Where it does not fit.
pub(super) fn fit(
    block: &mut Block<'_>,
    size: f32,
    measure: f32,
    max_lines: usize,
) -> Result<Setting, Problem> {
    let [.., least] = STEPS;
    // Somebody's ten thousand characters are known for too long before they are split in every way there is.
    #[allow(clippy::cast_precision_loss, reason = "a slot has at most a handful of lines")]
    let room = 2.0 * measure * max_lines.max(1) as f32;
    let size_at_least = size * least;
    if block.units.len() > MOST_UNITS
        || wrap::width_of_ink(&block.units, size_at_least, block.tracking(size_at_least)) > room
    {
        /// So much of it is told.
        const TOLD: usize = 120;
        let mut text: String = block.set.iter().map(|s| s.c).take(TOLD).collect();
        if block.set.len() > TOLD {
            text.push('…');
        }
        return Err(Problem::SlotTooLong { slot: block.slot.name(), measure, lines: max_lines, text });
    }
    let tied = fit_tied(block, size, measure, max_lines);
    if tied.is_err() && block.loosen(size * least, measure) {
        return fit_tied(block, size, measure, max_lines);
    }
    tied
}

fn fit_tied(block: &Block<'_>, size: f32, measure: f32, max_lines: usize) -> Result<Setting, Problem> {
    let most = max_lines.min(block.units.len()).max(1);
    let mut tries: Vec<(usize, f32)> = Vec::new();
    match block.role.overflow {
        Overflow::Wrap => {
            tries.extend((1..=most).map(|n| (n, STEPS[0])));
            tries.extend(STEPS[1..].iter().map(|&k| (most, k)));
        }
        Overflow::Shrink => {
            tries.extend((1..=most).flat_map(|n| STEPS.map(|k| (n, k))));
        }
    }
    for (n, k) in tries {
        // Tenths of a pixel: sizes that a person would write.
        let size = (size * k * 10.0).round() / 10.0;
        let tracking = block.tracking(size);
        if let Some((widest, lines)) = wrap::narrowest(&block.units, n, size, tracking)
            && widest <= measure
        {
            return Ok(block.setting(size, lines));
        }
    }
    Err(Problem::SlotTooLong {
        slot: block.slot.name(),
        measure,
        lines: max_lines,
        text: block.set.iter().map(|s| s.c).collect(),
    })
}
