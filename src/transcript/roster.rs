//! Who is who: the lines that introduce people, and the many ways in which a label names one of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::opening::titled;
use super::text::fold;
use super::{Kind, Person};
use crate::lang::is_hanzi;

/// Honorifics that may stand before a name.
const HONORIFICS: &str = r"(?:h\.\s?e\.\s+)?(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|lord|lady|rev|hon|sen|rep|gov|gen|amb|madame|madam|mme|mlle|sra?|herr|frau)\b\.?";

static HONORIFIC: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?i)^(?P<the>the\s+)?({HONORIFICS})\s+(?P<rest>\S.*)$")));

/// Words of a title. A line without honorific must have one of them to be a roster's.
static OFFICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?i-u:(?:spokes(?:person|man|woman)|governor|mayor|minister|secretary|director|president|premier|chancellor|professor|chief|head|officer|member|chair(?:man|woman|person)?|commissioner|editor|general|ambassador|manager|ceo|cfo|cto|executive|deputy|vice|moderator|host|analyst|economist|founder|partner|senator|representative|counsel(?:lor)?|adviser|advisor|administrator|coordinator|researcher|scientist|engineer|academician|dean|judge|justice|correspondent|reporter|journalist|anchor|fellow|envoy|treasurer|superintendent|inspector|captain|commander|doctor|physician|official)s?)\b|长|書記|书记|主任|发言人|發言人|主席|委员|委員|教授|院士|经理|總裁|总裁|代表|总监|秘书|董事|研究员|工程师|记者|主持人|专员|大使|律师|主编|医师|负责人|顾问|馆员|社長|会長|知事|大臣|官房",
    )
});

/// What makes somebody the chair, in a title or before a name.
static CHAIRS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?i-u:moderator|moderated by|chair(?:man|woman|person)?(?: of the (?:press )?(?:conference|briefing))|chaired by|host(?:ed by)?|spokes(?:person|man|woman)|press (?:bureau|office|secretary|officer)|information office)\b|新闻局|新闻发言人|主持",
    )
});

/// A part in the event that may stand before a name, with a colon.
static PART: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?P<chair>moderator|moderated by|chair(?:ed by|person|man|woman)?|host(?:ed by)?|主持人|主持)|speakers?|participants?|panel(?:l?ists?)?|guests?|attendees?|present|发布人|主讲人|嘉宾|出席嘉宾|出席人员|发言人|介绍人)$",
    )
});

/// Titles and other words that are no part of anybody's name.
const TITLES: [&str; 60] = [
    "the",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "sir",
    "dame",
    "lord",
    "lady",
    "rev",
    "reverend",
    "hon",
    "honourable",
    "honorable",
    "madam",
    "madame",
    "he",
    "vice",
    "deputy",
    "governor",
    "gov",
    "president",
    "prime",
    "minister",
    "premier",
    "secretary",
    "director",
    "general",
    "gen",
    "chairman",
    "chairwoman",
    "chairperson",
    "chair",
    "mayor",
    "senator",
    "sen",
    "representative",
    "rep",
    "congressman",
    "congresswoman",
    "ambassador",
    "amb",
    "commissioner",
    "spokesperson",
    "spokesman",
    "spokeswoman",
    "chief",
    "judge",
    "justice",
    "captain",
    "colonel",
    "commander",
    "chancellor",
    "moderator",
    "admiral",
    "undersecretary",
];

/// Common Chinese family names in the order of their numbers; four people in five bear one of them.
const FAMILY: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭蔣葉蘇魏呂盧鐘譚陸範賈韋鄒龍賀顧龔萬錢嚴湯溫齊喬龐顏倪莊聶魯關蘭紀單閻";

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the patterns are constant and tested")
}

/// A roster's line: a person, and whether it says that they chair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Name, honorific, role.
    pub person: Person,
    /// It says so: `Moderator: Ms. …`, `主持人：…`.
    pub chair: bool,
}

/// No line of a roster is longer.
const LONGEST: usize = 500;

