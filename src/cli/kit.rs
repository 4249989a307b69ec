//! What a kit says that comes to nothing on the cards of a run: nothing stops, but somebody should look.

use std::collections::BTreeSet;

use pullquote::batch::Stage;
use pullquote::diag::Diagnostic;
use pullquote::template::{Brand, Template};

/// Tokens that no template has, and a mark that may be lost on a dark ground.
pub fn warnings(kit: &Brand, templates: &[Template], stages: &[Stage<'_>]) -> Vec<Diagnostic> {
    let mut told = kit.stray_tokens(templates);
    if kit.lacks_dark_mark() {
        let dark = |stage: &&Stage<'_>| stage.look.logo_color().is_some_and(|color| color.is_light());
        let names: BTreeSet<String> =
            stages.iter().filter(dark).map(|stage| format!("`{}`", stage.template.name())).collect();
        if !names.is_empty() {
            let names: Vec<String> = names.into_iter().collect();
            let message =
                format!("the kit's mark keeps its own colours on the dark ground of {}", names.join(", "));
            told.push(Diagnostic::warning(message).hint(
                "look at it; `mark_dark` in the kit's `[logo]` is a version for dark grounds, `currentColor` in an SVG takes the template's",
            ));
        }
    }
    told
}
