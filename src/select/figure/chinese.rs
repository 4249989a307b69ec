//! Figures in Chinese: no blanks, so words are told by tables and, for nouns, by the dictionary's segments.

use std::ops::Range;
use std::sync::LazyLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use regex::Regex;

use super::number::{Number, degree_len, head, numbers, symbol_len, tail};
use super::{Candidate, Facts, Pulled, qualifier_before};
use crate::lang::is_hanzi;

/// All figures of a text, in order.
pub(super) fn figures(text: &str) -> Vec<Candidate<'_>> {
    numbers(text).iter().filter_map(|number| candidate(text, number)).collect()
}

fn candidate<'t>(text: &'t str, number: &Number) -> Option<Candidate<'t>> {
    let qualifier = qualifier_before(&text[..number.range.start]);
    let start = qualifier.as_ref().map_or(number.range.start, |q| q.start);
    let before = tail(&text[..start], 60);
    let after = head(&text[number.range.end..], 60);
    if is_label(before) || is_span(before, after, number) {
        return None;
    }
    let unit = unit(text, number)?;
    if !number.percent && is_dated(text, number, &unit, before, qualifier.is_some()) {
        return None;
    }
    let sign = number.percent || number.currency;
    let Unit { scale, time, .. } = unit;
    let facts = move || Facts {
        sign,
        moves: MOVES.is_match(before),
        rate: before.trim_end().chars().rev().take(6).any(|c| c == '每'),
        scale,
        time,
        base: BASE.is_match(before),
    };
    let pulled = Pulled { qualifier, number: number.range.clone(), unit: unit.range };
    Some(Candidate { pulled, facts: Box::new(facts) })
}

/// Longest first: 不超过 is not 超过.
const QUALIFIERS: &[&str] = &[
    "不超过",
    "不少于",
    "不低于",
    "不高于",
    "不到",
    "不足",
    "不下",
    "超过",
    "大约",
    "大概",
    "至少",
    "至多",
    "最多",
    "最少",
    "将近",
    "接近",
    "差不多",
    "几乎",
    "低于",
    "高于",
    "少于",
    "多于",
    "小于",
    "大于",
    "超",
    "约",
    "近",
    "逾",
];

/// Words that end with one of them and mean something else: 节约, 附近, 条约.
const NOT_QUALIFIERS: &[&str] = &[
    "节约", "条约", "公约", "合约", "预约", "契约", "违约", "签约", "制约", "集约", "邀约", "附近", "最近",
    "邻近", "临近", "靠近", "反超", "赶超",
];

/// The qualifier that a text ends with.
pub(super) fn qualifier(before: &str) -> Option<Range<usize>> {
    let trimmed = before.trim_end();
    if NOT_QUALIFIERS.iter().any(|word| trimmed.ends_with(word)) {
        return None;
    }
    let found = QUALIFIERS.iter().find(|word| trimmed.ends_with(*word))?;
    Some(trimmed.len() - found.len()..trimmed.len())
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is well formed")
}

static MOVES: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        "(?:降|升|增|减|下降|上升|增长|增加|提高|提升|减少|下滑|回落|扩大|缩小|翻|达|突破|同比|环比)[^。；！？]{0,12}$",
    )
});

static BASE: LazyLock<Regex> = LazyLock::new(|| regex("(?:从|由|比|较|自)(?:[^，。；]{0,6}的)?$"));

/// 第3, 三分之2, 每100人, G20 (the last is told by [`numbers`]).
fn is_label(before: &str) -> bool {
    let before = before.trim_end();
    ["第", "分之", "每", "排名", "列", "不是", "并非", "Grade", "编号", "号码", "电话"]
        .iter()
        .any(|end| before.ends_with(end))
}

/// 5至10个, 5%到10%: neither end alone. 从5%到10% is told.
fn is_span(before: &str, after: &str, number: &Number) -> bool {
    static SECOND: LazyLock<Regex> = LazyLock::new(|| regex(r"[0-9０-９][%％]?\s?[至到或]\s?$"));
    static FIRST: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s?[至到或]\s?[0-9０-９]"));
    static FROM: LazyLock<Regex> = LazyLock::new(|| regex("[从由][^，。；]{0,16}$"));
    let told = number.percent && FROM.is_match(before);
    SECOND.is_match(before) && !told || FIRST.is_match(after)
}