/// Reads a line as a roster's: `Mr. Name, title`, `Name, title`, `Name – title`, `姓名 职务`, `职务 姓名`, each perhaps
/// after `Moderator:` and the like.
pub(super) fn entry(line: &str) -> Option<Entry> {
    if line.len() > LONGEST {
        return None;
    }
    if line.chars().any(is_hanzi) {
        return entry_zh(line);
    }
    let (part, introduced) = match line.split_once([':', '：']) {
        Some((part, rest)) if is_part_like(part) => (Some(part.trim()), rest.trim_start()),
        _ => (None, line),
    };
    let (named, role) = introduction(introduced)?;
    let titled = HONORIFIC.captures(named).filter(|found| found.name("the").is_none()).and_then(|found| {
        let name = found.name("rest")?.as_str();
        is_name(name).then_some((found.get(2).map(|m| m.as_str()), name))
    });
    // `Miss de la Cruz` is a name as a whole, not an honorific before one that begins in lower case.
    let (honorific, name) = match titled {
        Some((honorific, name)) => (honorific, name),
        None => is_name(named).then_some((None, named))?,
    };
    let chair = match part.map(|p| PART.captures(p)) {
        Some(None) => return None, // `Name: Other name, …` is a turn
        Some(Some(part)) => part.name("chair").is_some(),
        None => false,
    };
    let role = fold(role.trim_end_matches([';', ',']));
    let sentence = role.ends_with(['.', '!', '?', ':']) && !role.ends_with("Inc.") && !role.ends_with("D.C.");
    let (honorific, name) = (honorific.map(fold), fold(name));
    let fits = match honorific {
        Some(_) => !sentence || (OFFICE.is_match(&role) && role.split_whitespace().count() <= 12),
        None => !sentence && name.split(' ').count() >= 2 && OFFICE.is_match(&role),
    };
    if !fits {
        return None;
    }
    let person = Person { name, honorific, role: Some(role), ..Person::default() };
    Some(Entry { person, chair })
}

/// What may be a part in the event, before a colon: a few words without marks.
fn is_part_like(part: &str) -> bool {
    let part = part.trim_end();
    (2..=24).contains(&part.chars().count()) && part.chars().all(|c| c.is_alphabetic() || c == ' ')
}

/// Parts a line at its first comma, or at a dash after a blank: a name, and what is said of it.
fn introduction(line: &str) -> Option<(&str, &str)> {
    let mut last = ' ';
    for (at, c) in line.char_indices() {
        let parts = matches!(c, ',' | '，') || matches!(c, '–' | '—' | '-') && last.is_whitespace();
        if parts {
            let role = line[at + c.len_utf8()..].trim_start();
            return (at > 0 && !role.is_empty()).then(|| (line[..at].trim_end(), role));
        }
        last = c;
    }
    None
}

/// A name in letters that know capitals: up to six capitalised words, initials, and small words between them.
///
/// By hand: as a pattern, six times all letters of Unicode, it took longer to compile than to read the file.
fn is_name(text: &str) -> bool {
    const SMALL: [&str; 12] =
        ["de", "del", "la", "van", "von", "der", "den", "du", "da", "dos", "bin", "bint"];
    // A full stop ends a sentence, but for an initial's and a few others'.
    let stopped =
        |word: &str| word.ends_with('.') && word.chars().count() > 3 && !word[..word.len() - 1].contains('.');
    let capitalised = |word: &str| {
        word.starts_with(char::is_uppercase)
            && !stopped(word)
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '.' | '-'))
    };
    let arabic = |word: &str| {
        matches!(word, "al" | "el")
            || word
                .strip_prefix("al-")
                .is_some_and(|w| w.starts_with(char::is_uppercase) && w.chars().all(char::is_alphabetic))
    };
    let mut words = text.split_whitespace();
    words.next().is_some_and(capitalised)
        && words.clone().count() <= 5
        && words.all(|word| capitalised(word) || SMALL.contains(&word) || arabic(word))
}

