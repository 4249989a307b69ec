//! Lines of a page that nobody spoke: navigation, page numbers, credits.

use std::sync::LazyLock;

use regex::Regex;

/// No line of furniture is longer; it keeps the patterns off the speech.
const LONGEST: usize = 160;

/// Whole lines of furniture. Each alternative is a family met on real pages; none can be a sentence of a speech.
static LINES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(?:
          # back and forward links: an arrow, then a few words
          [‹«<←〈《ㄑ»>→]+ \s* (?:\S+\s*){0,4}
          # language links, tools of the page
        | (?:\[\s*)? (?: read | view | see | available ) \s+ (?:(?:this|it)\s+)? in \s+ (?:chinese|english|french|spanish|russian|arabic|japanese|german) (?:\s*\])?
        | (?:中文|中文版|english|英文版|简体中文|繁體中文|简体|繁体)
        | [\[【(（]? \s* (?: print(?:\ this\ page)? | e?-?mail(?:\ this(?:\ page)?)? | share(?:\ this(?:\ page|\ article)?)? | close | download(?:\ pdf)? | back\ to\ top | top
            | skip\ to\ (?:main\ )?content | menu | search | home | contact\ us | subscribe | advertisement | related\ (?:links|articles|stories|documents) | more\ news
            | 打印 | 关闭 | 分享 | 分享到 | 返回顶部 | 返回首页 | 首页 | 收藏 | 字号 | 大 | 中 | 小 | 相关链接 | 相关阅读 | 扫一扫 | 更多 ) \s* [\]】)）]?
        | (?: \[ [^\[\]]{1,8} \] | 【 [^【】]{1,8} 】 ){2,}
          # breadcrumbs
        | (?: home | 首页 | 当前位置[:：]? ) \s* [>»›|/] .*
          # pages: a row of numbers, or words that say so
        | page \s* [0-9]+ (?: \s* (?:of|/) \s* [0-9]+ )?
        | 第 \s* [0-9]+ \s* 页 (?: \s* [/，,]? \s* 共 \s* [0-9]+ \s* 页 )?
        | [-–—]+ \s* [0-9]+ \s* [-–—]+
        | (?: (?: previous | prev | next | first | last | 上一页 | 下一页 | 首页 | 尾页 | 末页 )(?:\s+page)? [\s|/>»›<«‹]* )+
          # credits and stamps
        | [\[(]? [0-9]{1,2} (?: : [0-9]{2} ){1,3} (?: [.,][0-9]{1,3} )? [\])]?
        | [\[(（]? \s* (?: responsible\ editor | editors? | edited\ by | web\ editor | 责任编辑 | 责编 | 编辑 | 校对 | 来源 | 文章来源 | 信息来源 | 稿源 | 作者 | 摄影 | 发布时间 | 发布日期 | 浏览次数 | 点击数 | 阅读量 | 原标题 | published | updated | posted | last\ (?:updated|modified) | source ) \s* [:：] .*
        | © .* | copyright \s .* | all\ rights\ reserved\.?
        | [\#*=_~-]{3,} | (?: [*\#•·] \s* ){3,}
        | \(?\s*end(?:\ of\ (?:text|transcript|document))?\s*\)? (?:\s+[0-9]{1,2}:[0-9]{2}\s*[ap]\.?m\.?\s*[a-z]{0,4})? | (?: \(完\) | （完） | \[完\] )
        | \# \s* [0-9]+ \s* \#
          # parts of a call, of the printed record
        | (?: prepared\ remarks | (?:questions?\ (?:and|&)\ answers?|q\s?&\s?a) (?:\ session)? ) \s* :?
        | \{time\} \s+ [0-9]{3,4}
        | call\ participants \s* :?
          # what a record tells of the meeting
        | (?:the\ )? (?: meeting | sitting | session | house | council | committee | hearing ) \s (?: rose | adjourned | resumed | met | (?:was|stood|is) \s (?: called\ to\ order | adjourned | suspended | resumed | closed ) ) \b .{0,90}
        | (?: several | some | a\ number\ of ) \ hon(?:\.|ou?rable) \ members \ rose \s* [—–-]*
          # fields of a transcript's own kind: `_note: …`
        | _[a-z]{2,16} : .*
        )$",
    )
    .expect("the pattern is constant and tested")
});

/// A line that belongs to the page and not to the speech.
pub(super) fn is_furniture(line: &str) -> bool {
    line.len() <= LONGEST && (is_pagination(line) || LINES.is_match(line))
}

