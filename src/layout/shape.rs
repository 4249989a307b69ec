//! From characters to glyphs, at unit size: which face serves which character, then shaping run by run.
//!
//! A text is shaped once; sizes are searched on the advances. Faces are chosen as `fonts.md` of the design says:
//! Latin letters and figures inside Chinese come from the Latin partner, a Chinese face never serves Latin,
//! Greek or Cyrillic, and a character that no face has is an error, never a box. What belongs to one grapheme (a
//! letter and its marks, an emoji and its skin) is set in one face.
//!
//! A run has one face, script and direction. Glyphs are kept in the order of the text whichever way they are read;
//! a line puts them in the order of the eye ([`in_sight`]) once it is known where it ends (UAX 9, rule L2).

use std::borrow::Cow;
use std::ops::Range;

use harfrust::{Feature, Tag};
use unicode_bidi::{Level, ParagraphBidiInfo};
use unicode_properties::{EmojiStatus, UnicodeEmoji as _};
use unicode_script::{Script, UnicodeScript as _};
use unicode_segmentation::UnicodeSegmentation as _;

use super::error::Problem;
use super::prepare::{SetChar, Style, is_control, is_plain};
use crate::font::{Face, FaceId, FontBook, Run};
use crate::lang::{Direction, Lang, is_hanzi, is_right_to_left};
use crate::look::{Faces, TokenFace};

/// A glyph at unit size. Lengths in em of the text's size.
#[derive(Debug, Clone, PartialEq)]
pub struct SetGlyph {
    /// Its face.
    pub face: FaceId,
    /// Its id.
    pub id: u16,
    /// To the next glyph, without tracking.
    pub advance: f32,
    /// Offset to the right.
    pub dx: f32,
    /// Offset downwards.
    pub dy: f32,
    /// Factor on the size.
    pub scale: f32,
    /// How it looks.
    pub style: Style,
    /// Characters that it stands for, as indices into the text's [`SetChar`]s.
    pub chars: Range<usize>,
    /// Bytes of the source that it stands for; ranges of a text join.
    pub bytes: Range<usize>,
    /// Space after it where hanzi meet Latin, beside tracking; dropped at a line's end.
    pub seam: f32,
    /// A blank: draws nothing, dropped at a line's end.
    pub blank: bool,
    /// Embedding level (UAX 9): odd where it is read from right to left.
    pub level: u8,
    /// The empty right half of a full-width closing mark, em.
    slack: f32,
}

/// Between hanzi and Latin letters or figures, em, tracking included (W3C clreq 3.2.2 asks for a quarter at
/// most; the design guide for 0.17 to 0.20).
const SEAM: f32 = 0.19;

/// Sub- and superscript digits that a face lacks: size, and shift of the baseline (em, downwards).
const SCRIPT_SIZE: f32 = 0.62;
const SUPERSCRIPT_SHIFT: f32 = -0.33;
const SUBSCRIPT_SHIFT: f32 = 0.14;

/// Served by the Latin partner inside Chinese text: Latin letters, figures, ASCII signs. Quote marks, dashes
/// and the middle dot belong to both scripts and come from the Chinese face.
fn is_latin(c: char) -> bool {
    matches!(c, '\u{21}'..='\u{7E}' | '\u{A1}'..='\u{B6}' | '\u{B8}'..='\u{24F}' | '\u{300}'..='\u{36F}'
        | '\u{1E00}'..='\u{1EFF}' | '\u{2070}'..='\u{209C}' | '\u{20AC}')
}

/// Full-width marks that close: the right half of their em is empty.
pub(super) fn is_fullwidth_closing(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '）'
            | '》'
            | '」'
            | '』'
            | '】'
            | '〉'
            | '〕'
            | '．'
            | '］'
            | '｝'
            | '〗'
            | '〙'
    )
}

#[derive(Clone, Copy)]
struct Choice {
    face: FaceId,
    c: char,
    scale: f32,
    shift: f32,
}

impl Choice {
    fn plain(face: FaceId, c: char) -> Self {
        Self { face, c, scale: 1.0, shift: 0.0 }
    }
}

