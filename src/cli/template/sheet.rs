//! A contact sheet: cards in rows, labelled in our own type.
//!
//! It is laid out and painted as a card is, so there is no second painter:
//!
//! ```text
//! title
//! square   ┌─────┐ ┌─────┐ …
//! 400×400  └─────┘ └─────┘
//!          short   medium
//! ```

use std::sync::Arc;

use pullquote::card::CardSize;
use pullquote::color::Color;
use pullquote::contact::line;
use pullquote::export::png;
use pullquote::font::FontBook;
use pullquote::geom::Rect;
use pullquote::layout::{Item, Layout, Paint, Shape};
use pullquote::paint::{Ground, paint};
use pullquote::template::Art;

const PAPER: Color = Color::rgb(0xE9, 0xE7, 0xE2);
const EMPTY: Color = Color::rgb(0xDA, 0xD7, 0xD0);
const INK: Color = Color::rgb(0x2A, 0x28, 0x24);
const MUTE: Color = Color::rgb(0x6B, 0x67, 0x5F);
/// Around everything, and between cards, px.
const MARGIN: f32 = 48.0;
const GAP: f32 = 28.0;
/// The column of the classes' names, px.
const SIDE: f32 = 132.0;
const TITLE: f32 = 28.0;
const LABEL: f32 = 18.0;

/// The cards of a class.
#[derive(Debug)]
pub struct Row {
    /// The class.
    pub label: String,
    /// How large each card is shown; it is reduced to that.
    pub shown: CardSize,
    /// Left to right.
    pub cells: Vec<Cell>,
}

/// A card, or the place of one that could not be made.
#[derive(Debug)]
pub struct Cell {
    /// What it shows.
    pub label: String,
    /// The card.
    pub png: Option<Vec<u8>>,
}

/// The sheet as PNG.
pub fn png(title: &str, rows: &[Row]) -> Vec<u8> {
    let fonts = FontBook::builtin();
    let mut items = Vec::new();
    let mut y = MARGIN + TITLE;
    let mut width: f32 = 0.0;
    items.extend(line(title, MARGIN, y, TITLE, INK, &fonts));
    y += GAP;
    #[allow(clippy::cast_precision_loss, reason = "sides are at most 4096")]
    for row in rows {
        let (w, h) = (row.shown.width() as f32, row.shown.height() as f32);
        items.extend(line(&row.label, MARGIN, y + LABEL, LABEL, INK, &fonts));
        let mut x = MARGIN + SIDE;
        for cell in &row.cells {
            let dest = Rect::new(x, y, w, h);
            let art = cell.png.as_ref().and_then(|png| Art::from_png(&cell.label, png).ok());
            let label = match art {
                Some(art) => {
                    items.push(Item::Picture { art: Arc::new(art), dest, color: INK });
                    cell.label.clone()
                }
                None => {
                    items.push(Item::fill(Shape::Rect(dest), Paint::Solid(EMPTY)));
                    format!("{}: could not be made", cell.label)
                }
            };
            items.extend(line(&label, x, y + h + LABEL * 1.4, LABEL, MUTE, &fonts));
            x += w + GAP;
        }
        width = width.max(x - GAP + MARGIN);
        y += h + LABEL * 1.4 + GAP * 1.4;
    }
    let height = y - GAP * 1.4 + MARGIN;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "both are small and positive")]
    let size = CardSize::new(width.max(320.0) as u32, height.max(320.0) as u32)
        .expect("five cards beside each other and three rows are far from 4096 px");
    let sheet = Rect::new(0.0, 0.0, width.max(320.0), height.max(320.0));
    let ground = vec![Item::fill(Shape::Rect(sheet), Paint::Solid(PAPER))];
    let ground = Ground::paint(&Layout::drawing(size, ground), &fonts);
    png::encode(&paint(&Layout::drawing(size, items), &ground, &fonts))
}
