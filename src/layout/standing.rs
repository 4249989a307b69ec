//! Standing type: a small text that comes again need not be set again. Names, roles, events and dates are the same on
//! many cards of a list, and to shape them takes a fifth of the time that a card's layout takes.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, BuildHasherDefault};

use rustc_hash::{FxHashMap, FxHasher};

use super::block::Matter;
use super::error::Problem;
use crate::lang::Lang;
use crate::look::Faces;

/// Texts that a thread keeps; when there are more it begins anew.
const MOST: usize = 256;

/// A longer text is hardly one that comes again.
const LONGEST: usize = 160;

/// All that a small text's shape depends on, beside its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Setting {
    /// The identity of the book that its faces are in.
    pub fonts: u64,
    /// Its faces.
    pub faces: Faces,
    /// Whose rules it follows.
    pub lang: Lang,
    /// It is set in capitals.
    pub capitals: bool,
}

type Kept = FxHashMap<u64, (Box<str>, Setting, Matter)>;

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::default();
}

/// A text's matter, by `set` where it is not standing yet.
///
/// # Errors
///
/// Those of `set`.
pub(super) fn matter(
    text: &str,
    setting: Setting,
    set: impl FnOnce() -> Result<Matter, Problem>,
) -> Result<Matter, Problem> {
    if text.len() > LONGEST {
        return set();
    }
    let place = BuildHasherDefault::<FxHasher>::default().hash_one((text, setting));
    let found = KEPT.with_borrow(|kept| {
        kept.get(&place)
            .filter(|(of, by, _)| **of == *text && *by == setting)
            .map(|(.., matter)| matter.clone())
    });
    if let Some(found) = found {
        return Ok(found);
    }
    let matter = set()?;
    KEPT.with_borrow_mut(|kept| {
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(place, (text.into(), setting, matter.clone()));
    });
    Ok(matter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::FontBook;
    use crate::look::TokenFace;

    #[test]
    fn a_text_is_set_once_for_its_faces_and_language() {
        let fonts = FontBook::builtin();
        let face = |name: &str| TokenFace::from(fonts.find(name).unwrap());
        let (serif, sans) = (face("NewsreaderDisplay-Medium"), face("LibreFranklin-Bold"));
        let mut times = 0;
        let mut ask = |text: &str, main: TokenFace, lang: Lang, capitals: bool, fonts: u64| {
            let faces = Faces { main, latin: None, fallback: main };
            let set = || {
                times += 1;
                Ok(Matter::default())
            };
            matter(text, Setting { fonts, faces, lang, capitals }, set).unwrap();
            times
        };
        assert_eq!(ask("Lu Zhiheng", serif, Lang::En, false, 1), 1);
        assert_eq!(ask("Lu Zhiheng", serif, Lang::En, false, 1), 1);
        assert_eq!(ask("Lu Zhihong", serif, Lang::En, false, 1), 2);
        assert_eq!(ask("Lu Zhiheng", sans, Lang::En, false, 1), 3);
        assert_eq!(ask("Lu Zhiheng", serif, Lang::Zh, false, 1), 4);
        assert_eq!(ask("Lu Zhiheng", serif, Lang::En, true, 1), 5);
        assert_eq!(ask("Lu Zhiheng", serif, Lang::En, false, 2), 6);
        for i in 0..2 * MOST {
            ask(&format!("Somebody {i}"), serif, Lang::En, false, 1);
            assert!(KEPT.with_borrow(|kept| kept.len()) <= MOST);
        }
    }
}