/// The digit of a sub- or superscript, and how far it is lowered.
fn script_digit(c: char) -> Option<(char, f32)> {
    let digit = |n: u32| char::from_digit(n, 10).expect("n is one digit");
    Some(match c {
        '\u{B9}' => ('1', SUPERSCRIPT_SHIFT),
        '\u{B2}' => ('2', SUPERSCRIPT_SHIFT),
        '\u{B3}' => ('3', SUPERSCRIPT_SHIFT),
        '\u{2070}' | '\u{2074}'..='\u{2079}' => (digit(u32::from(c) - 0x2070), SUPERSCRIPT_SHIFT),
        '\u{2080}'..='\u{2089}' => (digit(u32::from(c) - 0x2080), SUBSCRIPT_SHIFT),
        _ => return None,
    })
}

/// How a grapheme asks to be shown.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    /// In the ink of the text.
    Text,
    /// As a picture in colour.
    Emoji,
}

/// UTS 51: an emoji character by its own default, else by what follows it.
fn shown(cluster: &[SetChar]) -> Shown {
    use EmojiStatus as E;
    let picture = |c: char| {
        matches!(
            c.emoji_status(),
            E::EmojiPresentation
                | E::EmojiPresentationAndModifierBase
                | E::EmojiPresentationAndEmojiComponent
                | E::EmojiPresentationAndModifierAndEmojiComponent
        )
    };
    let (first, rest) = (cluster[0].c, &cluster[1..]);
    let has = |wanted: fn(char) -> bool| rest.iter().any(|s| wanted(s.c));
    if !first.is_emoji_char() || has(|c| c == '\u{FE0E}') {
        return Shown::Text;
    }
    // Selected, a keycap, joined to another emoji, or of some skin.
    let asked = has(|c| matches!(c, '\u{FE0F}' | '\u{20E3}' | '\u{200D}' | '\u{1F3FB}'..='\u{1F3FF}'));
    if asked || picture(first) { Shown::Emoji } else { Shown::Text }
}

/// The faces of a text, and the characters that they are asked for.
struct Chooser<'a> {
    set: &'a [SetChar],
    /// Embedding levels of the characters; empty where all is read from left to right.
    levels: &'a [u8],
    faces: Faces,
    keyword: Option<TokenFace>,
    lang: Lang,
    fonts: &'a FontBook,
    /// The face of the letters that are read from right to left, which their punctuation and blanks take too.
    right_to_left: Option<FaceId>,
}

