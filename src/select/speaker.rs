//! Whom a name means.

use super::SelectError;
use super::fold::{fold, is_unspaced};
use crate::lang::is_hanzi;
use crate::transcript::{Person, Transcript};

/// Everybody whom a transcript names: all that is needed of it to tell who is meant. `Default` is nobody.
#[derive(Debug, Default)]
pub struct Roll {
    /// In the order of its people.
    people: Vec<(String, Names)>,
    /// Those who speak, in order of speaking.
    speaking: Vec<usize>,
}

impl Roll {
    /// Of one transcript.
    #[must_use]
    pub fn of(transcript: &Transcript) -> Self {
        let mut seen = vec![false; transcript.people.len()];
        let speaking = transcript.turns.iter().map(|turn| turn.speaker);
        let speaking = speaking
            .filter(|&i| seen.get_mut(i).is_some_and(|seen| !std::mem::replace(seen, true)))
            .collect();
        let names = names(transcript);
        Self { people: transcript.people.iter().map(|p| p.name.clone()).zip(names).collect(), speaking }
    }
}

impl Roll {
    /// Whom a name means: indices of the transcript's people, by the nearest kind of match (all of whom are meant
    /// where several are equally near); empty where it is nobody's.
    #[must_use]
    pub fn whom(&self, asked: &str) -> Vec<usize> {
        let name = Asked::new(asked);
        let fits: Vec<Option<Fit>> = self.people.iter().map(|(_, names)| name.fit(names)).collect();
        let Some(best) = fits.iter().flatten().min() else { return Vec::new() };
        (0..fits.len()).filter(|&i| fits[i].as_ref() == Some(best)).collect()
    }
}

/// For each transcript, for each of its people: whether one of the names asked for means that person. `None` if
/// nobody in particular is asked for.
///
/// Over all transcripts the nearest kind of match counts: where somebody is called `Jin`, `Jinping` is not meant.
///
/// # Errors
///
/// [`SelectError::UnknownSpeaker`] for a name that means nobody in any transcript.
pub(super) fn resolve(rolls: &[Roll], asked: &[String]) -> Result<Option<Vec<Vec<bool>>>, SelectError> {
    if asked.is_empty() {
        return Ok(None);
    }
    let mut wanted: Vec<Vec<bool>> = rolls.iter().map(|roll| vec![false; roll.people.len()]).collect();
    for asked in asked {
        let name = Asked::new(asked);
        let fits = |roll: &Roll| roll.people.iter().map(|(_, names)| name.fit(names)).collect();
        let fits: Vec<Vec<_>> = rolls.iter().map(fits).collect();
        let Some(best) = fits.iter().flatten().flatten().min() else {
            return Err(unknown(rolls, asked));
        };
        for (wanted, fits) in wanted.iter_mut().zip(&fits) {
            for (wanted, fit) in wanted.iter_mut().zip(fits) {
                *wanted |= fit.as_ref() == Some(best);
            }
        }
    }
    Ok(Some(wanted))
}

/// How a name means somebody; the first is nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// All of its words are words of one of the person's names.
    Words,
    /// The same, but for words of a title.
    WithTitle,
    /// It is inside one of the names, or (in hanzi) one of the names inside it.
    Inside,
}

/// What a person is called, folded.
#[derive(Debug)]
struct Names {
    /// The name, aliases and labels.
    forms: Vec<Form>,
    /// The words of the role.
    role: Vec<String>,
}

#[derive(Debug)]
struct Form {
    words: Vec<String>,
    /// Without blanks.
    run: String,
}

impl Form {
    fn new(name: &str) -> Self {
        let words = words(name);
        Self { run: words.concat(), words }
    }
}

