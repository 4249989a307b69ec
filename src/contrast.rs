//! Can everything be read? Contrast of each text against what it lies on, measured on finished pixels.
//!
//! The pixels under a line are those of the ground, the card's own shapes, photograph, scrims and grain: everything
//! but letters. What counts is the ratio that 97 in 100 of them reach (WCAG 2.2, relative luminance), so that a
//! speck of grain does not refuse a card and a bright patch does:
//!
//! | what | least ratio |
//! |---|--:|
//! | the quote; name, role, date, event, kicker, credit, counter, translation, figure, unit, qualifier, seal, label | 4.5 |
//! | keyword and quote marks | 3 |
//! | a keyword's bar and dots, ticks, shapes whose `contrast` says so | 3, or what it says |
//! | logo, ornaments | not measured |
//!
//! Where a text is too faint and the template has a [scrim](crate::layout::Scrim) for it, the scrim gets the least
//! opacity that helps. What is then still too faint is an error of the card, with the nearest colour that would pass.
//! A keyword that is hard to tell from the words beside it is a warning.
//!
//! Most cards cost no look at a pixel: the ground knows its tiles' extremes, and where even those pass, all do.

use std::fmt;
use std::sync::Arc;

use crate::color::{Color, luminance, ratio};
use crate::diag::{Diagnostic, Warned};
use crate::font::FontBook;
use crate::geom::Rect;
use crate::layout::{GlyphRun, Item, Layout, Paint, Shape, Style};
use crate::look::Look;
use crate::paint::{self, Ground, PixelBox, Pixels, TILE};

/// Of what is read.
const TEXT: f32 = 4.5;
/// Of a keyword and of quote marks, which are as large as the quote.
const KEYWORD: f32 = 3.0;
/// Between a keyword and the words beside it, where nothing but its colour tells it.
const APART: f32 = 3.0;
/// The share of pixels that may fall short.
const SPARED: f32 = 0.03;
/// A scrim's opacity goes up by so much.
const STEP: f32 = 0.05;

/// A card on which something cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub struct ContrastError {
    /// What is wrong, a colour each.
    pub faults: Vec<Fault>,
}

impl fmt::Display for ContrastError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.faults.iter().enumerate() {
            write!(f, "{}{fault}", if i > 0 { "; " } else { "" })?;
        }
        Ok(())
    }
}

/// A colour that is too faint on what it lies on.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Its token in template and kit.
    pub token: Arc<str>,
    /// The colour.
    pub color: Color,
    /// Whether the kit sets it.
    pub from_kit: bool,
    /// What is set in it and too faint.
    pub faint: Vec<Faint>,
    /// The nearest colour with which all that is set in it could be read.
    pub nearest: Option<Color>,
}

