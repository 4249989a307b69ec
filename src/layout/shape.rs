//! From characters to glyphs, at unit size: which face serves which character, then shaping run by run.
//!
//! A text is shaped once; sizes are searched on the advances. Faces are chosen as `fonts.md` of the design says:
//! Latin letters and figures inside Chinese come from the Latin partner, a Chinese face never serves Latin,
//! Greek or Cyrillic, and a character that no face has is an error, never a box.

use std::ops::Range;

use harfrust::{Feature, Tag};

use super::error::Problem;
use super::prepare::{SetChar, Style};
use crate::font::{FaceId, FontBook};
use crate::lang::{Lang, is_hanzi};
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
    matches!(c, '，' | '。' | '、' | '；' | '：' | '）' | '》' | '」' | '』' | '】' | '〉' | '〕' | '．')
}

/// Letters that run from right to left (Unicode's blocks of them). Lines are set from left to right, so a face that has
/// them would print their words backwards.
fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

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

fn choose(c: char, faces: Faces, fonts: &FontBook) -> Option<Choice> {
    let tokens = faces.latin.filter(|_| is_latin(c)).into_iter().chain([faces.main, faces.fallback]);
    let order = tokens.flat_map(TokenFace::each);
    let own = |c: char| order.clone().find(|&face| fonts.face(face).glyph_id(c).is_some());
    // A face that the user brings may hold a character as a picture in colour, which would be painted as a blank.
    let drawn = |face: FaceId, c: char| {
        fonts.face(face).glyph_id(c).is_some_and(|id| c.is_whitespace() || fonts.face(face).has_outline(id))
    };
    let has = |c: char| own(c).or_else(|| fonts.fallbacks().find(|&face| drawn(face, c)));
    if let Some(face) = has(c) {
        return Some(Choice::plain(face, c));
    }
    let stand_in = match c {
        '\u{A0}' | '\u{2009}' | '\u{202F}' | '\u{3000}' | '\u{2002}'..='\u{200A}' => ' ',
        '\u{2010}' | '\u{2011}' => '-',
        _ => {
            let (digit, shift) = script_digit(c)?;
            return Some(Choice { scale: SCRIPT_SIZE, shift, ..Choice::plain(has(digit)?, digit) });
        }
    };
    has(stand_in).map(|face| Choice::plain(face, stand_in))
}

/// Shapes a text.
///
/// `keyword` is the face of emphasised Latin text, where the template has one.
///
/// # Errors
///
/// A character that no face has.
pub fn shape(
    set: &[SetChar],
    faces: Faces,
    keyword: Option<TokenFace>,
    lang: Lang,
    fonts: &FontBook,
) -> Result<Vec<SetGlyph>, Problem> {
    let mut glyphs: Vec<SetGlyph> = Vec::with_capacity(set.len());
    let mut run = String::new();
    let mut starts: Vec<usize> = Vec::new();
    let mut next = choice_of(set, 0, faces, keyword, fonts)?;
    let mut from = 0;
    while from < set.len() {
        let Some(first) = next.take() else { break };
        run.clear();
        starts.clear();
        let halt = is_cjk_mark(set, from, lang);
        let (face, scale, shift) = (first.face, first.scale, first.shift);
        run.push(first.c);
        starts.push(0);
        let mut to = from + 1;
        while to < set.len() {
            let choice = choice_of(set, to, faces, keyword, fonts)?.expect("`to` is in range");
            #[allow(clippy::float_cmp, reason = "both are one of two constants")]
            let joins = choice.face == face
                && choice.scale == scale
                && choice.shift == shift
                && is_cjk_mark(set, to, lang) == halt;
            if !joins {
                next = Some(choice);
                break;
            }
            starts.push(run.len());
            run.push(choice.c);
            to += 1;
        }
        let how = Run { face, scale, shift, halt, lang };
        place_run(set, from, &run, &starts, how, fonts, &mut glyphs);
        from = to;
    }
    squeeze_before_marks(&mut glyphs);
    join_bytes(&mut glyphs);
    Ok(glyphs)
}