/// Folded words: hyphens part, apostrophes do not (O’Brien is `obrien`).
fn words(name: &str) -> Vec<String> {
    let folded = fold(name).replace('\'', "");
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Everybody's names in one transcript, in the order of its people.
fn names(transcript: &Transcript) -> Vec<Names> {
    let mut labels: Vec<Vec<&str>> = vec![Vec::new(); transcript.people.len()];
    for turn in &transcript.turns {
        // A person has few labels, in nearly all documents one.
        if let Some(labels) = labels.get_mut(turn.speaker)
            && !labels.contains(&turn.label.as_str())
        {
            labels.push(&turn.label);
        }
    }
    let of = |(person, labels): (&Person, Vec<&str>)| {
        let others = person.aliases.iter().map(String::as_str).chain(labels).filter(|&n| n != person.name);
        Names {
            forms: std::iter::once(person.name.as_str()).chain(others).map(Form::new).collect(),
            role: person.role.as_deref().map(words).unwrap_or_default(),
        }
    };
    transcript.people.iter().zip(labels).map(of).collect()
}

/// A name as asked for.
struct Asked {
    /// Without honorifics.
    words: Vec<String>,
    run: String,
    /// In hanzi, without a title at its end: 金省长 is 金.
    bare: Option<String>,
}

const HONORIFICS: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "madame", "gen", "sen", "rep", "gov",
    "lt", "col", "capt", "sgt", "rev", "hon", "m", "mme", "mlle", "herr", "frau", "señor", "senor", "senora",
    "the",
];

/// Titles that people put before a name even where the roster gives none.
const TITLES: &[&str] = &[
    "ambassador",
    "assistant",
    "chair",
    "chairman",
    "chairperson",
    "chairwoman",
    "chancellor",
    "chief",
    "commissioner",
    "congressman",
    "congresswoman",
    "deputy",
    "director",
    "doctor",
    "executive",
    "general",
    "governor",
    "king",
    "lady",
    "lord",
    "mayor",
    "minister",
    "moderator",
    "officer",
    "of",
    "premier",
    "president",
    "presiding",
    "prime",
    "professor",
    "queen",
    "secretary",
    "senator",
    "speaker",
    "spokesman",
    "spokesperson",
    "spokeswoman",
    "vice",
];

/// Longest first, so that 副省长 is not left as 副.
const TITLES_ZH: &[&str] = &[
    "新闻发言人",
    "国务委员",
    "发言人",
    "主持人",
    "副省长",
    "副部长",
    "副主任",
    "副局长",
    "副市长",
    "副主席",
    "副书记",
    "总书记",
    "副总理",
    "先生",
    "女士",
    "小姐",
    "省长",
    "部长",
    "主任",
    "局长",
    "司长",
    "市长",
    "院长",
    "主席",
    "总理",
    "总统",
    "书记",
    "教授",
    "博士",
    "记者",
    "大使",
    "处长",
    "县长",
    "校长",
    "主播",
    "委员",
    "同志",
];

impl Asked {
    fn new(asked: &str) -> Self {
        let all = words(asked);
        let words: Vec<_> = all.iter().filter(|w| !HONORIFICS.contains(&w.as_str())).cloned().collect();
        let words = if words.is_empty() { all } else { words };
        let run = words.concat();
        let bare = TITLES_ZH.iter().find_map(|title| run.strip_suffix(title)).filter(|bare| !bare.is_empty());
        Self { bare: bare.map(str::to_owned), words, run }
    }

    fn fit(&self, person: &Names) -> Option<Fit> {
        if self.words.is_empty() {
            return None;
        }
        person.forms.iter().filter_map(|form| self.fit_form(form, &person.role)).min()
    }

    fn fit_form(&self, form: &Form, role: &[String]) -> Option<Fit> {
        let in_name = |word: &String| form.words.contains(word);
        if self.words.iter().all(in_name) || self.run == form.run {
            return Some(Fit::Words);
        }
        if self.run.contains(is_unspaced) {
            let bare = self.bare.as_deref().unwrap_or(&self.run);
            // The family name stands first.
            if form.run.starts_with(bare) {
                return Some(if self.bare.is_some() { Fit::WithTitle } else { Fit::Words });
            }
            let whole = form.run.contains(is_unspaced)
                && form.run.chars().count() > 1
                && self.run.contains(&form.run);
            return (form.run.contains(bare) || whole).then_some(Fit::Inside);
        }
        // The role decides where the document tells it: "vice governor Zhao" is nobody's director.
        let title =
            |w: &String| if role.is_empty() { TITLES.contains(&w.as_str()) } else { role.contains(w) };
        let is_title = |w: &String| title(w) || TITLES.contains(&w.as_str());
        if self.words.iter().all(|w| in_name(w) || title(w))
            && self.words.iter().any(|w| in_name(w) && !is_title(w))
        {
            return Some(Fit::WithTitle);
        }
        // One letter is inside nearly everybody's name.
        (self.run.chars().count() > 1 && form.run.contains(&self.run)).then_some(Fit::Inside)
    }
}

