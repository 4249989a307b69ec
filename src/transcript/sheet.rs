//! Transcripts as CSV or TSV: a row a turn or a segment, columns found by their header.

use super::csv_list::{Records, cell_words, unsound};
use super::error::{Broken, ReadError};
use super::format::{Input, place};
use super::text::fold;
use super::view::{Break, Builder, View, Voice};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Words,
    Speaker,
    Role,
    Start,
    End,
    Other,
}

impl Column {
    fn of(header: &str) -> Self {
        let name = header.trim().trim_matches('"').trim().to_lowercase().replace(['_', '-'], " ");
        match name.as_str() {
            "text" | "words" | "transcript" | "utterance" | "speech" | "content" | "body" | "sentence"
            | "dialogue" | "dialog" | "message" | "caption" | "statement" | "what" | "发言" | "内容"
            | "发言内容" | "文本" | "原文" | "発言" | "発言内容" => Self::Words,
            "speaker" | "name" | "speaker name" | "who" | "participant" | "author" | "said by" | "person"
            | "speaker label" | "member" | "发言人" | "姓名" | "演讲者" | "发言者" | "说话人" | "発言者"
            | "話者" => Self::Speaker,
            "role" | "position" | "speaker role" | "office" | "job title" | "职务" | "職務" => Self::Role,
            "start" | "start time" | "begin" | "from" | "timestamp" | "time" | "start (s)" | "in"
            | "timecode" | "开始" | "时间" => Self::Start,
            "end" | "end time" | "to" | "stop" | "end (s)" | "out" | "结束" => Self::End,
            _ => Self::Other,
        }
    }
}

/// What parts the columns, where the first line is the header of a transcript.
pub(super) fn separator(text: &str) -> Option<u8> {
    let header = text.trim_start_matches('\u{FEFF}').lines().find(|line| !line.trim().is_empty())?;
    if header.len() > 1000 {
        return None;
    }
    [',', '\t', ';', '|'].into_iter().find_map(|separator| {
        let columns: Vec<Column> = header.split(separator).map(Column::of).collect();
        let has = |wanted: Column| columns.iter().filter(|c| **c == wanted).count();
        (columns.len() >= 2 && has(Column::Words) >= 1 && has(Column::Speaker) >= 1)
            .then_some(separator as u8)
    })
}

/// Whether a column of that name holds the words of a transcript.
pub(super) fn is_words(name: &str) -> bool {
    Column::of(name) == Column::Words
}

/// Whether a column holds times: then it is mostly no list of quotes, whatever its other columns are called.
pub(super) fn has_times(names: &[&str]) -> bool {
    names.iter().any(|name| matches!(Column::of(name), Column::Start | Column::End))
}

/// Turns rows into lines with voices.
pub(super) fn view(input: &Input<'_>) -> Result<View<'static>, ReadError> {
    let separator = separator(input.text).unwrap_or(b',');
    let mut records = Records::new(input.text, separator);
    let mut b = Builder::new(input.text, input.base);
    let header = records.next_record().unwrap_or_default();
    let mut columns: Vec<Column> = header.iter().map(|cell| Column::of(&cell.text)).collect();
    // Of two columns that could be the words or the name the first is taken.
    for kind in [Column::Words, Column::Speaker] {
        let first = columns.iter().position(|c| *c == kind);
        for (n, column) in columns.iter_mut().enumerate() {
            if *column == kind && Some(n) != first {
                *column = Column::Other;
            }
        }
    }
    while let Some(cells) = records.next_record() {
        let broken =
            cells.iter().find_map(|c| unsound(&input.text[c.source.clone()]).map(|p| (c.source.start, p)));
        if let Some((offset, problem)) = broken {
            let (line, _) = place(input.bytes, input.base + offset);
            let what = Broken::Sheet(problem.to_string());
            return Err(ReadError::Broken { file: input.name.to_owned(), line, column: None, what, more: 0 });
        }
        let of = |wanted: Column| columns.iter().position(|c| *c == wanted).and_then(|n| cells.get(n));
        let line = |wanted: Column| of(wanted).map(|cell| fold(&cell.text)).filter(|text| !text.is_empty());
        let time = |wanted: Column| {
            line(wanted)
                .and_then(|t| super::subtitles::seconds(&t).or_else(|| t.parse().ok()))
                .filter(|t: &f64| t.is_finite())
        };
        b.hint.time = match (time(Column::Start), time(Column::End)) {
            (Some(start), end) => b.time([start, end.unwrap_or(start).max(start)]),
            _ => 0,
        };
        // A name once for several rows: the empty cells below it mean the same speaker.
        if let Some(name) = line(Column::Speaker) {
            let name = name.trim_end_matches([':', '：']).trim_end().to_owned();
            b.hint.voice = b.voice(&Voice { name, role: line(Column::Role) });
        }
        if let Some(cell) = of(Column::Words) {
            for (text, range) in cell_words(&input.text[cell.source.clone()], cell.source.start) {
                match text {
                    None => b.run(range),
                    Some(mark) => b.spelt(mark, range),
                }
            }
        }
        b.end_line(Break::Wrap);
    }
    Ok(b.finish())
}
