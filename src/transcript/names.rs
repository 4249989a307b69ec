//! What the columns of a request sheet are called, in English and Chinese.
//!
//! A desk names its columns as it likes. Each field has its own name first, then the names that people use for it, the
//! surer ones before the others: of two columns for one field the surer is read.

use super::row::Field;

/// The names of a field as [`plain`] writes them; its own name comes first and is not listed.
const fn synonyms(field: Field) -> &'static [&'static str] {
    match field {
        Field::Id => &[
            "key",
            "card id",
            "request id",
            "quote id",
            "ref",
            "reference",
            "slug",
            "file name",
            "filename",
            "编号",
            "代号",
            "文件名",
            "編號",
            "代號",
        ],
        Field::Text => &[
            "quote",
            "pull quote",
            "pullquote",
            "quotation",
            "quote text",
            "exact quote",
            "exact words",
            "verbatim",
            "the quote",
            "quoted words",
            "words",
            "statement",
            "引语",
            "引文",
            "金句",
            "原话",
            "语录",
            "引用",
            "引語",
            "原話",
            "語錄",
            "发言",
            "内容",
            "文本",
            "原文",
            "發言",
            "內容",
        ],
        Field::Speaker => &[
            "name",
            "speaker name",
            "full name",
            "said by",
            "quoted person",
            "person",
            "who",
            "attribution",
            "by",
            "发言人",
            "讲话人",
            "说话人",
            "讲者",
            "姓名",
            "人物",
            "嘉宾",
            "發言人",
            "講者",
            "說話人",
            "嘉賓",
        ],
        Field::Role => &[
            "title",
            "job title",
            "position",
            "speaker role",
            "speaker title",
            "designation",
            "office",
            "affiliation",
            "description",
            "职务",
            "职位",
            "头衔",
            "身份",
            "描述",
            "職務",
            "職位",
            "頭銜",
        ],
        Field::Date => &[
            "date said",
            "event date",
            "quote date",
            "said on",
            "when",
            "日期",
            "发言日期",
            "活动日期",
            "發言日期",
            "活動日期",
        ],
        Field::Event => &[
            "event name",
            "occasion",
            "conference",
            "press conference",
            "meeting",
            "活动",
            "会议",
            "发布会",
            "场合",
            "活動",
            "會議",
            "發佈會",
            "場合",
        ],
        Field::Kicker => &["overline", "eyebrow", "strapline", "栏目", "眉题", "肩题", "欄目", "眉題"],
        Field::Highlight => &[
            "highlights",
            "highlighted words",
            "emphasis",
            "emphasise",
            "emphasize",
            "key phrase",
            "keyword",
            "keywords",
            "高亮",
            "强调",
            "重点",
            "关键词",
            "突出",
            "強調",
            "重點",
            "關鍵詞",
        ],
        Field::Figure => &["pulled figure", "statistic", "stat", "数字", "数据", "數字", "數據"],
        Field::Translation => &["translated quote", "译文", "翻译", "譯文", "翻譯"],
        Field::KeepTogether => &["no break", "不拆分", "不换行", "不換行"],
        Field::Lang => &["language", "语言", "語言"],
        Field::Template => {
            &["layout", "design", "style", "card style", "theme", "模板", "版式", "样式", "模版", "樣式"]
        }
        Field::Size => &["card size", "dimensions", "aspect", "尺寸", "规格", "大小", "規格"],
        Field::Photo => &[
            "image",
            "picture",
            "photograph",
            "photo file",
            "image file",
            "headshot",
            "portrait",
            "照片",
            "图片",
            "头像",
            "配图",
            "圖片",
            "頭像",
            "配圖",
        ],
        Field::PhotoFocus => &["focus", "focal point", "image focus", "焦点", "焦點"],
        Field::PhotoCredit => &[
            "credit",
            "image credit",
            "picture credit",
            "photo by",
            "photographer",
            "credit line",
            "图片来源",
            "照片来源",
            "图源",
            "摄影",
            "圖片來源",
            "照片來源",
            "攝影",
        ],
        Field::Series => &["series number", "number in series", "系列", "系列号", "系列號"],
        Field::Source
        | Field::Matched
        | Field::Score
        | Field::Before
        | Field::After
        | Field::Context
        | Field::Question
        | Field::Also
        | Field::Parts
        | Field::ShortOf => &[],
    }
}