impl Chooser<'_> {
    /// A choice for every character.
    fn all(&mut self) -> Result<Vec<Choice>, Problem> {
        if let Some(at) = self.set.iter().position(|s| is_right_to_left(s.c) && s.c.is_alphabetic()) {
            self.right_to_left = self.single(self.set[at].c, self.faces_at(at)).map(|choice| choice.face);
        }
        let mut choices = Vec::with_capacity(self.set.len());
        if self.set.iter().all(|s| is_plain(s.c)) {
            for at in 0..self.set.len() {
                choices.push(self.at(at)?);
            }
            return Ok(choices);
        }
        let text: String = self.set.iter().map(|s| s.c).collect();
        for grapheme in text.graphemes(true) {
            let from = choices.len();
            let cluster = &self.set[from..from + grapheme.chars().count()];
            match self.cluster(from, cluster, &choices) {
                Some((face, scale)) => {
                    choices.extend(cluster.iter().map(|s| Choice { scale, ..Choice::plain(face, s.c) }));
                }
                None => {
                    for at in from..from + cluster.len() {
                        choices.push(self.at(at)?);
                    }
                }
            }
        }
        Ok(choices)
    }

    fn faces_at(&self, at: usize) -> Faces {
        let mut faces = self.faces;
        if let (Style::Keyword, Some(face)) = (self.set[at].style, self.keyword) {
            faces.main = face;
        }
        faces
    }

    /// The one face of a grapheme that is a picture, or has more than one character, and its scale; `None` where no
    /// face has it all.
    fn cluster(&self, at: usize, cluster: &[SetChar], before: &[Choice]) -> Option<(FaceId, f32)> {
        let (faces, fonts) = (self.faces_at(at), self.fonts);
        if cluster.iter().all(|s| is_control(s.c)) {
            return Some(before.last().map_or((faces.main.first, 1.0), |choice| (choice.face, choice.scale)));
        }
        let has_all = |face: &FaceId| {
            cluster.iter().all(|s| is_control(s.c) || fonts.face(*face).glyph_id(s.c).is_some())
        };
        if shown(cluster) == Shown::Emoji {
            let text: String = cluster.iter().map(|s| s.c).collect();
            let scaled = |face: FaceId| {
                let glyphs = fonts.face(face).shape(&Run::new(&text, self.lang));
                glyphs.iter().find_map(|g| picture_scale(fonts.face(face), g.id)).map(|scale| (face, scale))
            };
            let pictures = fonts.fallbacks().filter(|&face| fonts.face(face).has_pictures());
            if let Some(found) = pictures.filter(has_all).find_map(scaled) {
                return Some(found);
            }
        }
        if cluster.len() == 1 {
            return None;
        }
        let drawn = |face: &FaceId| {
            let face = fonts.face(*face);
            face.glyph_id(cluster[0].c).is_some_and(|id| face.draws(id))
        };
        let found =
            [faces.main, faces.fallback].into_iter().flat_map(TokenFace::each).find(has_all).or_else(|| {
                let (pictures, ink): (Vec<FaceId>, Vec<FaceId>) =
                    fonts.fallbacks().partition(|&face| fonts.face(face).has_pictures());
                ink.into_iter().chain(pictures).filter(has_all).find(drawn)
            });
        found.map(|face| (face, 1.0))
    }

    /// The choice for one character.
    fn at(&self, at: usize) -> Result<Choice, Problem> {
        let (s, fonts) = (&self.set[at], self.fonts);
        let faces = self.faces_at(at);
        let has = |face: FaceId| fonts.face(face).glyph_id(s.c).is_some();
        // Punctuation and blanks among letters that are read from right to left belong to these.
        let turned = self.levels.get(at).is_some_and(|level| level % 2 == 1);
        if turned
            && !s.c.is_alphanumeric()
            && s.style != Style::Mark
            && let Some(face) = self.right_to_left.filter(|&face| has(face))
        {
            return Ok(Choice::plain(face, s.c));
        }
        // A blank takes the face of its neighbour, so that it has that face's width and kerning; not of an emoji.
        if s.c == ' ' && at > 0 && self.set[at - 1].c != ' ' {
            let neighbour = |i: usize| {
                self.single(self.set.get(i)?.c, faces).filter(|choice| {
                    let face = fonts.face(choice.face);
                    has(choice.face) && !face.has_pictures()
                })
            };
            let picture = fonts.fallbacks().any(|face| fonts.face(face).has_pictures());
            if let Some(choice) = neighbour(at - 1).or_else(|| neighbour(at + 1).filter(|_| picture)) {
                return Ok(Choice::plain(choice.face, ' '));
            }
        }
        self.single(s.c, faces).ok_or(Problem::MissingGlyph { character: s.c })
    }

    fn single(&self, c: char, faces: Faces) -> Option<Choice> {
        let fonts = self.fonts;
        // Nearly every character of a Latin text.
        if c.is_ascii() && faces.latin.is_none() && fonts.face(faces.main.first).glyph_id(c).is_some() {
            return Some(Choice::plain(faces.main.first, c));
        }
        let tokens = faces.latin.filter(|_| is_latin(c)).into_iter().chain([faces.main, faces.fallback]);
        let order = tokens.flat_map(TokenFace::each);
        let own = |c: char| order.clone().find(|&face| fonts.face(face).glyph_id(c).is_some());
        // A face that the user brings may have a glyph that no card can paint, which would be a blank.
        let drawn = |face: FaceId, c: char| {
            let face = fonts.face(face);
            face.glyph_id(c).is_some_and(|id| c.is_whitespace() || face.draws(id))
        };
        // Pictures come last: here the character was not asked for as an emoji.
        let ink = |c: char| fonts.fallbacks().find(|&f| !fonts.face(f).has_pictures() && drawn(f, c));
        let picture = |c: char| fonts.fallbacks().find(|&f| fonts.face(f).has_pictures() && drawn(f, c));
        let has = |c: char| own(c).or_else(|| ink(c));
        if let Some(face) = has(c) {
            return Some(Choice::plain(face, c));
        }
        if let Some(face) = picture(c) {
            let scale = fonts.face(face).glyph_id(c).and_then(|id| picture_scale(fonts.face(face), id));
            return Some(Choice { scale: scale.unwrap_or(1.0), ..Choice::plain(face, c) });
        }
        let stand_in = match c {
            '\u{A0}' | '\u{2009}' | '\u{202F}' | '\u{3000}' | '\u{2002}'..='\u{200A}' => ' ',
            '\u{2010}' | '\u{2011}' => '-',
            '״' => '”',
            '׳' => '’',
            _ => {
                let (digit, shift) = script_digit(c)?;
                return Some(Choice { scale: SCRIPT_SIZE, shift, ..Choice::plain(has(digit)?, digit) });
            }
        };
        has(stand_in).map(|face| Choice::plain(face, stand_in))
    }
}