/// Dates, hours, ages, ranks, routes; and stretches of time that tell when.
fn is_dated(text: &str, number: &Number, unit: &Unit, before: &str, qualified: bool) -> bool {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            "^(?:月|日(?:[^元均]|$)|号|时|点|届|版|级|后|路|热线|国道|高速|型|系列|次列车|航班|频道|楼|室|班|高校|工程|院校|岁(?:以|及|至|的)|中(?:学|全会)|[:：])",
        )
    });
    static WHEN: LazyLock<Regex> = LazyLock::new(|| regex("(?:过去|未来|今后|最近|这|前|后|首|再过|上|下)$"));
    static SINCE: LazyLock<Regex> = LazyLock::new(|| regex("^(?:来|间|里|内|中|前|后|之|底|初|末)"));
    let after = text[number.range.end..].trim_start();
    if OTHER.is_match(after)
        || after.starts_with('分') && before.ends_with(['时', '点']) && !after.starts_with("分钟")
    {
        return true;
    }
    let rest = &text[unit.range.end..];
    if number.maybe_year && after.starts_with('年') && !qualified && !rest.starts_with("的历史") {
        return true;
    }
    unit.time && (WHEN.is_match(before) || SINCE.is_match(rest))
}

#[derive(Debug, Default)]
struct Unit {
    range: Range<usize>,
    scale: bool,
    time: bool,
}

/// Units that end the phrase. The longest that fits is taken.
const MEASURES: &[&str] = &[
    "个百分点",
    "百分点",
    "个基点",
    "微克",
    "毫克",
    "千克",
    "公斤",
    "克",
    "吨",
    "标准煤",
    "毫米",
    "厘米",
    "分米",
    "微米",
    "纳米",
    "公里",
    "千米",
    "海里",
    "英里",
    "米",
    "平方米",
    "平方公里",
    "平方千米",
    "立方米",
    "公顷",
    "亩",
    "毫升",
    "升",
    "元人民币",
    "元",
    "美元",
    "欧元",
    "英镑",
    "日元",
    "港元",
    "人民币",
    "人次",
    "人口",
    "人",
    "户",
    "倍",
    "小时",
    "个小时",
    "分钟",
    "秒",
    "摄氏度",
    "度",
    "千瓦时",
    "千瓦",
    "兆瓦",
    "瓦",
    "千伏",
    "伏",
    "赫兹",
    "分贝",
    "个月",
    "个季度",
    "周年",
    "年",
    "周",
    "天",
    "岁",
    "次",
    "分",
    "场",
    "度电",
    "标准立方米",
    "车次",
    "架次",
    "班次",
    "吉瓦",
    "桶",
    "英亩",
    "英尺",
    "英寸",
    "票",
    "米每秒",
    "卡路里",
];

/// Of those, the ones of time.
const TIMES: &[&str] = &["小时", "个小时", "分钟", "秒", "个月", "个季度", "周年", "年", "周", "天"];

/// Classifiers: what is counted comes after.
const CLASSIFIERS: &[&str] = &[
    "个", "家", "座", "台", "套", "口", "条", "项", "件", "名", "位", "种", "只", "头", "匹", "棵", "株",
    "所", "处", "辆", "艘", "架", "批", "对", "间", "栋", "幢", "片", "块", "支", "根", "张", "部", "本",
    "册", "份", "类", "枚", "颗", "趟", "列", "道", "眼", "尾", "盏", "款", "宗", "起", "届", "例", "所",
    "村", "县", "市", "省", "国", "门", "笔", "组", "团", "队", "句", "首", "幅", "粒",
];

/// After a measure or a % sign; part of the claim as a qualifier before it is.
const TAILS: &[&str] = &["以上", "以下", "以内", "左右", "上下", "之多", "多", "余"];

/// The longest noun phrase, in hanzi.
const MOST_HANZI: usize = 10;

fn starts<'a>(text: &str, words: &[&'a str]) -> Option<&'a str> {
    words.iter().copied().filter(|word| text.starts_with(word)).max_by_key(|word| word.len())
}