fn entry_zh(line: &str) -> Option<Entry> {
    let (part, rest) = match line.split_once(['：', ':']) {
        Some((part, rest)) => (Some(PART.captures(part.trim())?), rest),
        None => (None, line),
    };
    let chair = part.as_ref().is_some_and(|p| p.name("chair").is_some());
    if rest.contains(['。', '！', '？', '；', '“']) {
        return None;
    }
    let mut words: Vec<String> = Vec::new();
    for word in rest.split(|c: char| c.is_whitespace() || matches!(c, '，' | ',')).filter(|w| !w.is_empty())
    {
        // A name of two is often set wide: 周　岚.
        match words.last_mut() {
            Some(last) if is_one(last) && is_one(word) => last.push_str(word),
            _ => words.push(word.to_owned()),
        }
    }
    // The other words are the title; where none is one, `司长 何静` would make a name of 司长.
    let titled =
        |n: usize| words.len() == 1 || words.iter().enumerate().any(|(i, w)| i != n && ends_in_office(w));
    let ends = [0, words.len().checked_sub(1)?];
    let at = ends.into_iter().find(|&n| is_name_zh(&words[n]) && titled(n));
    let at = at.or_else(|| ends.into_iter().find(|&n| is_name_zh(&words[n])))?;
    let mut name = words.remove(at);
    let mut honorific = None;
    for after in ["先生", "女士", "博士"] {
        if let Some(bare) = name.strip_suffix(after).map(str::to_owned) {
            name = bare;
            honorific = Some(after.to_owned());
        } else if words.first().is_some_and(|w| w == after) {
            words.remove(0);
            honorific = Some(after.to_owned());
        }
    }
    let role = words.join(" ");
    // Without a part before it, only a title shows that this is a roster.
    let chair = chair || is_chairs_part(&role);
    let fits = if role.is_empty() { part.is_some() } else { OFFICE.is_match(&role) };
    let role = (!role.is_empty()).then_some(role);
    fits.then(|| Entry { person: Person { name, honorific, role, ..Person::default() }, chair })
}

fn is_one(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(is_hanzi) && chars.next().is_none()
}

/// Two to four hanzi that begin with a family name, perhaps with 先生 or 女士.
pub(super) fn is_name_zh(word: &str) -> bool {
    let bare = ["先生", "女士", "博士"].iter().find_map(|s| word.strip_suffix(s)).unwrap_or(word);
    let length = bare.chars().count();
    let first = bare.chars().next();
    (2..=4).contains(&length)
        && bare.chars().all(is_hanzi)
        && first.is_some_and(|c| FAMILY.contains(c))
        && !(length > 2 && ends_in_office(bare))
}

/// Whether a word of office ends it, as in 何省长. Elsewhere its characters are any name's: 许长河.
fn ends_in_office(word: &str) -> bool {
    OFFICE.find_iter(word).last().is_some_and(|m| m.end() == word.len())
}

/// The honorific of a label and the rest of it.
pub(super) fn split_honorific(label: &str) -> (Option<&str>, &str) {
    if let Some(found) = HONORIFIC.captures(label) {
        let honorific = found.get(2).map(|m| m.as_str());
        let rest = found.name("rest").map_or(label, |m| m.as_str());
        return (honorific, rest);
    }
    for after in ["先生", "女士"] {
        if let Some(rest) = label.strip_suffix(after).filter(|r| !r.is_empty() && r.chars().all(is_hanzi)) {
            return (Some(after), rest.trim_end());
        }
    }
    (None, label)
}

/// Words for a part in the event: they name nobody, so they fold to nobody's longer name.
const PARTS: [&str; 30] = [
    "q",
    "a",
    "question",
    "questioner",
    "answer",
    "reporter",
    "journalist",
    "correspondent",
    "moderator",
    "host",
    "interviewer",
    "interpreter",
    "translator",
    "operator",
    "speaker",
    "audience",
    "member",
    "participant",
    "press",
    "voice",
    "announcer",
    "unidentified",
    "unknown",
    "male",
    "female",
    "记者",
    "記者",
    "问",
    "答",
    "提问",
];

/// The words of a name without accents, case, marks, titles and what stands in brackets after it. Where nothing else
/// is left titles stay, and where a part in the event is left (`Question (Radio One)`), so do the brackets.
pub(super) fn key(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut aside: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut depth = 0_u32;
    let inside = !name.trim_start().starts_with(['(', '[', '（', '【']);
    for c in name.nfkd().filter(|&c| !is_combining_mark(c)) {
        match c {
            '(' | '[' | '（' | '【' | ')' | ']' | '）' | '】' if inside => {
                finish(&mut word, if depth > 0 { &mut aside } else { &mut words });
                depth =
                    if matches!(c, '(' | '[' | '（' | '【') { depth + 1 } else { depth.saturating_sub(1) };
            }
            '\'' | '’' => {}
            c if c.is_alphanumeric() => word.extend(c.to_lowercase()),
            // 周 岚 is one name.
            _ if word.chars().next_back().is_some_and(is_hanzi) => {}
            _ => finish(&mut word, if depth > 0 { &mut aside } else { &mut words }),
        }
    }
    finish(&mut word, if depth > 0 { &mut aside } else { &mut words });
    if !words.iter().all(|w| TITLES.contains(&w.as_str())) {
        words.retain(|w| !TITLES.contains(&w.as_str()));
    }
    if is_parts(&words) {
        words.append(&mut aside);
    }
    words
}