/// What brings a glyph's picture to the height of a line at its tightest, so that emoji of two lines do not touch;
/// `None` where it has no picture.
fn picture_scale(face: &Face, id: u16) -> Option<f32> {
    /// em. The tightest leading is 0.98.
    const HIGHEST: f32 = 0.97;
    let strike = face.strike(id, f32::MAX)?;
    Some((HIGHEST * strike.ppem / strike.height.max(1.0)).min(1.0))
}

/// Embedding levels of the characters (UAX 9); empty where all is read from left to right, as most text is.
fn levels(set: &[SetChar], base: Direction) -> Vec<u8> {
    if base == Direction::LeftToRight && !set.iter().any(|s| is_right_to_left(s.c)) {
        return Vec::new();
    }
    let level = match base {
        Direction::LeftToRight => Level::ltr(),
        Direction::RightToLeft => Level::rtl(),
    };
    let text: String = set.iter().map(|s| s.c).collect();
    let bidi = ParagraphBidiInfo::new(&text, Some(level));
    text.char_indices().map(|(byte, _)| bidi.levels[byte].number()).collect()
}

/// The order in which the eye meets the glyphs of a line, from left to right (UAX 9, rule L2).
pub(super) fn in_sight(glyphs: &[SetGlyph]) -> Cow<'_, [SetGlyph]> {
    if glyphs.iter().all(|g| g.level == 0) {
        return Cow::Borrowed(glyphs);
    }
    let levels: Vec<Level> =
        glyphs.iter().map(|g| Level::new(g.level).expect("a level that `unicode-bidi` gave")).collect();
    let order = ParagraphBidiInfo::reorder_visual(&levels);
    Cow::Owned(order.into_iter().map(|i| glyphs[i].clone()).collect())
}

/// A script whose letters depend on each other, so that no run may mix it with another.
fn complex(c: char) -> Option<Script> {
    match c {
        _ if is_plain(c) => None,
        _ => match c.script() {
            Script::Common | Script::Inherited | Script::Latin | Script::Greek | Script::Cyrillic => None,
            script => Some(script),
        },
    }
}

/// Shapes a text.
///
/// `keyword` is the face of emphasised Latin text, where the template has one; `base` the direction of the whole.
///
/// # Errors
///
/// A character that no face has.
pub fn shape(
    set: &[SetChar],
    faces: Faces,
    keyword: Option<TokenFace>,
    lang: Lang,
    base: Direction,
    fonts: &FontBook,
) -> Result<Vec<SetGlyph>, Problem> {
    let levels = levels(set, base);
    let mut chooser = Chooser { set, levels: &levels, faces, keyword, lang, fonts, right_to_left: None };
    let choices = chooser.all()?;
    let level = |at: usize| levels.get(at).copied().unwrap_or(0);
    let mut glyphs: Vec<SetGlyph> = Vec::with_capacity(set.len());
    let mut text = String::new();
    // Of each byte of `text` the character that it belongs to.
    let mut owners: Vec<usize> = Vec::new();
    let mut from = 0;
    while from < set.len() {
        text.clear();
        owners.clear();
        let first = choices[from];
        let halt = is_cjk_mark(set, from, lang);
        let mut script = None;
        let mut to = from;
        while to < set.len() {
            let choice = choices[to];
            let own_script = complex(set[to].c);
            #[allow(clippy::float_cmp, reason = "equal where both come from one constant or one strike")]
            let joins = choice.face == first.face
                && choice.scale == first.scale
                && choice.shift == first.shift
                && level(to) == level(from)
                && is_cjk_mark(set, to, lang) == halt
                // The edge of a keyword's box is no place to kern over; letters that join stay one.
                && (script.is_some() || (set[to].style == Style::Keyword) == (set[from].style == Style::Keyword))
                && (script.is_none() || own_script.is_none() || own_script == script);
            if !joins {
                break;
            }
            script = script.or(own_script);
            text.push(choice.c);
            owners.resize(text.len(), to);
            to += 1;
        }
        // Letters that join need to know their neighbours in other runs.
        let around = if script.is_some() { [&set[..from], &set[to..]].map(edge) } else { Default::default() };
        let piece = Piece { chars: from..to, first, halt, lang, level: level(from), around };
        place_run(set, &piece, &text, &owners, fonts, &mut glyphs);
        from = to;
    }
    squeeze_before_marks(&mut glyphs);
    join_bytes(&mut glyphs);
    Ok(glyphs)
}