/// Names nearer than this are worth a "did you mean": a letter or two wrong, not another name.
const NEAR: f64 = 0.8;

fn unknown(rolls: &[Roll], asked: &str) -> SelectError {
    let asked_as = Asked::new(asked);
    let mut speakers: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut near: Option<(f64, &str)> = None;
    for roll in rolls {
        let spoken = roll.speaking.iter().map(|&i| &roll.people[i].0);
        speakers.extend(spoken.filter(|name| seen.insert(name.as_str())).cloned());
        let mut by_roster = roll.speaking.clone();
        by_roster.sort_unstable();
        for (name, names) in by_roster.into_iter().map(|i| &roll.people[i]) {
            let likeness = names.forms.iter().map(|form| asked_as.likeness(form)).fold(0.0, f64::max);
            // `governor` is nobody's name, and still tells who is meant.
            let by_role = !asked_as.words.is_empty() && asked_as.words.iter().all(|w| names.role.contains(w));
            let likeness = if by_role { likeness.max(NEAR) } else { likeness };
            // Only a better one: among equals the first speaker stays.
            if likeness >= NEAR && near.is_none_or(|(best, _)| likeness > best) {
                near = Some((likeness, name));
            }
        }
    }
    SelectError::UnknownSpeaker { asked: asked.to_owned(), near: near.map(|(_, n)| n.to_owned()), speakers }
}