/// A text or shape that is too faint.
#[derive(Debug, Clone, PartialEq)]
pub struct Faint {
    /// What it is, as messages call it.
    pub what: String,
    /// The ratio that 97 in 100 pixels reach, on its worst line.
    pub ratio: f32,
    /// The ratio that is asked for.
    pub least: f32,
    /// Whether a scrim lies under it and does not suffice.
    pub veiled: bool,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({}) is too faint on what it lies on: ", self.token, self.color)?;
        for (i, faint) in self.faint.iter().enumerate() {
            let Faint { what, ratio, least, veiled } = faint;
            // Never rounded up to what it falls short of.
            let ratio = (ratio * 100.0).floor() / 100.0;
            let even = if *veiled { ", even under its scrim" } else { "" };
            write!(f, "{}{what} has {ratio:.2}:1{even}, {least}:1 is needed", if i > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

impl Fault {
    fn hint(&self) -> String {
        let token = &self.token;
        let place = if self.from_kit { "of the kit" } else { "of a kit, or of the template" };
        match self.nearest {
            Some(color) => {
                format!(
                    "the nearest colour that passes is `{color}`: set `{token}` to it in `[colors]` {place}"
                )
            }
            None => format!(
                "no lighter or darker `{token}` passes on all that it lies on: take a calmer ground in `[colors]`, \
                 or give the template a scrim under it"
            ),
        }
    }
}

impl ContrastError {
    /// What to tell a person.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        self.faults.iter().fold(Diagnostic::error(self.to_string()), |told, fault| told.hint(fault.hint()))
    }
}

/// Checks what a look's ground shows by itself (seal, label, ticks) on the `sheet` that it will be painted on; once is
/// enough for all its cards.
///
/// # Errors
///
/// Where something of it cannot be read.
pub fn check_ground(
    layout: &Layout,
    sheet: &Ground,
    look: &Look<'_>,
    fonts: &FontBook,
) -> Result<(), ContrastError> {
    let is_read = |item: &Item| match item {
        Item::Glyphs(run) => is_text(run),
        Item::Fill { meaning, .. } => meaning.is_some(),
        _ => false,
    };
    if !layout.items.iter().any(is_read) {
        return Ok(());
    }
    check(layout.clone(), sheet, look, fonts).map(drop)
}

/// Settles a card's scrims and checks what can be read on it; `ground` is its look's.
///
/// # Errors
///
/// Where something cannot be read.
///
/// # Panics
/// Where the ground is of another size.
pub fn check(
    layout: Layout,
    ground: &Ground,
    look: &Look<'_>,
    fonts: &FontBook,
) -> Result<Warned<Layout>, ContrastError> {
    let mut sheet = Sheet::new(layout, ground, fonts);
    let mut faint = sheet.faint();
    if !faint.is_empty() && sheet.settle_scrims(&faint) {
        // A scrim lies under its neighbours too.
        faint = sheet.faint();
    }
    if faint.is_empty() {
        let warnings = keyword_warning(&sheet.layout).into_iter().collect();
        return Ok(Warned { output: sheet.layout, warnings });
    }
    Err(ContrastError { faults: sheet.faults(faint, look) })
}

/// What must be told from what it lies on.
struct Demand {
    what: What,
    token: Arc<str>,
    color: Color,
    least: f32,
    area: PixelBox,
    /// Items before this one may lie behind it.
    before: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum What {
    Text(&'static str, Style),
    Shape(&'static str),
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(slot, Style::Body) => write!(f, "`{slot}`"),
            Self::Text(_, Style::Keyword) => f.write_str("the keyword"),
            Self::Text(_, Style::Mark) => f.write_str("the quote mark"),
            Self::Shape(what) => write!(f, "the {what}"),
        }
    }
}

/// What 97 in 100 pixels must not be: neither so light nor so dark as the text.
#[derive(Clone, Copy)]
struct Band {
    low: f32,
    high: f32,
}

impl Band {
    fn new(color: Color, least: f32) -> Self {
        let text = color.luminance() + 0.05;
        Self { low: text / least - 0.05, high: text * least - 0.05 }
    }

    fn misses(self, (least, most): (f32, f32)) -> bool {
        most <= self.low || least >= self.high
    }
}

/// A text: not a logo, and not an ornament.
fn is_text(run: &GlyphRun) -> bool {
    !matches!(run.slot, "logo" | "mark")
}

struct Sheet<'a> {
    layout: Layout,
    ground: &'a Ground,
    fonts: &'a FontBook,
    demands: Vec<Demand>,
}

impl<'a> Sheet<'a> {
    fn new(layout: Layout, ground: &'a Ground, fonts: &'a FontBook) -> Self {
        let mut sheet = Self { layout, ground, fonts, demands: Vec::new() };
        let pixels = ground.pixels();
        let size = sheet.layout.size;
        assert_eq!(
            (size.width(), size.height()),
            (pixels.width(), pixels.height()),
            "a ground of the card's size"
        );
        for (i, item) in sheet.layout.items.iter().enumerate() {
            match item {
                // Pictures (emoji) have colours of their own.
                Item::Glyphs(run) if is_text(run) && !fonts.face(run.face).has_pictures() => {
                    let least = if run.style == Style::Body { TEXT } else { KEYWORD };
                    for area in run.lines(fonts).into_iter().filter_map(|line| pixels.outwards(line)) {
                        sheet.demands.push(Demand {
                            what: What::Text(run.slot, run.style),
                            token: run.token.clone(),
                            color: run.color,
                            least,
                            area,
                            before: usize::MAX,
                        });
                    }
                }
                Item::Fill { shape, paint: Paint::Solid(color), meaning: Some(meaning) } => {
                    let Some(area) = pixels.outwards(shape.bounds()).filter(|_| meaning.least > 1.0) else {
                        continue;
                    };
                    sheet.demands.push(Demand {
                        what: What::Shape(meaning.what),
                        token: meaning.token.clone(),
                        color: *color,
                        least: meaning.least,
                        area,
                        before: i,
                    });
                }
                _ => {}
            }
        }
        sheet
    }

    /// The demands that are not met.
    fn faint(&self) -> Vec<usize> {
        let behind = self.behind();
        (0..self.demands.len()).filter(|&i| !self.holds(&self.demands[i], &behind)).collect()
    }

    /// What may lie behind a text, and where.
    fn behind(&self) -> Vec<(usize, Rect)> {
        let items = self.layout.items.iter().enumerate();
        let others = items.filter(|(_, item)| !matches!(item, Item::Glyphs(run) if is_text(run)));
        others.flat_map(|(i, item)| paint::reach(item, self.fonts).into_iter().map(move |r| (i, r))).collect()
    }

    fn touching(&self, demand: &Demand, behind: &[(usize, Rect)]) -> Vec<usize> {
        let area = rect_of(demand.area);
        let mut touching: Vec<usize> = behind
            .iter()
            .filter(|(i, reach)| *i < demand.before && reach.touches(&area))
            .map(|b| b.0)
            .collect();
        touching.dedup();
        touching
    }

    fn holds(&self, demand: &Demand, behind: &[(usize, Rect)]) -> bool {
        let touching = self.touching(demand, behind);
        let band = Band::new(demand.color, demand.least);
        if demand.color.a == 255
            && let Some((own, ground)) = self.flat(demand, &touching)
            && own.is_none_or(|own| band.misses(own))
            && (!ground || self.bare_ground_holds(demand.area, band))
        {
            return true;
        }
        Measured::new(demand, self.pixels_behind(demand, &touching)).ratio() >= demand.least
    }

    /// The range of luminance of the card's own shapes behind something, and whether the ground shows; `None` where
    /// it takes a painter to tell.
    fn flat(&self, demand: &Demand, touching: &[usize]) -> Option<(Option<(f32, f32)>, bool)> {
        let (mut own, mut ground) = (None, true);
        for &i in touching {
            let Item::Fill { shape, paint: Paint::Solid(color), .. } = &self.layout.items[i] else {
                return None;
            };
            if color.a < 255 || self.ground.is_grained() {
                return None;
            }
            let l = color.luminance();
            if matches!(shape, Shape::Rect(rect) if rect.holds(&rect_of(demand.area))) {
                (own, ground) = (Some((l, l)), false);
            } else {
                own = own.map_or(Some((l, l)), |(least, most): (f32, f32)| Some((least.min(l), most.max(l))));
            }
        }
        Some((own, ground))
    }

    /// Whether 97 in 100 pixels of the bare ground miss a band: pixels count only where a tile's extremes do not.
    fn bare_ground_holds(&self, area: PixelBox, band: Band) -> bool {
        let mut spared = spared(area.count());
        for row in area.y0 / TILE..area.y1.div_ceil(TILE) {
            for column in area.x0 / TILE..area.x1.div_ceil(TILE) {
                if band.misses(self.ground.luminance_of_tile(column, row)) {
                    continue;
                }
                let columns = (column * TILE).max(area.x0)..((column + 1) * TILE).min(area.x1);
                for y in (row * TILE).max(area.y0)..((row + 1) * TILE).min(area.y1) {
                    for &pixel in self.ground.pixels().row(y, columns.clone()) {
                        let l = luminance(pixel);
                        if !band.misses((l, l)) {
                            let Some(left) = spared.checked_sub(1) else { return false };
                            spared = left;
                        }
                    }
                }
            }
        }
        true
    }

    fn pixels_behind(&self, demand: &Demand, touching: &[usize]) -> Pixels {
        let items = touching.iter().map(|&i| &self.layout.items[i]);
        paint::backdrop(items, self.ground, demand.area, self.fonts)
    }

    /// Gives the scrims of faint texts the opacity that they need; whether there was any.
    fn settle_scrims(&mut self, faint: &[usize]) -> bool {
        let mut settled = false;
        for i in 0..self.layout.items.len() {
            let Item::Scrim(scrim) = &self.layout.items[i] else { continue };
            let helps = |what: What| matches!(what, What::Text(slot, _) if scrim.slots.contains(&slot));
            if !faint.iter().any(|&i| helps(self.demands[i].what)) {
                continue;
            }
            let helped: Vec<usize> =
                (0..self.demands.len()).filter(|&i| helps(self.demands[i].what)).collect();
            let steps = (scrim.most / STEP + 0.01) as u16;
            // The first step that is enough, by halves; where none is, the last.
            let (mut low, mut high) = (1, steps.max(1));
            while low < high {
                let middle = low.midpoint(high);
                self.set_scrim(i, f32::from(middle) * STEP);
                let behind = self.behind();
                let enough = helped.iter().all(|&i| self.holds(&self.demands[i], &behind));
                (low, high) = if enough { (low, middle) } else { (middle + 1, high) };
            }
            self.set_scrim(i, f32::from(low.min(steps)) * STEP);
            settled = true;
        }
        settled
    }

    fn set_scrim(&mut self, i: usize, opacity: f32) {
        if let Item::Scrim(scrim) = &mut self.layout.items[i] {
            scrim.opacity = opacity;
        }
    }

    fn is_veiled(&self, what: What) -> bool {
        self.layout.items.iter().any(|item| {
            matches!((item, what), (Item::Scrim(scrim), What::Text(slot, _))
                if scrim.opacity > 0.0 && scrim.slots.contains(&slot))
        })
    }

    /// What is faint, by colour, worst first within each.
    fn faults(&self, faint: Vec<usize>, look: &Look<'_>) -> Vec<Fault> {
        let behind = self.behind();
        let measured = |i: usize| {
            let demand = &self.demands[i];
            Measured::new(demand, self.pixels_behind(demand, &self.touching(demand, &behind)))
        };
        let mut faults: Vec<Fault> = Vec::new();
        for i in faint {
            let Demand { what, token, color, least, .. } = &self.demands[i];
            let here = Faint {
                what: what.to_string(),
                ratio: measured(i).ratio(),
                least: *least,
                veiled: self.is_veiled(*what),
            };
            if let Some(fault) = faults.iter_mut().find(|fault| fault.token == *token) {
                match fault.faint.iter_mut().find(|faint| faint.what == here.what) {
                    Some(known) if known.ratio <= here.ratio => {}
                    Some(known) => *known = here,
                    None => fault.faint.push(here),
                }
                continue;
            }
            let with_token = (0..self.demands.len()).filter(|&i| self.demands[i].token == *token);
            let all: Vec<Measured> = with_token.map(measured).collect();
            faults.push(Fault {
                token: token.clone(),
                color: *color,
                from_kit: look.is_of_kit(token),
                faint: vec![here],
                nearest: color.shades().find(|shade| all.iter().all(|m| m.would_hold(*shade))),
            });
        }
        faults
    }
}

fn rect_of(area: PixelBox) -> Rect {
    let PixelBox { x0, y0, x1, y1 } = area;
    Rect::new(x0 as f32, y0 as f32, (x1 - x0) as f32, (y1 - y0) as f32)
}

/// How many of so many pixels may fall short.
fn spared(count: usize) -> usize {
    (count as f32 * SPARED) as usize
}

/// The pixels behind something.
struct Measured {
    pixels: Pixels,
    color: Color,
    least: f32,
}

impl Measured {
    fn new(demand: &Demand, pixels: Pixels) -> Self {
        Self { pixels, color: demand.color, least: demand.least }
    }

    /// The ratio that 97 in 100 pixels reach.
    fn ratio(&self) -> f32 {
        self.ratio_of(self.color)
    }

    fn ratio_of(&self, color: Color) -> f32 {
        let own = luminance([color.r, color.g, color.b]);
        let of = |&pixel: &[u8; 3]| {
            // A clear colour is what it makes of the pixel.
            let text = if color.a == 255 { own } else { luminance(color.over(pixel)) };
            ratio(text, luminance(pixel))
        };
        let mut ratios: Vec<f32> = self.pixels.rgb().as_chunks().0.iter().map(of).collect();
        let at = spared(ratios.len());
        *ratios.select_nth_unstable_by(at, f32::total_cmp).1
    }

    fn would_hold(&self, color: Color) -> bool {
        self.ratio_of(color) >= self.least
    }
}

/// A keyword that only its colour tells, where that is too like the words beside it.
fn keyword_warning(layout: &Layout) -> Option<Diagnostic> {
    let runs = || {
        layout.items.iter().filter_map(|item| match item {
            Item::Glyphs(run) if run.slot == "quote" => Some(run),
            _ => None,
        })
    };
    let body: Vec<&GlyphRun> = runs().filter(|run| run.style == Style::Body).collect();
    let keyword = runs().find(|run| run.style == Style::Keyword)?;
    let words = body.first()?;
    let painted = |item: &Item| matches!(item, Item::Fill { meaning: Some(meaning), .. } if meaning.what.starts_with("keyword"));
    if body.iter().all(|run| run.face != keyword.face) || layout.items.iter().any(painted) {
        return None;
    }
    let ratio = keyword.color.contrast(words.color);
    (ratio < APART).then(|| {
        let told = if keyword.token == words.token {
            format!("the keyword is not told from the words beside it: both are `{}`", words.token)
        } else {
            format!(
                "the keyword is hard to tell from the words beside it: `{}` has {ratio:.2}:1 against `{}`",
                keyword.token, words.token
            )
        };
        Diagnostic::warning(told)
            .hint("give the template's `keyword` a `font`, or `mode = \"box\"` or `\"bar\"`, or choose a colour further away")
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::card::{self, Card, SizeChoice};
    use crate::layout;
    use crate::select::Quote;
    use crate::template::{Art, Brand, Template};
    use crate::transcript::{self, ReadOptions};

    /// A quote, a name, a role in `mute`, on `paper`, and what a test adds; 540 px wide.
    fn template(colors: &str, keyword: &str, layers: &str) -> Template {
        let toml = format!(
            r##"
name = "plain"
about = "for tests"
[colors]
paper = "#FFFFFF"
ink = "#000000"
mute = "#767676"
accent = "#B3261E"
{colors}
[fonts]
serif = "NewsreaderDisplay-Medium"
italic = "NewsreaderDisplay-MediumItalic"
bold = "LibreFranklin-Bold"
zh = "NotoSerifSC-SemiBold"
[type]
quote = {{ font = "serif", zh = "zh", leading = "serif", color = "ink", keyword = {keyword} }}
name = {{ font = "bold", zh = "zh", leading = 1.26, color = "ink" }}
role = {{ font = "serif", zh = "zh", leading = 1.26, color = "mute" }}
label = {{ font = "serif", zh = "zh", leading = 1, color = "mute" }}
[square]
max_chars = 300
layer = [
  {{ kind = "rect", fill = "paper" }},
  {layers}
  {{ kind = "text", slot = "quote", x = 84, w = 912, y = [84, 700], size = [60, 60] }},
  {{ kind = "text", slot = "name", x = 84, y = 800, w = 912, size = 32 }},
  {{ kind = "text", slot = "role", x = 84, y = 900, w = 912, size = 32 }},
]
"##
        );
        Template::from_files("plain", &|_| Ok(toml.clone().into_bytes())).unwrap()
    }

    const ITALIC: &str = r#"{ mode = "face", zh_mode = "dots", font = "italic", color = "accent" }"#;

    fn kit(toml: &str) -> Brand {
        Brand::from_files("brand.toml", &|_| Ok(toml.as_bytes().to_vec())).unwrap()
    }

    fn with_look<R>(template: &Template, brand: &Brand, then: impl FnOnce(&Look<'_>, &FontBook) -> R) -> R {
        let fonts = FontBook::builtin();
        let size: SizeChoice = "540x540".parse().unwrap();
        let look = Look::new(template, &size, brand, &fonts).unwrap();
        then(&look, &fonts)
    }

    fn card(look: &Look<'_>) -> Card {
        let row = r#"[{"text": "A plan is only a promise with a date on it.", "speaker": "Lu Zhiheng",
            "role": "governor of Yunze", "highlight": ["promise"]}]"#;
        let list = transcript::read("list.json", row.as_bytes(), &ReadOptions::default()).unwrap().output;
        let quote = Quote::new(&list, 0, 0..list.turns[0].text.len()).unwrap();
        let options = card::Options::default();
        let photo = image::RgbImage::from_pixel(64, 64, image::Rgb([250, 250, 250]));
        let mut png = std::io::Cursor::new(Vec::new());
        photo.write_to(&mut png, image::ImageFormat::Png).unwrap();
        let photo = Arc::new(Art::from_photo("p.png", &png.into_inner()).unwrap());
        card::compose(&quote, &[], look.template, &look.size, look.brand, &options, Some(&photo)).unwrap()
    }

    fn checked(template: &Template, brand: &Brand) -> Result<Warned<Layout>, Diagnostic> {
        with_look(template, brand, |look, fonts| {
            let ground = Ground::paint(&layout::ground(look, fonts).unwrap(), fonts);
            let laid_out = layout::layout(&card(look), look, fonts).unwrap().output;
            check(laid_out, &ground, look, fonts).map_err(|e| e.diagnostic())
        })
    }

    fn scrim(layout: &Layout) -> f32 {
        let find = |item: &Item| if let Item::Scrim(scrim) = item { Some(scrim.opacity) } else { None };
        layout.items.iter().find_map(find).unwrap()
    }

    #[test]
    fn what_can_be_read_passes() {
        // #767676 on white is 4.54:1, the lightest grey that passes.
        let passed = checked(&template("", ITALIC, ""), &Brand::default()).unwrap();
        assert_eq!(passed.warnings, []);
    }

    #[test]
    fn what_is_too_faint_is_told_with_the_nearest_colour() {
        let told = checked(&template("", ITALIC, ""), &kit("name = \"x\"\n[colors]\nmute = \"#808080\""))
            .unwrap_err();
        assert_eq!(
            told.message,
            "`mute` (#808080) is too faint on what it lies on: `role` has 3.94:1, 4.5:1 is needed"
        );
        assert_eq!(
            told.hints,
            ["the nearest colour that passes is `#767676`: set `mute` to it in `[colors]` of the kit"]
        );
        // All at once, each colour by itself; a keyword is asked for less, and lightness is moved either way.
        let pale = kit("name = \"x\"\n[colors]\npaper = \"#3A2E2B\"");
        let told = checked(&template("", ITALIC, ""), &pale).unwrap_err();
        assert_eq!(
            told.message,
            "`ink` (#000000) is too faint on what it lies on: `quote` has 1.60:1, 4.5:1 is needed, `name` has \
             1.60:1, 4.5:1 is needed; `accent` (#B3261E) is too faint on what it lies on: the keyword has 2.00:1, \
             3:1 is needed; `mute` (#767676) is too faint on what it lies on: `role` has 2.87:1, 4.5:1 is needed"
        );
        let of_template = "in `[colors]` of a kit, or of the template";
        assert_eq!(told.hints.len(), 3);
        for (hint, token) in told.hints.iter().zip(["ink", "accent", "mute"]) {
            let tail = format!("set `{token}` to it {of_template}");
            assert!(
                hint.starts_with("the nearest colour that passes is `#") && hint.ends_with(&tail),
                "{hint}"
            );
        }
    }

    #[test]
    fn three_pixels_in_a_hundred_are_spared() {
        // A patch under a part of the role's line; `mute` fails on it and nowhere else.
        let patched = |w: f32| {
            let patch = format!(r#"{{ kind = "rect", x = 84, y = 890, w = {w}, h = 60, fill = "grey" }},"#);
            checked(&template("grey = \"#909090\"", ITALIC, &patch), &Brand::default())
        };
        // The line is about 270 px wide on the master, so that 3 % are 8.
        assert!(patched(4.0).is_ok());
        assert_eq!(
            patched(16.0).unwrap_err().message,
            "`mute` (#767676) is too faint on what it lies on: `role` has 1.42:1, 4.5:1 is needed"
        );
    }

    #[test]
    fn no_shade_passes_on_black_and_grey_and_white() {
        let thirds = r#"{ kind = "rect", x = 84, y = 890, w = 90, h = 60, fill = "ink" },
            { kind = "rect", x = 174, y = 890, w = 90, h = 60, fill = "grey" },"#;
        let template = template("grey = \"#8A8A8A\"", ITALIC, thirds);
        let told = checked(&template, &Brand::default()).unwrap_err();
        assert_eq!(
            told.hints,
            [
                "no lighter or darker `mute` passes on all that it lies on: take a calmer ground in `[colors]`, or give \
              the template a scrim under it"
            ]
        );
    }

    #[test]
    fn a_keyword_in_a_box_is_held_against_the_box() {
        let boxed = |ink: &str| {
            let keyword = format!(r#"{{ mode = "box", zh_mode = "box", color = "paper", paint = "{ink}" }}"#);
            checked(&template("pale = \"#DDDDDD\"", &keyword, ""), &Brand::default())
        };
        assert!(boxed("ink").is_ok());
        let told = boxed("pale").unwrap_err();
        assert_eq!(
            told.message,
            "`paper` (#FFFFFF) is too faint on what it lies on: the keyword has 1.35:1, 3:1 is needed"
        );
    }

    #[test]
    fn bars_and_marked_shapes_are_held_against_what_they_lie_on() {
        let bar = r#"{ mode = "bar", zh_mode = "bar", color = "ink", paint = "pale" }"#;
        let slab = r#"{ kind = "rect", y = 1000, h = 80, fill = "pale", contrast = 3 },"#;
        let told = |keyword, layers| {
            let template = template("pale = \"#BBBBBB\"", keyword, layers);
            checked(&template, &Brand::default()).map_err(|told| told.message)
        };
        assert_eq!(
            told(bar, "").unwrap_err(),
            "`pale` (#BBBBBB) is too faint on what it lies on: the keyword's bar has 1.91:1, 3:1 is needed"
        );
        // It is of the ground, and so is checked once.
        let template = template("pale = \"#BBBBBB\"", ITALIC, slab);
        let told = with_look(&template, &Brand::default(), |look, fonts| {
            let layout = layout::ground(look, fonts).unwrap();
            check_ground(&layout, &Ground::sheet(&layout), look, fonts).unwrap_err().to_string()
        });
        assert_eq!(
            told,
            "`pale` (#BBBBBB) is too faint on what it lies on: the shape has 1.91:1, 3:1 is needed"
        );
    }

    #[test]
    fn a_label_of_the_kit_is_of_the_ground() {
        let label =
            r#"{ kind = "vertical", slot = "label", x = 1000, y = 84, size = 32, pitch = 1.26, cells = 6 },"#;
        let brand = kit("name = \"x\"\nlabel_zh = \"云泽\"\n[colors]\nmute = \"#999999\"");
        let told = with_look(&template("", ITALIC, label), &brand, |look, fonts| {
            let layout = layout::ground(look, fonts).unwrap();
            check_ground(&layout, &Ground::sheet(&layout), look, fonts).unwrap_err().to_string()
        });
        assert_eq!(
            told,
            "`mute` (#999999) is too faint on what it lies on: `label` has 2.84:1, 4.5:1 is needed"
        );
    }

    #[test]
    fn a_scrim_takes_the_least_opacity_that_helps() {
        let layers = |most: &str| {
            format!(
                r#"{{ kind = "photo", y = 760, h = 320, at = [0.5, 0.5] }},
                {{ kind = "scrim", slots = ["name", "role"], color = "shade", most = {most} }},"#
            )
        };
        let dark = kit("name = \"x\"\n[colors]\npaper = \"#000000\"\nmute = \"#FFFFFF\"\nink = \"#FFFFFF\"");
        let shaded = |most, brand: &Brand| {
            let keyword = ITALIC.replace("accent", "ink");
            checked(&template("shade = \"#10242A\"", &keyword, &layers(most)), brand)
        };
        // White on a photograph that is all but white.
        let opacity = scrim(&shaded("0.9", &dark).unwrap().output);
        assert!((opacity - 0.65).abs() < 1e-3, "{opacity}");
        assert_eq!(
            shaded("0.4", &dark).unwrap_err().message,
            "`ink` (#FFFFFF) is too faint on what it lies on: `name` has 2.47:1, even under its scrim, 4.5:1 is \
             needed; `mute` (#FFFFFF) is too faint on what it lies on: `role` has 2.47:1, even under its scrim, \
             4.5:1 is needed"
        );
        // Where nothing is too faint it stays clear.
        let light = kit("name = \"x\"\n[colors]\nmute = \"#333333\"");
        assert_eq!(scrim(&shaded("0.9", &light).unwrap().output), 0.0);
    }

    #[test]
    fn a_keyword_like_the_words_beside_it_is_a_warning() {
        let told = |keyword: &str, colors: &str| {
            let passed = checked(&template(colors, keyword, ""), &Brand::default()).unwrap();
            passed.warnings.into_iter().map(|told| told.message).collect::<Vec<_>>()
        };
        let colour = r#"{ mode = "dots", zh_mode = "dots", color = "near" }"#;
        assert_eq!(
            told(colour, "near = \"#222244\""),
            ["the keyword is hard to tell from the words beside it: `near` has 1.38:1 against `ink`"]
        );
        let same = r#"{ mode = "dots", zh_mode = "dots" }"#;
        assert_eq!(told(same, ""), ["the keyword is not told from the words beside it: both are `ink`"]);
        assert!(told(colour, "near = \"#B3261E\"").is_empty());
        assert!(told(&colour.replace("dots\", zh", "bar\", zh"), "near = \"#222244\"").is_empty());
        assert!(told(ITALIC, "").is_empty());
    }

    #[test]
    fn what_is_passed_without_looking_is_passed_with() {
        for name in crate::template::builtin_names() {
            let template = Template::builtin(name).unwrap();
            if template.shows_figure() {
                continue;
            }
            with_look(&template, &Brand::default(), |look, fonts| {
                let ground = Ground::paint(&layout::ground(look, fonts).unwrap(), fonts);
                let laid_out = layout::layout(&card(look), look, fonts).unwrap().output;
                let sheet = Sheet::new(laid_out, &ground, fonts);
                let behind = sheet.behind();
                for demand in &sheet.demands {
                    let touching = sheet.touching(demand, &behind);
                    let measured = Measured::new(demand, sheet.pixels_behind(demand, &touching)).ratio();
                    for least in [1.5, 3.0, measured - 0.01, measured + 0.01, 12.0] {
                        let demand = Demand { least, token: demand.token.clone(), ..*demand };
                        let holds = sheet.holds(&demand, &behind);
                        assert_eq!(holds, measured >= least, "{name}, {}: {measured}, {least}", demand.what);
                    }
                }
            });
        }
    }
}