/// A column's name as it is compared: lower case, words parted by one blank, without the marks of a form (`Quote *`,
/// `Name (required)`, `姓名：`).
fn plain(name: &str) -> String {
    let name = name.trim().trim_matches('"').trim();
    let end = name.find(['(', '（', '[', '【']).filter(|&at| at > 0).unwrap_or(name.len());
    let bare = name[..end].trim_end_matches(|c: char| c.is_whitespace() || "*:：?？!".contains(c));
    let parted = bare.replace(['_', '-'], " ");
    parted.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The field of that name, and how sure it is: 0 is the field's own name.
pub(super) fn field_of(name: &str) -> Option<(Field, usize)> {
    let name = plain(name);
    if name.is_empty() {
        return None;
    }
    Field::ALL.into_iter().find_map(|field| {
        if field.name().replace('_', " ") == name {
            return Some((field, 0));
        }
        synonyms(field).iter().position(|known| *known == name).map(|n| (field, n + 1))
    })
}

/// What the names of a header, or the keys of an object, stand for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// The field of each; `None`: not read.
    pub fields: Vec<Option<Field>>,
    /// Those that are given twice by one name.
    pub twice: Vec<Field>,
}

impl Columns {
    /// Of several names for one field the surest is read.
    pub(super) fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut columns = Self::default();
        let mut ranks: Vec<usize> = Vec::new();
        for name in names {
            let found = field_of(name);
            let rank = found.map_or(0, |(_, rank)| rank);
            let mut field = found.map(|(field, _)| field);
            if let Some(before) = field.and_then(|f| columns.fields.iter().position(|c| *c == Some(f))) {
                if ranks[before] == rank {
                    columns.twice.extend(field);
                }
                if ranks[before] > rank {
                    columns.fields[before] = None;
                } else {
                    field = None;
                }
            }
            columns.fields.push(field);
            ranks.push(rank);
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_name_stands_for_two_fields_and_each_is_written_as_it_is_compared() {
        let mut seen = BTreeMap::new();
        for field in Field::ALL {
            let own = field.name().replace('_', " ");
            for name in std::iter::once(own.as_str()).chain(synonyms(field).iter().copied()) {
                assert_eq!(plain(name), name);
                assert_eq!(seen.insert(name.to_owned(), field), None, "{name}");
            }
        }
    }

    #[test]
    fn names_are_found_however_a_form_writes_them() {
        for (name, field) in [
            ("Quote *", Field::Text),
            ("  EXACT QUOTE (verbatim, please)", Field::Text),
            ("\"Full  name:\"", Field::Speaker),
            ("photo-credit", Field::PhotoCredit),
            ("keep_together", Field::KeepTogether),
            ("引语", Field::Text),
            ("姓名（必填）", Field::Speaker),
            ("Key", Field::Id),
        ] {
            assert_eq!(field_of(name).map(|(field, _)| field), Some(field), "{name}");
        }
        assert_eq!((field_of(""), field_of("(x)"), field_of("deadline")), (None, None, None));
    }

    #[test]
    fn of_two_columns_for_one_field_the_surer_is_read() {
        let columns = Columns::of(["Description", "Title", "Name", "quote", "Text", "Text", "Deadline"]);
        let fields = [None, Some(Field::Role), Some(Field::Speaker), None, Some(Field::Text), None, None];
        assert_eq!(columns.fields, fields);
        assert_eq!(columns.twice, [Field::Text]);
    }
}
