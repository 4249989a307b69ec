//! How often tokens come where letters are set from sorts.
//!
//! A code is made before the first card. To set cards for it only to count their tokens would take longer than all
//! else that a single card needs, and what comes out is much the same for any text: so it is written down here, as measured
//! on the specimens of flat templates (letters of 20 to 120 px, light and bold), for a letter one px high.

use super::huffman::Counts;
use crate::layout::{Item, Layout};
use crate::paint::Indexed;

/// Pixels at an edge: of any step between ground and ink, a little more often near either.
const EDGE: f32 = 2.2;

/// How much more often the first two and the last four steps come.
const NEAR: u32 = 2;

/// Pixels of ink that are told one by one; of large letters most are told as runs.
const INK: f32 = 1.2;
const INK_OF_LARGE: f32 = 0.2;
/// px per em.
const LARGE: f32 = 80.0;

/// Runs of ground between letters that begin with a pixel.
const GROUND: f32 = 1.1;

/// Symbols of lengths from the first, for 1000 px of letters.
const LENGTHS: [u32; 29] = [
    4, 100, 76, 54, 48, 43, 39, 34, 53, 39, 31, 22, 32, 25, 18, 16, 23, 55, 15, 12, 17, 12, 30, 14, 16, 8, 7,
    7, 20,
];

/// Adds what a card's letters come to, on each colour that its inks stand on.
pub(super) fn count(counts: &mut Counts, card: &Layout, indexed: &Indexed) {
    for item in &card.items {
        let Item::Glyphs(run) = item else { continue };
        let px = run.size * run.glyphs.len() as f32;
        let mut add = |symbol: usize, n: f32| counts.0[symbol] += n as u32;
        for ramp in indexed.ramps_of(run.color) {
            let steps = ramp.steps_between();
            let edges: Vec<u32> =
                (0..steps.len()).map(|i| if i < 2 || i + 4 >= steps.len() { NEAR } else { 1 }).collect();
            let all: u32 = edges.iter().sum();
            for (step, weight) in steps.iter().zip(&edges) {
                add(usize::from(*step), EDGE * px * *weight as f32 / all.max(1) as f32);
            }
            add(usize::from(ramp.step(255)), px * if run.size < LARGE { INK } else { INK_OF_LARGE });
            add(usize::from(ramp.under()), GROUND * px);
            for (i, n) in LENGTHS.iter().enumerate() {
                add(257 + i, *n as f32 * px / 1000.0);
            }
        }
    }
}