fn unit(text: &str, number: &Number) -> Option<Unit> {
    let after = &text[number.range.end..];
    let begin = number.range.end + after.len() - after.trim_start().len();
    let mut at = begin;
    let mut unit = Unit::default();
    if number.percent {
        at += starts(&text[at..], TAILS).map_or(0, str::len);
        if let Some(rest) = text[at..].strip_prefix('的')
            && let Some(len) = noun_phrase(rest)
        {
            at += '的'.len_utf8() + len;
        }
    } else {
        while let Some(c) = text[at..].chars().next().filter(|c| "十百千万亿".contains(*c)) {
            // 千瓦, 千克, 千米: the sign of a measure, not a scale.
            if starts(&text[at..], MEASURES).is_some_and(|word| word.starts_with(c)) {
                break;
            }
            at += c.len_utf8();
            unit.scale = true;
        }
        at += starts(&text[at..], &["多", "余"]).map_or(0, str::len);
        let latin = symbol_len(&text[at..]);
        let rest = &text[at..];
        if latin > 0 && super::number::is_symbol(&rest[..latin]) {
            at += latin;
        } else if degree_len(rest) > 0 {
            at += degree_len(rest);
        } else if let Some(measure) = starts(rest, MEASURES) {
            at += measure.len();
            unit.time = TIMES.contains(&measure);
            at += starts(&text[at..], TAILS).map_or(0, str::len);
        } else if let Some(classifier) = starts(rest, CLASSIFIERS) {
            at += classifier.len();
            at += starts(&text[at..], TAILS).map_or_else(|| noun_phrase(&text[at..]).unwrap_or(0), str::len);
        } else if unit.scale {
            at += noun_phrase(rest).unwrap_or(0);
        } else if !number.currency {
            return None;
        }
    }
    // Blanks after the number only if something follows.
    unit.range = if at == begin { number.range.end..number.range.end } else { begin..at };
    Some(unit)
}

fn segmenter() -> &'static WordSegmenterBorrowed<'static> {
    static SEGMENTER: LazyLock<WordSegmenterBorrowed<'static>> =
        LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));
    &SEGMENTER
}

/// Bytes of the noun phrase that `text` begins with: the words before a verb, a preposition, or punctuation. `None`
/// where it does not end soon enough to be one.
fn noun_phrase(text: &str) -> Option<usize> {
    let window = head(text, 3 * (MOST_HANZI + 6));
    let run = window.char_indices().find(|&(_, c)| !is_hanzi(c)).map_or(window.len(), |(i, _)| i);
    let window = &window[..run];
    let mut start = 0;
    let mut last = 0; // where the word before began
    for end in segmenter().segment_str(window).filter(|&end| end > 0) {
        let word = &window[start..end];
        let aspect = matches!(word, "了" | "着" | "过");
        // 有了 is one word to the dictionary.
        let verb = word.ends_with(['了', '着']);
        if aspect || verb || STOPS.contains(&word) {
            // 了 follows its verb.
            let len = if aspect { last } else { start };
            return (len > 0 && window[..len].chars().count() <= MOST_HANZI).then_some(len);
        }
        (last, start) = (start, end);
    }
    let whole = run < text.len() && text[run..].starts_with(|c: char| !is_hanzi(c) && !c.is_alphanumeric())
        || run == text.len();
    (whole && run > 0 && window.chars().count() <= MOST_HANZI).then_some(run)
}

/// Verbs, prepositions, conjunctions and adverbs as the dictionary cuts them.
const STOPS: &[&str] = &[
    "用于",
    "用来",
    "用作",
    "用在",
    "投向",
    "投入",
    "来自",
    "源自",
    "是",
    "为",
    "被",
    "将",
    "已",
    "已经",
    "均",
    "都",
    "也",
    "在",
    "由",
    "把",
    "让",
    "使",
    "可",
    "能",
    "会",
    "要",
    "得到",
    "得以",
    "达到",
    "达标",
    "达",
    "完成",
    "实现",
    "获得",
    "享受",
    "享有",
    "拥有",
    "具有",
    "实行",
    "采用",
    "使用",
    "接受",
    "参加",
    "参与",
    "集中",
    "分布",
    "属于",
    "超过",
    "高于",
    "低于",
    "不足",
    "没有",
    "未",
    "仍",
    "还",
    "就",
    "才",
    "有",
    "与",
    "和",
    "及",
    "以及",
    "并",
    "而",
    "但",
    "或",
    "增长",
    "下降",
    "提高",
    "降低",
    "减少",
    "增加",
    "上升",
    "比",
    "从",
    "到",
    "向",
    "对",
    "以",
    "于",
    "每",
    "正在",
    "进行",
    "建成",
    "投产",
    "投运",
    "并网",
    "开工",
    "竣工",
    "成为",
    "占",
    "位于",
    "需要",
    "可以",
    "能够",
    "应该",
    "必须",
    "来",
    "去",
    "认为",
    "表示",
    "支持",
    "希望",
    "选择",
    "生活",
    "居住",
    "购买",
    "消费",
    "通过",
    "变成",
    "开始",
    "继续",
    "保持",
    "进入",
    "加入",
    "离开",
    "受益",
    "受到",
    "提供",
    "建立",
    "设立",
    "落户",
    "落地",
    "运行",
    "运营",
    "通车",
    "开通",
    "入选",
    "脱贫",
    "就业",
    "说",
    "不",
    "不能",
    "不会",
    "又",
    "再",
    "只",
    "全部",
    "同时",
    "因",
    "因为",
    "被列入",
    "列入",
    "加深",
];