/// A text as context of its neighbour.
fn edge(set: &[SetChar]) -> String {
    set.iter().map(|s| s.c).collect()
}

/// Shapes one character for a cell of vertical text, in its vertical form where the face has one.
///
/// # Errors
///
/// A character that no face has.
pub fn upright(c: &SetChar, faces: Faces, fonts: &FontBook) -> Result<Vec<SetGlyph>, Problem> {
    let mut glyphs = shape(std::slice::from_ref(c), faces, None, Lang::Zh, Direction::LeftToRight, fonts)?;
    if let [glyph] = glyphs.as_mut_slice() {
        let vertical = [Feature::new(Tag::new(b"vert"), 1, ..)];
        let text = c.c.to_string();
        let run = Run { features: &vertical, ..Run::new(&text, Lang::Zh) };
        if let [upright] = fonts.face(glyph.face).shape(&run).as_slice() {
            (glyph.id, glyph.advance) = (upright.id, upright.advance);
        }
    }
    Ok(glyphs)
}

/// A run of the text beside its characters.
struct Piece {
    chars: Range<usize>,
    first: Choice,
    halt: bool,
    lang: Lang,
    level: u8,
    around: [String; 2],
}

/// The card's own marks round a Chinese quote are set half-width.
fn is_cjk_mark(set: &[SetChar], at: usize, lang: Lang) -> bool {
    lang == Lang::Zh && set[at].style == Style::Mark
}

fn place_run(
    set: &[SetChar],
    piece: &Piece,
    text: &str,
    owners: &[usize],
    fonts: &FontBook,
    glyphs: &mut Vec<SetGlyph>,
) {
    let Choice { face, scale, shift, .. } = piece.first;
    let mut features = Vec::new();
    if text.chars().any(|c| c > '\u{2010}') {
        // Squeezes runs of full-width punctuation (W3C clreq 3.1.6).
        features.push(Feature::new(Tag::new(b"chws"), 1, ..));
    }
    if piece.halt {
        features.push(Feature::new(Tag::new(b"halt"), 1, ..));
    }
    let turned = piece.level % 2 == 1;
    let [before, after] = &piece.around;
    let mut shaped = fonts.face(face).shape(&Run {
        text,
        around: (before, after),
        features: &features,
        lang: piece.lang,
        direction: if turned { Direction::RightToLeft } else { Direction::LeftToRight },
    });
    if turned {
        shaped.reverse();
    }
    let char_at = |cluster: u32| owners[cluster as usize];
    for (i, glyph) in shaped.iter().enumerate() {
        // A control at the start may have no glyph of its own.
        let first = if i == 0 { piece.chars.start } else { char_at(glyph.cluster) };
        let same = i > 0 && shaped[i - 1].cluster == glyph.cluster;
        let end = shaped[i + 1..]
            .iter()
            .find(|g| g.cluster != glyph.cluster)
            .map_or(piece.chars.end, |g| char_at(g.cluster));
        let chars = if same { end..end } else { first..end.max(first) };
        let c = set[first].c;
        glyphs.push(SetGlyph {
            face,
            id: glyph.id,
            advance: glyph.advance * scale,
            dx: glyph.dx * scale,
            dy: glyph.dy * scale + shift,
            scale,
            style: set[first].style,
            bytes: if chars.is_empty() {
                set[first].bytes.end..set[first].bytes.end
            } else {
                set[chars.start].bytes.start..set[chars.end - 1].bytes.end
            },
            chars,
            seam: 0.0,
            blank: c == ' ' || c == '\u{3000}',
            level: piece.level,
            slack: if is_fullwidth_closing(c) && glyph.advance > 0.75 { 0.5 } else { 0.0 },
        });
    }
}

