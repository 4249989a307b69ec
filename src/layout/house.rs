//! What a house's face lacks: the template's own face sets it, and somebody should know before the card is out.

use super::item::Item;
use crate::card::Card;
use crate::diag::Diagnostic;
use crate::font::FontBook;
use crate::look::Look;
use crate::template::schema::SlotName;

/// A warning where characters of the quote are set in the face that the kit's replaced.
pub(super) fn lacking(card: &Card, items: &[Item], look: &Look<'_>, fonts: &FontBook) -> Option<Diagnostic> {
    let mut lacking: Vec<char> = Vec::new();
    let mut house = None;
    for item in items {
        let Item::Glyphs(run) = item else { continue };
        if run.slot != SlotName::Quote.name() {
            continue;
        }
        let Some(face) = look.stands_in_for(run.face) else { continue };
        house = Some(face);
        for c in run.glyphs.iter().flat_map(|glyph| card.text[glyph.bytes.clone()].chars()) {
            if !c.is_whitespace() && !lacking.contains(&c) {
                lacking.push(c);
            }
        }
    }
    let face = fonts.face(house.filter(|_| !lacking.is_empty())?).name();
    let listed: Vec<String> = lacking.iter().map(|c| format!("`{c}`")).collect();
    let told = format!("the kit's `{face}` lacks {}: the template's own face sets them", listed.join(", "));
    Some(Diagnostic::warning(told).hint("look at the card; a face with these characters would set it evenly"))
}