fn finish(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

fn is_parts(words: &[String]) -> bool {
    words.iter().all(|w| PARTS.contains(&w.as_str()))
}

/// Parts of names are looked for among so many people at most.
const MOST_PEOPLE: usize = 2000;

/// Everybody known so far, and whom a label means.
#[derive(Debug, Default)]
pub(super) struct Cast {
    /// Roster first, then in the order they were added.
    pub people: Vec<Person>,
    keys: Vec<Vec<String>>,
    by_key: HashMap<Vec<String>, Vec<usize>>,
    /// Who the roster says chairs.
    pub chair: Option<usize>,
}

impl Cast {
    /// Adds a person and gives the index.
    pub(super) fn add(&mut self, person: Person) -> usize {
        let key = key(&person.name);
        self.by_key.entry(key.clone()).or_default().push(self.people.len());
        self.keys.push(key);
        self.add_aliases(self.people.len(), &person);
        self.people.push(person);
        self.people.len() - 1
    }

    /// Notes the other names under which somebody is known beforehand.
    fn add_aliases(&mut self, index: usize, person: &Person) {
        for alias in &person.aliases {
            let places = self.by_key.entry(key(alias)).or_default();
            if !places.contains(&index) {
                places.push(index);
            }
        }
    }

    /// Puts people in another order; gives the new place of each.
    pub(super) fn reorder(&mut self, order: &[usize]) -> Vec<usize> {
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new;
        }
        self.people = order.iter().map(|&old| std::mem::take(&mut self.people[old])).collect();
        self.keys = order.iter().map(|&old| std::mem::take(&mut self.keys[old])).collect();
        self.by_key.clear();
        for (n, key) in self.keys.iter().enumerate() {
            self.by_key.entry(key.clone()).or_default().push(n);
        }
        let people = std::mem::take(&mut self.people);
        for (n, person) in people.iter().enumerate() {
            self.add_aliases(n, person);
        }
        self.people = people;
        self.chair = self.chair.map(|chair| place[chair]);
        place
    }

    /// The one person that a label can mean: of the very name, of some words of it, or of its family name. `None` where
    /// it is nobody's or could be more than one's.
    pub(super) fn find(&self, label: &str) -> Option<usize> {
        let label = titled(label).map_or(label, |(name, _)| name);
        let (honorific, bare) = split_honorific(label);
        let wanted = key(bare);
        if wanted.is_empty() {
            return None;
        }
        if let (Some(chair), true) = (self.chair, is_chairs_part(label)) {
            return Some(chair);
        }
        let only = |people: Vec<usize>| match &people[..] {
            [one] => Some(*one),
            // Two of one family name: the honorific may tell.
            many => {
                let told = |n: &&usize| {
                    honorific.is_some() && short(self.people[**n].honorific.as_deref()) == short(honorific)
                };
                let mut told = many.iter().filter(told);
                told.next().filter(|_| told.next().is_none()).copied()
            }
        };
        if let Some(exact) = self.by_key.get(&wanted) {
            return only(exact.clone());
        }
        // No event has more; what looks like one has labels that are none, and the search would take their square.
        if self.people.len() > MOST_PEOPLE {
            return None;
        }
        only((0..self.people.len()).filter(|&n| is_part(&wanted, &self.keys[n])).collect())
    }
}

fn short(honorific: Option<&str>) -> Option<String> {
    honorific.map(|h| h.trim_end_matches('.').to_lowercase())
}