/// A full-width closing mark before the card's own closing mark gives up its empty half (clreq 3.1.6); `chws`
/// does so only inside a run, and the card's mark is a run of its own.
fn squeeze_before_marks(glyphs: &mut [SetGlyph]) {
    for i in 1..glyphs.len() {
        if glyphs[i].style == Style::Mark && glyphs[i - 1].slack > 0.0 {
            glyphs[i - 1].advance -= glyphs[i - 1].slack;
            glyphs[i - 1].slack = 0.0;
        }
    }
}

/// Opens a seam where hanzi and Latin letters or figures meet, not beside punctuation. For a quote; small texts
/// (2024年5月15日) stay closed.
pub fn seams(set: &[SetChar], glyphs: &mut [SetGlyph]) {
    let left = |c: char| c.is_ascii_alphanumeric() || c == '%' || ('\u{C0}'..='\u{24F}').contains(&c);
    let right = |c: char| c.is_ascii_alphanumeric() || ('\u{C0}'..='\u{24F}').contains(&c);
    for glyph in glyphs {
        let end = glyph.chars.end;
        if glyph.chars.is_empty() || end >= set.len() {
            continue;
        }
        let (a, b) = (set[end - 1].c, set[end].c);
        if (is_hanzi(a) && right(b)) || (left(a) && is_hanzi(b)) {
            glyph.seam = SEAM - crate::template::schema::ZH_TRACKING;
        }
    }
}

