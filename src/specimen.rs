//! Cards of invented words, such as may come: for them a [`Plate`](crate::export::png::Plate) is made ready, which
//! must not depend on those that do come.

use std::io::Cursor;
use std::sync::Arc;

use crate::card;
use crate::font::FontBook;
use crate::layout::{self, Layout};
use crate::look::Look;
use crate::select::Quote;
use crate::template::Art;
use crate::transcript::{self, ReadOptions};

/// With all that a card can show. The languages have inks and faces of their own.
const ROWS: &str = r#"[
{"text": "A fair transition is no slogan; it is a bus that stops in over 60 towns after their mines have closed.",
 "highlight": ["fair transition"], "translation": "公平的转型不是口号。", "speaker": "Lu Zhiheng",
 "role": "Governor of Yunze province", "date": "2031-04-16", "event": "YIO press conference", "kicker": "Economy",
 "photo_credit": "Photo: YIO", "series": "2/5"},
{"text": "有一条好路、一位医生的山村，就不再偏远；我们看的是1900公里公交线路的末班车开到几点。",
 "highlight": ["好路"], "speaker": "陆之恒", "role": "云泽省省长", "date": "2031-04-16", "event": "新闻发布会",
 "kicker": "经济", "photo_credit": "图：云泽", "series": "2/5"}
]"#;

/// Laid out on a look; those that do not fit it are left out.
#[must_use]
pub fn layouts(look: &Look<'_>, fonts: &FontBook) -> Vec<Layout> {
    let Ok(list) = transcript::read("specimen.json", ROWS.as_bytes(), &ReadOptions::default()) else {
        return Vec::new();
    };
    let (options, photo) = (card::Options::default(), photo());
    let laid_out = |turn: usize| {
        let whole = 0..list.output.turns[turn].text.len();
        let quote = Quote::new(&list.output, turn, whole)?;
        let photo = look.template.shows_photo().then_some(photo.as_ref()?);
        let card = card::compose(&quote, &[], look.template, &look.size, look.brand, &options, photo).ok()?;
        Some(layout::layout(&card, look, fonts).ok()?.output)
    };
    (0..list.output.turns.len()).filter_map(laid_out).collect()
}

/// In a photograph's place.
fn photo() -> Option<Arc<Art>> {
    let mut file = Cursor::new(Vec::new());
    let shades = image::RgbImage::from_fn(64, 64, |x, y| image::Rgb([(x * 4) as u8, (y * 4) as u8, 128]));
    shades.write_to(&mut file, image::ImageFormat::Png).ok()?;
    Art::from_photo("specimen.png", file.get_ref()).ok().map(Arc::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Brand, Template, builtin_names};

    #[test]
    fn every_template_takes_them_at_every_size() {
        let (fonts, brand) = (FontBook::builtin(), Brand::default());
        for name in builtin_names() {
            let template = Template::builtin(name).unwrap();
            for row in card::SIZES {
                let look = Look::new(&template, &row.name.parse().unwrap(), &brand, &fonts).unwrap();
                assert_eq!(layouts(&look, &fonts).len(), 2, "{name} {}", row.name);
            }
        }
    }
}