/// Whether a label's words are some of a name's, in order. In Chinese a family name will do, and a name with its
/// bearer's office before or after it (`周岚省长`, `主持人 何静`).
fn is_part(wanted: &[String], name: &[String]) -> bool {
    if let ([wanted], [name]) = (wanted, name) {
        if !wanted.chars().all(is_hanzi) || !name.chars().all(is_hanzi) || name.chars().count() < 2 {
            return false;
        }
        let family = wanted.chars().count() <= 2 && name.starts_with(wanted.as_str());
        let rest = wanted.strip_prefix(name.as_str()).or_else(|| wanted.strip_suffix(name.as_str()));
        return family || rest.is_some_and(|office| OFFICE.is_match(office));
    }
    if is_parts(wanted) {
        return false;
    }
    let mut words = name.iter();
    // An initial or a title alone is nobody.
    wanted.iter().any(|w| w.chars().count() > 1 && !TITLES.contains(&w.as_str()))
        && wanted.iter().all(|w| words.any(|n| n == w))
}

/// Whether a title is that of somebody who would chair a press conference.
pub(super) fn is_chairs_role(role: &str) -> bool {
    CHAIRS.is_match(role)
}

/// Whether a label is the part of the chair: `Moderator`, `主持人`.
pub(super) fn is_chairs_part(label: &str) -> bool {
    PART.captures(label.trim()).is_some_and(|part| part.name("chair").is_some())
}

/// A part in the event that asks, whoever has it.
static ASKER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\[(【（]?(?:the\s+)?(?:q[0-9]*|questions?|questioner|reporters?|journalists?|journalistes?|periodistas?|preguntas?|giornalist[ai]|domanda|fragen?|jornalistas?|correspondents?|press|media|audience(?: member)?|(?:unidentified|unknown|unnamed|male|female)\s+(?:\w+\s+)?(?:reporter|questioner|journalist|audience member|correspondent)|caller|[^,]*\b(?:reporter|correspondent|journalist))\s*#?[0-9]*[\])】）]?$|^(?:[QＱ][0-9０-９]*|问|問|質問|质问|质疑|提问|質問者|.*(?:记者|記者)[0-9]*)$",
    )
});

/// A part in the event that answers or leads, whoever has it.
static ROLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\[(【（]?(?:the\s+)?(?:a|answer|moderator|host|chair(?:man|woman|person)?|operator|interpreter|translator|interviewer|interviewee|announcer|narrator|(?:vice )?president|(?:deputy |acting |madam )?speaker|(?:presiding|senior [a-z ]+|administration|defen[cs]e|state department) (?:officer|official)s?(?: (?:[a-z]+|[0-9]+))?|(?:acting )?(?:president|chair|speaker) pro tempore|(?:prime |first )?minister|spokes(?:person|man|woman)|clerk|court|witness|panelist)[\])】）]?$|^(?:Ａ[0-9０-９]*|答|主持人?|发言人|發言人|翻译|大臣|副大臣|長官|総理|議長|委員長|会長|司会|事務局|旁白)$",
    )
});

/// Somebody whom the transcriber could not tell.
static UNKNOWN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^(?:the\s+)?(?:unknown|unidentified|unnamed|male|female)\b"));

/// Several who speak at once.
static GROUP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?:several|some|an|many)\s+)?(?:hon(?:ou?rable)?\.?\s+members?|members|senators|opposition members|government members|voices|all|audience|crowd|multiple speakers|both|reporters|journalists|众人|全体|齐声)$",
    )
});

/// Newspapers, stations and agencies, as those who ask are often called.
static OUTLET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|\b)(?i-u:(?:news|times|daily|post|herald|tribune|gazette|journal|chronicle|press|radio|television|tv|agency|broadcasting|network|magazine|weekly|reuters|bloomberg|xinhua|afp|cctv|cnn|bbc|nhk|kyodo|ap|npr|abc|cbs|nbc|cgtn|efe|dpa|tass|ria|anadolu|yonhap|jiji|sputnik|cri|media|globo|monde|zeitung|wire)\b)",
    )
});

/// What kind of speaker a name or a label means.
pub(crate) fn kind_of(name: &str) -> Kind {
    let bare = name.trim();
    let hanzi = bare.chars().any(is_hanzi);
    if GROUP.is_match(bare) {
        Kind::Group
    } else if ASKER.is_match(bare) {
        // 临河日报记者 and `Ellery Times reporter` name an outlet, 记者 and `Q` nobody.
        let named = if hanzi {
            bare.chars().count() > 3
        } else {
            bare.split_whitespace().count() > 1 && OUTLET.is_match(bare)
        };
        if named { Kind::Outlet } else { Kind::Anonymous }
    } else if ROLE.is_match(bare) {
        Kind::Role
    } else if super::label::is_outlet_zh(bare) || (!hanzi && OUTLET.is_match(bare)) {
        Kind::Outlet
    } else if bare.is_empty() || is_number_of_speaker(bare) || UNKNOWN.is_match(bare) {
        Kind::Anonymous
    } else {
        Kind::Person
    }
}