/// Makes the byte ranges join: what two glyphs share goes to the first.
fn join_bytes(glyphs: &mut [SetGlyph]) {
    let mut at = 0;
    for glyph in glyphs {
        glyph.bytes.start = glyph.bytes.start.max(at);
        glyph.bytes.end = glyph.bytes.end.max(glyph.bytes.start);
        at = glyph.bytes.end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::prepare;

    /// The faces inside the program, and those of the tests that a user might bring.
    fn fonts(brought: &[&str]) -> FontBook {
        let mut fonts = FontBook::builtin();
        for name in brought {
            let path = format!("{}/tests/fonts/{name}.ttf", env!("CARGO_MANIFEST_DIR"));
            fonts.add_fallback(name, std::fs::read(path).unwrap()).unwrap();
        }
        fonts
    }

    const ARABIC: &str = "NotoNaskhArabic-subset";

    fn set_in(text: &str, fonts: &FontBook) -> Result<Vec<SetGlyph>, Problem> {
        let face = |name| TokenFace::from(fonts.find(name).unwrap());
        let (main, fallback) = (face("NewsreaderDisplay-Medium"), face("NotoSerifSC-SemiBold"));
        let faces = Faces { main, latin: None, fallback };
        shape(&prepare::plain(text), faces, None, Lang::En, Direction::of(text), fonts)
    }

    /// For each glyph the characters that it stands for and its face.
    fn clusters<'f>(text: &str, glyphs: &[SetGlyph], fonts: &'f FontBook) -> Vec<(String, &'f str)> {
        glyphs.iter().map(|g| (text[g.bytes.clone()].to_owned(), fonts.face(g.face).name())).collect()
    }

    #[test]
    fn an_emoji_sequence_is_one_glyph_of_the_emoji_face() {
        for face in ["emoji-cbdt", "emoji-sbix"] {
            let fonts = fonts(&[face]);
            for emoji in ["🌿", "👩\u{200D}🚀", "👩🏽\u{200D}🚀", "🇫🇷", "1\u{FE0F}\u{20E3}", "❤\u{FE0F}"]
            {
                let text = format!("a {emoji} b 1");
                let glyphs = set_in(&text, &fonts).unwrap();
                let drawn: Vec<_> =
                    clusters(&text, &glyphs, &fonts).into_iter().filter(|(_, name)| *name == face).collect();
                assert_eq!(drawn, [(emoji.to_owned(), face)], "{emoji}");
                let picture = glyphs.iter().find(|g| fonts.face(g.face).name() == face).unwrap();
                assert!(fonts.face(picture.face).strike(picture.id, 64.0).is_some(), "{emoji}");
                // Blanks on both sides have the width of the text's own.
                let blanks: Vec<f32> = glyphs.iter().filter(|g| g.blank).map(|g| g.advance).collect();
                assert!(blanks.iter().all(|&b| b == blanks[2] && b < 0.4), "{emoji}: {blanks:?}");
            }
        }
    }

    #[test]
    fn selectors_choose_between_ink_and_picture() {
        let fonts = fonts(&["emoji-cbdt"]);
        let face = |text: &str| fonts.face(set_in(text, &fonts).unwrap()[0].face).name();
        assert_eq!(face("1"), "NewsreaderDisplay-Medium");
        assert_eq!(face("1\u{FE0E}"), "NewsreaderDisplay-Medium");
        assert_eq!(face("🌿"), "emoji-cbdt");
        // Asked for as text, but only a picture is there: better than none.
        assert_eq!(face("❤\u{FE0E}"), "emoji-cbdt");
    }

    #[test]
    fn an_emoji_without_a_face_is_named() {
        let fonts = fonts(&[]);
        assert_eq!(set_in("Green 🌿", &fonts), Err(Problem::MissingGlyph { character: '🌿' }));
        assert_eq!(set_in("He said سلام", &fonts), Err(Problem::MissingGlyph { character: 'س' }));
    }

    /// Ids in the order of the eye.
    fn ids(glyphs: &[SetGlyph]) -> Vec<u16> {
        in_sight(glyphs).iter().map(|g| g.id).collect()
    }

    #[test]
    fn arabic_joins_and_runs_to_the_left() {
        let fonts = fonts(&[ARABIC]);
        let glyphs = set_in("سلام", &fonts).unwrap();
        // Kept in the order of the text, shown in that of the eye.
        assert!(glyphs.is_sorted_by_key(|g| g.bytes.start));
        let mut turned = ids(&glyphs);
        turned.reverse();
        assert_eq!(turned, glyphs.iter().map(|g| g.id).collect::<Vec<_>>());
        let face = fonts.find(ARABIC).unwrap();
        let alone = fonts.face(face).glyph_id('س').unwrap();
        assert_ne!(glyphs[0].id, alone, "the seen at the start has its joined form");
        // A keyword that begins inside the word changes nothing about its letters.
        let mut set = prepare::plain("سلام");
        prepare::emphasise(&mut set, std::slice::from_ref(&(0..2)));
        let faces = Faces { main: face.into(), latin: None, fallback: face.into() };
        let parted = shape(&set, faces, None, Lang::En, Direction::RightToLeft, &fonts).unwrap();
        assert_eq!(ids(&parted), ids(&glyphs));
        // Nor does a face of its own: the letter in the other run still knows that it is joined.
        let other = fonts.find("NewsreaderDisplay-Medium").unwrap();
        let parted =
            shape(&set, faces, Some(other.into()), Lang::En, Direction::RightToLeft, &fonts).unwrap();
        assert_eq!(ids(&parted), ids(&glyphs));
    }

    #[test]
    fn figures_and_latin_keep_their_order_inside() {
        let fonts = fonts(&[ARABIC]);
        let text = "ماء (PM2.5) 2030";
        let glyphs = set_in(text, &fonts).unwrap();
        let seen: String = in_sight(&glyphs).iter().map(|g| &text[g.bytes.clone()]).collect();
        assert_eq!(seen, "2030 )PM2.5( ءام", "brackets are mirrored as glyphs");
        let sight = in_sight(&glyphs);
        let bracket = sight.iter().find(|g| &text[g.bytes.clone()] == ")").unwrap();
        let opens = fonts.face(bracket.face).glyph_id('(');
        assert_eq!(Some(bracket.id), opens, "what closes opens to the eye");
        for (cluster, name) in clusters(text, &glyphs, &fonts) {
            let latin = cluster.chars().all(|c| c.is_ascii_alphanumeric());
            assert!(!latin || name == "NewsreaderDisplay-Medium", "{cluster}");
            assert!(cluster.is_ascii() || name == ARABIC, "{cluster}");
        }
    }

    #[test]
    fn latin_needs_no_levels() {
        assert!(levels(&prepare::plain("Water is work, 水 (37)."), Direction::LeftToRight).is_empty());
    }
}