/// Shapes one character for a cell of vertical text, in its vertical form where the face has one.
///
/// # Errors
///
/// A character that no face has.
pub fn upright(c: &SetChar, faces: Faces, fonts: &FontBook) -> Result<Vec<SetGlyph>, Problem> {
    let mut glyphs = shape(std::slice::from_ref(c), faces, None, Lang::Zh, fonts)?;
    if let [glyph] = glyphs.as_mut_slice() {
        let vertical = [Feature::new(Tag::new(b"vert"), 1, ..)];
        if let [upright] = fonts.face(glyph.face).shape(&c.c.to_string(), &vertical, Lang::Zh).as_slice() {
            (glyph.id, glyph.advance) = (upright.id, upright.advance);
        }
    }
    Ok(glyphs)
}

struct Run {
    face: FaceId,
    scale: f32,
    shift: f32,
    halt: bool,
    lang: Lang,
}

/// The card's own marks round a Chinese quote are set half-width.
fn is_cjk_mark(set: &[SetChar], at: usize, lang: Lang) -> bool {
    lang == Lang::Zh && set[at].style == Style::Mark
}

fn choice_of(
    set: &[SetChar],
    at: usize,
    faces: Faces,
    keyword: Option<TokenFace>,
    fonts: &FontBook,
) -> Result<Option<Choice>, Problem> {
    let Some(s) = set.get(at) else { return Ok(None) };
    if is_right_to_left(s.c) {
        return Err(Problem::RightToLeft { character: s.c });
    }
    let mut faces = faces;
    if let (Style::Keyword, Some(face)) = (s.style, keyword) {
        faces.main = face;
    }
    // A blank takes the face of its neighbour, so that it has that face's width and kerning.
    if s.c == ' '
        && at > 0
        && set[at - 1].c != ' '
        && let Some(before) = choose(set[at - 1].c, faces, fonts)
        && fonts.face(before.face).glyph_id(' ').is_some()
    {
        return Ok(Some(Choice::plain(before.face, ' ')));
    }
    choose(s.c, faces, fonts).map(Some).ok_or(Problem::MissingGlyph { character: s.c })
}

fn place_run(
    set: &[SetChar],
    from: usize,
    run: &str,
    starts: &[usize],
    how: Run,
    fonts: &FontBook,
    glyphs: &mut Vec<SetGlyph>,
) {
    let mut features = Vec::new();
    if run.chars().any(|c| c > '\u{2010}') {
        // Squeezes runs of full-width punctuation (W3C clreq 3.1.6).
        features.push(Feature::new(Tag::new(b"chws"), 1, ..));
    }
    if how.halt {
        features.push(Feature::new(Tag::new(b"halt"), 1, ..));
    }
    let shaped = fonts.face(how.face).shape(run, &features, how.lang);
    let char_at = |cluster: u32| from + starts.partition_point(|&s| s <= cluster as usize) - 1;
    for (i, glyph) in shaped.iter().enumerate() {
        let first = char_at(glyph.cluster);
        let same = i > 0 && shaped[i - 1].cluster == glyph.cluster;
        let end = shaped[i + 1..]
            .iter()
            .find(|g| g.cluster != glyph.cluster)
            .map_or(from + starts.len(), |g| char_at(g.cluster));
        let chars = if same { end..end } else { first..end.max(first) };
        let c = set[first].c;
        glyphs.push(SetGlyph {
            face: how.face,
            id: glyph.id,
            advance: glyph.advance * how.scale,
            dx: glyph.dx * how.scale,
            dy: glyph.dy * how.scale + how.shift,
            scale: how.scale,
            style: set[first].style,
            bytes: if chars.is_empty() {
                set[first].bytes.end..set[first].bytes.end
            } else {
                set[chars.start].bytes.start..set[chars.end - 1].bytes.end
            },
            chars,
            seam: 0.0,
            blank: c == ' ' || c == '\u{3000}',
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