/// `SPEAKER_00`, `Speaker 2`, `spk_1`, `3`: what a machine calls a voice.
fn is_number_of_speaker(name: &str) -> bool {
    let lower = name.to_lowercase();
    let rest = ["speaker", "spk", "voice", "channel", "ch"]
        .iter()
        .find_map(|w| lower.strip_prefix(w))
        .unwrap_or(&lower);
    let rest = rest.trim_start_matches([' ', '_', '-', '#']);
    (rest.bytes().all(|b| b.is_ascii_digit()) || (rest.len() == 1 && rest.len() < lower.len()))
        && !(rest.is_empty() && lower == name)
}

/// Whether somebody asks rather than answers: unnamed questioners, outlets, reporters, analysts on an earnings call.
pub(crate) fn asks(person: &Person) -> bool {
    let role = person.role.as_deref().unwrap_or_default().to_lowercase();
    let by_role = ["analyst", "reporter", "correspondent", "journalist", "columnist", "记者", "記者"]
        .iter()
        .any(|w| role.contains(w))
        // The head of the association of journalists answers.
        && !role.contains("协会")
        && !role.contains("協會")
        && !role.contains("association");
    match person.kind {
        Kind::Outlet => true,
        Kind::Anonymous | Kind::Group => ASKER.is_match(person.name.trim()),
        Kind::Role => by_role || person.name.trim().eq_ignore_ascii_case("interviewer"),
        Kind::Person => by_role,
    }
}