/// Whole lines that end a document.
static END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(?:
          [\#]{3,} | -\s?30\s?- | \*\s?\*\s?\*\s?end\s?\*\s?\*\s?\*
        | [\[(]?\s*(?:end|ends|end\ of\ (?:the\ )?(?:text|transcript|document|transmission|interview|briefing|press\ conference|conference))\.?\s*[\])]? (?:\s+ (?:at\s+)? [0-9]{1,2}:[0-9]{2}\s*[ap]\.?m\.? \s*[a-z]{0,4})?
        | [\[(（【]? \s* (?:完|全文完|结束|終わり|了|以上) \s* [\])）】]?
        | duration \s* : \s* [0-9]+ \s* minutes
        | \(?\s*(?:whereupon|thereupon),?\s.{0,80}(?:concluded|adjourned|recess(?:ed)?|ended)\b.{0,60}
        )$",
    )
    .expect("the pattern is constant and tested")
});

/// A line that ends the document: what follows is not of it.
pub(super) fn is_end(line: &str) -> bool {
    line.len() <= LONGEST && END.is_match(line)
}

/// What a line says of the pages of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pagination {
    /// Which page it is, where it is told.
    pub number: Option<u32>,
    /// How many there are.
    pub of: u32,
}

static PAGE_OF: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:page\s*)?(?P<n>[0-9]{1,3})\s*(?:of|/)\s*(?P<of>[0-9]{1,3})$|^第\s*(?P<n2>[0-9]{1,3})\s*页\s*[/，,]?\s*共\s*(?P<of2>[0-9]{1,3})\s*页$")
        .expect("the pattern is constant and tested")
});

/// Reads a line that counts pages: `1 2 3 … 11 >`, `Page 3 of 11`.
pub(super) fn pagination(line: &str) -> Option<Pagination> {
    if line.len() > LONGEST || !line.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    if let Some(found) = PAGE_OF.captures(line) {
        let number = |a, b| found.name(a).or_else(|| found.name(b)).and_then(|m| m.as_str().parse().ok());
        return Some(Pagination { number: number("n", "n2"), of: number("of", "of2")? });
    }
    let of = row_of_pages(line)?;
    // Arrows show that there is a page before or after; the number of the page at hand is not told apart.
    let links = line.contains(['>', '<', '»', '«', '›', '‹', '|', '[']);
    links.then_some(Pagination { number: None, of })
}

/// Page numbers in a row, each greater than the one before, with arrows or bars: `1 2 3 … 11 >`.
fn is_pagination(line: &str) -> bool {
    row_of_pages(line).is_some()
}

/// The last number of such a row.
fn row_of_pages(line: &str) -> Option<u32> {
    let first = line.bytes().next()?;
    if !(first.is_ascii_digit() || b"<>[|".contains(&first) || first >= 0x80) {
        return None;
    }
    let mut last = 0_u32;
    let mut count = 0;
    for word in line.split(|c: char| {
        c.is_whitespace() || matches!(c, '|' | '[' | ']' | '>' | '<' | '»' | '«' | '›' | '‹' | '…')
    }) {
        match word {
            "" | "..." | "·" | "-" => {}
            _ => match word.parse::<u32>() {
                Ok(n) if n > last => {
                    last = n;
                    count += 1;
                }
                _ => return None,
            },
        }
    }
    // Two years in a row are no pages.
    (count >= 3 || (count == 2 && last < 100)).then_some(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_links_and_credits() {
        for line in [
            "ㄑ\u{A0}Press Room",
            "« Back to list",
            "Read in Chinese",
            "1\u{A0} \u{A0}2\u{A0} \u{A0}3\u{A0} \u{A0}11\u{A0} \u{A0}>",
            "1 | 2 | … | 7",
            "Page 3 of 11",
            "第 3 页 共 11 页",
            "- 4 -",
            "上一页 下一页",
            "Next >",
            "责任编辑：王某",
            "【打印】【关闭】",
            "###",
            "END",
            "Home > News > Briefings",
            "Published: July 3, 2024",
            "[00:01:12:07]",
            "(01:12)",
            "END                2:09 P.M. EST",
        ] {
            assert!(is_furniture(line), "{line}");
        }
    }

    #[test]
    fn speech_is_none() {
        for line in [
            "Read in Chinese, it sounds better.",
            "2023 2022",
            "In 2024 we built 12.",
            "Next, the figures.",
            "At the end of the day.",
            "1. The first point",
            "Source of pride",
            "Printing was invented here.",
            "中国经济持续向好",
            "—",
            "5 10 apples",
        ] {
            assert!(!is_furniture(line), "{line}");
        }
    }
}