impl Asked {
    /// 0 to 1: how like the whole name or one of its words this is.
    fn likeness(&self, form: &Form) -> f64 {
        let whole = strsim::jaro_winkler(&self.run, &form.run);
        // A Chinese name is so short that one wrong character of three already counts for another.
        let slip = self.run.chars().count() > 2
            && self.run.chars().all(is_hanzi)
            && strsim::damerau_levenshtein(&self.run, &form.run) == 1;
        let whole = if slip { whole.max(NEAR) } else { whole };
        let pairs = self.words.iter().flat_map(|a| form.words.iter().map(move |b| (a, b)));
        // Two letters are alike too easily.
        let pairs = pairs.filter(|(a, b)| a.chars().count() > 2 && b.chars().count() > 2);
        pairs.map(|(a, b)| strsim::jaro_winkler(a, b)).fold(whole, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{person, transcript};
    use super::*;

    fn roster() -> Vec<Transcript> {
        let mut one =
            transcript(&[("Chen Wenjun", "Hello."), ("Jin Xiangjun", "Hello."), ("José O’Brien", "Hi.")]);
        one.people[1].role = Some("deputy secretary and governor of Shanxi province".into());
        one.people[1].honorific = Some("Mr.".into());
        one.people[0].aliases = vec!["Moderator".into()];
        one.people.push(Person { role: Some("vice governor of Shanxi".into()), ..person("Zhao Hongyan") });
        let mut two = transcript(&[("金湘军", "好。"), ("新华社记者", "好？"), ("Ned Price", "Hello.")]);
        two.turns[2].label = "MR PRICE".into();
        vec![one, two]
    }

    fn rolls(transcripts: &[Transcript]) -> Vec<Roll> {
        transcripts.iter().map(Roll::of).collect()
    }

    fn who(asked: &str) -> Result<Vec<String>, SelectError> {
        let transcripts = roster();
        let wanted = resolve(&rolls(&transcripts), &[asked.to_owned()])?.unwrap();
        let people = transcripts.iter().zip(&wanted).flat_map(|(t, w)| t.people.iter().zip(w));
        Ok(people.filter(|(_, wanted)| **wanted).map(|(person, _)| person.name.clone()).collect())
    }

    #[test]
    fn names_mean_people() {
        let cases: &[(&str, &[&str])] = &[
            ("Jin", &["Jin Xiangjun"]),
            ("jin xiangjun", &["Jin Xiangjun"]),
            ("Xiangjun Jin", &["Jin Xiangjun"]),
            ("JIN XIANGJUN", &["Jin Xiangjun"]),
            ("JinXiangjun", &["Jin Xiangjun"]),
            ("Mr. Jin", &["Jin Xiangjun"]),
            ("Governor Jin", &["Jin Xiangjun"]),
            ("Governor Jin Xiangjun", &["Jin Xiangjun"]),
            ("governor of Shanxi Jin", &["Jin Xiangjun"]),
            ("vice governor Zhao", &["Zhao Hongyan"]),
            ("xiangj", &["Jin Xiangjun"]),
            ("wenjun", &["Chen Wenjun"]),
            ("moderator", &["Chen Wenjun"]),
            ("The Moderator", &["Chen Wenjun"]),
            ("Spokesperson Chen", &["Chen Wenjun"]),
            ("jose", &["José O’Brien"]),
            ("O'Brien", &["José O’Brien"]),
            ("obrien", &["José O’Brien"]),
            ("jun", &["Chen Wenjun", "Jin Xiangjun"]),
            ("金湘军", &["金湘军"]),
            ("湘军", &["金湘军"]),
            ("金", &["金湘军"]),
            ("金省长", &["金湘军"]),
            ("金湘军省长", &["金湘军"]),
            ("省长金湘军", &["金湘军"]),
            ("新华社", &["新华社记者"]),
            ("记者", &["新华社记者"]),
            ("Mr Price", &["Ned Price"]),
            ("MR. PRICE:", &["Ned Price"]),
            ("Ned", &["Ned Price"]),
        ];
        for (asked, expected) in cases {
            assert_eq!(who(asked).unwrap_or_default(), *expected, "{asked}");
        }
    }

    #[test]
    fn an_unknown_name_gets_the_nearest_and_the_list() {
        for (asked, nearest) in [
            ("Jim", None::<&str>),
            ("Jin Xiangjum", Some("Jin Xiangjun")),
            ("Xiangjon", Some("Jin Xiangjun")),
            ("Wenjin", Some("Chen Wenjun")),
            ("Prise", Some("Ned Price")),
            ("金湘君", Some("金湘军")),
            ("Director Jin", Some("Jin Xiangjun")),
            ("governor", Some("Jin Xiangjun")),
            ("Smith", None),
            ("王", None),
            ("", None),
            ("—", None),
        ] {
            let Err(SelectError::UnknownSpeaker { asked: told, near, speakers }) = who(asked) else {
                panic!("{asked} is somebody");
            };
            assert_eq!(told, asked);
            if asked != "Jim" {
                assert_eq!(near.as_deref(), nearest, "{asked}");
            }
            // Zhao Hongyan is in the roster and says nothing.
            assert_eq!(
                speakers,
                ["Chen Wenjun", "Jin Xiangjun", "José O’Brien", "金湘军", "新华社记者", "Ned Price"]
            );
        }
    }

    #[test]
    fn several_names_mean_any_of_them_and_one_unknown_is_told() {
        let transcripts = rolls(&roster());
        let asked = ["Jin".to_owned(), "Price".to_owned()];
        let wanted = resolve(&transcripts, &asked).unwrap().unwrap();
        assert_eq!(wanted, [vec![false, true, false, false], vec![false, false, true]]);
        let asked = ["Jin".to_owned(), "Nobody".to_owned()];
        assert!(
            matches!(resolve(&transcripts, &asked), Err(SelectError::UnknownSpeaker { asked, .. }) if asked == "Nobody")
        );
        assert_eq!(resolve(&transcripts, &[]), Ok(None));
    }
}