/// Whether the first words of somebody say which outlet they ask for: `I'm Ann Finch, Mutual News.`
pub(super) fn introduces_outlet(name: &str, words: &str) -> bool {
    /// Bytes at the beginning in which people introduce themselves.
    const NEAR: usize = 200;
    let Some(last) = name.split_whitespace().last().filter(|word| word.chars().count() > 2) else {
        return false;
    };
    let mut end = words.len().min(NEAR);
    while !words.is_char_boundary(end) {
        end -= 1;
    }
    let head = &words[..end];
    let Some(at) = head.to_ascii_lowercase().find(&last.to_ascii_lowercase()) else { return false };
    let rest = head[at + last.len()..].trim_start_matches([',', ' ']);
    let rest =
        ["of ", "from ", "with ", "at "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    let outlet = rest
        .strip_prefix("the ")
        .unwrap_or(rest)
        .split(['.', ',', '?', '!', ';', ':'])
        .next()
        .unwrap_or_default();
    let words: Vec<&str> = outlet.split_whitespace().collect();
    (1..=4).contains(&words.len())
        && words.iter().all(|word| word.starts_with(char::is_uppercase))
        && words.last().is_some_and(|word| kind_of(word) == Kind::Outlet)
}

/// Whether a label or a name carries a word of office: `Governor`, `书记`.
pub(crate) fn has_office(text: &str) -> bool {
    OFFICE.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(line: &str) -> Option<(String, Option<String>, Option<String>)> {
        entry(line).map(|e| (e.person.name, e.person.honorific, e.person.role))
    }

    fn some(name: &str, honorific: &str, role: &str) -> Option<(String, Option<String>, Option<String>)> {
        let opt = |s: &str| (!s.is_empty()).then(|| s.to_owned());
        Some((name.to_owned(), opt(honorific), opt(role)))
    }

    #[test]
    fn lines_of_a_roster() {
        assert_eq!(
            person("Mr. Zhou Lan, deputy secretary of the (X) Committee and governor of Linhe province"),
            some("Zhou Lan", "Mr.", "deputy secretary of the (X) Committee and governor of Linhe province")
        );
        assert_eq!(person("Ann van Doorn – Chief Economist"), some("Ann van Doorn", "", "Chief Economist"));
        assert_eq!(
            person("Ned Prose, Department Spokesperson"),
            some("Ned Prose", "", "Department Spokesperson")
        );
        assert_eq!(person("周岚 临河省省长"), some("周岚", "", "临河省省长"));
        assert_eq!(
            person("周　岚\u{3000}女士\u{3000}临河省委副书记、省长"),
            some("周岚", "女士", "临河省委副书记、省长")
        );
        assert_eq!(person("临河省水利厅厅长 孙大江"), some("孙大江", "", "临河省水利厅厅长"));
        // 长 is in many a name; only at its end is it an office.
        assert_eq!(person("许长河　云泽省水利厅厅长"), some("许长河", "", "云泽省水利厅厅长"));
        assert_eq!(person("水利厅厅长 李长江"), some("李长江", "", "水利厅厅长"));
        assert_eq!(person("司长 何静"), some("何静", "", "司长"));
        assert_eq!(person("许长河先生 省长"), some("许长河", "先生", "省长"));
        let chair = entry("Moderator: Ms. Li Na, head of the press office").unwrap();
        assert!(chair.chair);
        assert_eq!(chair.person.name, "Li Na");
        assert!(entry("主持人：何静").unwrap().chair);
    }

    #[test]
    fn lines_of_no_roster() {
        for line in [
            "Washington, D.C.",
            "New York, the city",
            "Zhou Lan: Thank you, director.",
            "Mr. Zhou, thank you for coming.",
            "In May, the governor spoke.",
            "主持人：大家好",
            "大家上午好，省长来了。",
            "临河省新闻发布会",
        ] {
            assert_eq!(entry(line), None, "{line}");
        }
    }

    #[test]
    fn reporters_introduce_themselves() {
        for words in [
            "I'm Ann Finch, Mutual News.",
            "Ann Finch, ABC.",
            "Thank you. Ann Finch with the Harbor Daily. Why?",
        ] {
            assert!(introduces_outlet("Ann Finch", words), "{words}");
        }
        for words in [
            "I'm Ann Finch, head of the press.",
            "I'm Ann Finch of the Office of Radio Permits.",
            "Ann Finch will speak to CNN.",
            "Good morning.",
        ] {
            assert!(!introduces_outlet("Ann Finch", words), "{words}");
        }
    }

    #[test]
    fn brackets_tell_askers_apart() {
        assert_eq!(key("Ann O'Neil (Ellery Times)"), ["ann", "oneil"]);
        assert_ne!(key("Question (Ellery Times)"), key("Question (Radio One)"));
        assert_eq!(key("[Reporter]"), ["reporter"]);
        assert_eq!(key("THE PRESIDENT"), ["the", "president"]);
    }

    #[test]
    fn the_chair_goes_by_the_part() {
        let mut cast = Cast::default();
        let chair = cast.add(entry("主持人：何静").unwrap().person);
        assert_eq!(cast.find("主持人"), None);
        cast.chair = Some(chair);
        assert_eq!((cast.find("主持人"), cast.find("MODERATOR:".trim_end_matches(':'))), (Some(0), Some(0)));
        let chair = cast.add(Person { name: "CHAIR".into(), ..Person::default() });
        cast.chair = None;
        assert_eq!(cast.find("Chair"), Some(chair));
    }

    #[test]
    fn labels_fold_to_people() {
        let mut cast = Cast::default();
        for line in [
            "Mr. Jin Dawei, governor",
            "Ms. Wu Fang, mayor",
            "Mr. Wu Lei, minister",
            "José H Fleming, reporter",
            "周岚 临河省省长",
        ] {
            cast.add(entry(line).unwrap().person);
        }
        for (label, n) in [
            ("Jin Dawei", Some(0)),
            ("Mr. Jin", Some(0)),
            ("Governor Jin", Some(0)),
            ("JIN", Some(0)),
            ("Wu", None),
            ("Ms. Wu", Some(1)),
            ("Jose Fleming", Some(3)),
            ("H", None),
            ("Q", None),
            ("Governor", None),
            ("周 岚", Some(4)),
            ("周岚（省长）", Some(4)),
            ("周", Some(4)),
            ("Jin Dawei, governor of Linhe", Some(0)),
            ("周岚省长", Some(4)),
            ("主持人 周岚", Some(4)),
            ("周岚峰", None),
            ("Reporter", None),
        ] {
            assert_eq!(cast.find(label), n, "{label}");
        }
    }
}
