//! Where a corrected card says so: in a layer of its own, else in the kicker's place, else in the event's, else beside the
//! date. So every template can say it, and those that say it in a way of their own state `slot = "corrected"`.

use crate::card::Card;
use crate::look::Look;
use crate::template::schema::{Layer, SlotName};

/// The slot that says it; `None` on a card that was not corrected, and where the template has none of the four.
pub(super) fn place(card: &Card, look: &Look<'_>) -> Option<SlotName> {
    card.corrected.as_ref()?;
    let has = |slot: &SlotName| {
        look.layers().iter().any(|layer| match layer {
            Layer::Text(text) => text.slot == *slot,
            Layer::Stack(stack) => stack.children.iter().any(|child| child.slot == Some(*slot)),
            _ => false,
        })
    };
    [SlotName::Corrected, SlotName::Kicker, SlotName::Event, SlotName::Date].into_iter().find(has)
}

/// What that slot shows.
pub(super) fn shown(slot: SlotName, card: &Card) -> Option<String> {
    let told = card.corrected.clone()?;
    match (slot, &card.date) {
        (SlotName::Event | SlotName::Date, Some(date)) => Some(format!("{told} · {date}")),
        _ => Some(told),
    }
}
