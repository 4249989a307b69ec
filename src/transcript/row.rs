//! The rows of a quote list: their fields, and the transcript that they make. JSON and CSV share it.

use std::collections::HashMap;
use std::fmt;

use super::error::{ReadError, RowError, RowProblem};
use super::format::Input;
use super::names::field_of;
use super::source::{Origin, SourceFile, SourceMap};
use super::text::fold;
use super::{
    CautionRow, Figure, InputFormat, Person, QuestionRow, Request, Transcript, Turn, content_id,
    is_content_id,
};
use crate::date::When;
use crate::diag::{Diagnostic, Warned};
use crate::lang::Lang;

/// A field of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The row's own id.
    Id,
    /// The words; required.
    Text,
    /// Who said them; required.
    Speaker,
    /// The speaker's role.
    Role,
    /// ISO or free text.
    Date,
    /// The event's short name.
    Event,
    /// The small line over the quote.
    Kicker,
    /// Phrases to emphasise.
    Highlight,
    /// The figure to pull out.
    Figure,
    /// The quote in a second language.
    Translation,
    /// Phrases that no line break may split.
    KeepTogether,
    /// `en` or `zh`.
    Lang,
    /// Overrides `--template`.
    Template,
    /// Overrides `--size`.
    Size,
    /// Path of the speaker's photograph.
    Photo,
    /// Where the eyes are in it.
    PhotoFocus,
    /// Its credit line.
    PhotoCredit,
    /// Which card of a series: `3/12`.
    Series,
    /// Where the quote came from; written by `quotes`.
    Source,
    /// What its keywords met; written by `quotes`.
    Matched,
    /// How well it stands alone; written by `quotes`, not read.
    Score,
    /// The sentence before; written by `quotes`, not read.
    Before,
    /// The sentence after; written by `quotes`, not read.
    After,
    /// What it would lose by standing alone; written by `quotes`.
    Context,
    /// The question that it answers; written by `quotes`.
    Question,
    /// The other places where it was said; written by `quotes`, not read.
    Also,
    /// The parts of its score; written by `quotes`, not read.
    Parts,
    /// Of which quote it is a shorter form; written by `quotes`, not read.
    ShortOf,
}

/// The shape of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The quote itself, which keeps its way back to the bytes.
    Words,
    /// One line of text.
    Line,
    /// Several phrases.
    Phrases,
    /// A [`Figure`].
    Figure,
    /// Two numbers.
    Focus,
    /// An [`Origin`].
    Origin,
    /// [`CautionRow`]s.
    Context,
    /// A [`QuestionRow`].
    Question,
    /// Not read.
    Ignored,
}

impl Field {
    /// Every field; those that only `quotes` writes come last.
    pub const ALL: [Self; 28] = [
        Self::Id,
        Self::Text,
        Self::Speaker,
        Self::Role,
        Self::Date,
        Self::Event,
        Self::Kicker,
        Self::Highlight,
        Self::Figure,
        Self::Translation,
        Self::KeepTogether,
        Self::Lang,
        Self::Template,
        Self::Size,
        Self::Photo,
        Self::PhotoFocus,
        Self::PhotoCredit,
        Self::Series,
        Self::Source,
        Self::Matched,
        Self::Score,
        Self::Before,
        Self::After,
        Self::Context,
        Self::Question,
        Self::Also,
        Self::Parts,
        Self::ShortOf,
    ];

    /// How many of [`Self::ALL`] a person would write.
    const ASKED: usize = 18;

    /// The key in JSON, the column in CSV.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "text",
            Self::Speaker => "speaker",
            Self::Role => "role",
            Self::Date => "date",
            Self::Event => "event",
            Self::Kicker => "kicker",
            Self::Highlight => "highlight",
            Self::Figure => "figure",
            Self::Translation => "translation",
            Self::KeepTogether => "keep_together",
            Self::Lang => "lang",
            Self::Template => "template",
            Self::Size => "size",
            Self::Photo => "photo",
            Self::PhotoFocus => "photo_focus",
            Self::PhotoCredit => "photo_credit",
            Self::Series => "series",
            Self::Source => "source",
            Self::Matched => "matched",
            Self::Score => "score",
            Self::Before => "before",
            Self::After => "after",
            Self::Context => "context",
            Self::Question => "question",
            Self::Also => "also",
            Self::Parts => "parts",
            Self::ShortOf => "short_of",
        }
    }

    /// The field of that name, or of one that people use for it.
    pub(super) fn of(name: &str) -> Option<Self> {
        field_of(name).map(|(field, _)| field)
    }

    /// The field whose name is nearest, if it is near enough to be meant.
    pub(super) fn nearest(name: &str) -> Option<Self> {
        let name = Self::comparable(name)?;
        let near = |field: &Self| strsim::jaro_winkler(&name, field.name());
        let best = Self::ALL.into_iter().max_by(|a, b| near(a).total_cmp(&near(b)))?;
        (near(&best) >= 0.8).then_some(best)
    }

    /// The field that a name misspells beyond doubt, by a letter or two: no column of somebody's own is called so.
    pub(super) fn misspelt(name: &str) -> Option<Self> {
        let name = Self::comparable(name)?;
        let slips = |field: &Self| strsim::osa_distance(&name, field.name());
        let best = Self::ALL.into_iter().min_by_key(slips)?;
        (slips(&best) <= if name.len() > 6 { 2 } else { 1 }).then_some(best)
    }

    fn comparable(name: &str) -> Option<String> {
        // Twice the longest field: nothing longer is near to one, and the measure takes the square of the length.
        (name.len() <= 26).then(|| name.trim().to_lowercase().replace(['-', ' '], "_"))
    }

    /// The problem of a name that is no field.
    pub(super) fn unknown(name: &str) -> RowProblem {
        RowProblem::Unknown { name: name.trim().to_owned(), nearest: Self::nearest(name) }
    }

    pub(super) fn asked_names() -> String {
        let names: Vec<_> = Self::ALL[..Self::ASKED].iter().map(|f| format!("`{f}`")).collect();
        names.join(", ")
    }

    /// Whether only somebody who asks for a card would have such a column.
    pub(super) const fn is_of_a_request(self) -> bool {
        matches!(
            self,
            Self::Kicker
                | Self::Highlight
                | Self::Figure
                | Self::Translation
                | Self::KeepTogether
                | Self::Template
                | Self::Size
                | Self::Photo
                | Self::PhotoFocus
                | Self::PhotoCredit
                | Self::Series
        )
    }

    pub(super) const fn kind(self) -> Kind {
        match self {
            Self::Text => Kind::Words,
            Self::Highlight | Self::KeepTogether | Self::Matched => Kind::Phrases,
            Self::Figure => Kind::Figure,
            Self::PhotoFocus => Kind::Focus,
            Self::Source => Kind::Origin,
            Self::Context => Kind::Context,
            Self::Question => Kind::Question,
            Self::Score | Self::Before | Self::After | Self::Also | Self::Parts | Self::ShortOf => {
                Kind::Ignored
            }
            _ => Kind::Line,
        }
    }

    /// What a value must be, for the error.
    const fn expected(self) -> &'static str {
        match self {
            Self::Lang => "`en` or `zh`",
            Self::Size => "a size's name or `WIDTHxHEIGHT`",
            Self::Series => "`NUMBER/OF`, from `1/1` to `999/999`, such as `3/12`",
            _ => match self.kind() {
                Kind::Words | Kind::Line => "a string",
                Kind::Phrases => "a list of phrases",
                Kind::Figure => "an object with `number` and, if need be, `qualifier` and `unit`",
                Kind::Focus => "two numbers from 0 to 1, from the left and from the top",
                Kind::Origin => "the `source` object of a quote, as `pullquote quotes` writes it",
                Kind::Context => "the `context` of a quote, as `pullquote quotes` writes it",
                Kind::Question => "the `question` of a quote, as `pullquote quotes` writes it",
                Kind::Ignored => "anything",
            },
        }
    }

    /// The problem of a value of the wrong kind.
    pub(super) const fn wrong(self) -> RowProblem {
        RowProblem::Value { field: self, expected: self.expected() }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A row being read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    speaker: Option<String>,
    words: Option<(String, SourceMap)>,
    request: Request,
}

impl Draft {
    /// The quote itself; `None` where it is blank.
    pub(super) fn set_words(&mut self, words: Option<(String, SourceMap)>) {
        self.words = words;
    }

    /// A field that is one line of text; blank is absent.
    pub(super) fn set_line(&mut self, field: Field, value: &str) -> Result<(), RowProblem> {
        let value = fold(value);
        if value.is_empty() {
            return Ok(());
        }
        let request = &mut self.request;
        let slot = match field {
            Field::Speaker => &mut self.speaker,
            Field::Id => &mut request.id,
            Field::Role => &mut request.role,
            Field::Event => &mut request.event,
            Field::Kicker => &mut request.kicker,
            Field::Translation => &mut request.translation,
            Field::Template => &mut request.template,
            Field::Photo => &mut request.photo,
            Field::PhotoCredit => &mut request.photo_credit,
            Field::Size if is_size(&value) => &mut request.size,
            Field::Lang => {
                request.lang = Some(lang(&value).ok_or_else(|| field.wrong())?);
                return Ok(());
            }
            Field::Series => {
                request.series = Some(value.parse().map_err(|_| field.wrong())?);
                return Ok(());
            }
            Field::Date => {
                request.date = Some(When::from(value));
                return Ok(());
            }
            _ => return Err(field.wrong()),
        };
        *slot = Some(value);
        Ok(())
    }

    /// A field of several phrases.
    pub(super) fn set_phrases<S: AsRef<str>>(
        &mut self,
        field: Field,
        values: &[S],
    ) -> Result<(), RowProblem> {
        let slot = match field {
            Field::Highlight => &mut self.request.highlight,
            Field::KeepTogether => &mut self.request.keep_together,
            Field::Matched => &mut self.request.matched,
            _ => return Err(field.wrong()),
        };
        *slot = values.iter().map(|v| fold(v.as_ref())).filter(|v| !v.is_empty()).collect();
        Ok(())
    }

    /// The figure.
    pub(super) fn set_figure(&mut self, figure: Figure) -> Result<(), RowProblem> {
        if figure.number.trim().is_empty() {
            return Err(Field::Figure.wrong());
        }
        self.request.figure = Some(Figure {
            qualifier: fold(&figure.qualifier),
            number: fold(&figure.number),
            unit: fold(&figure.unit),
        });
        Ok(())
    }

    /// Where the eyes are.
    pub(super) fn set_focus(&mut self, focus: [f32; 2]) -> Result<(), RowProblem> {
        if !focus.iter().all(|v| (0.0..=1.0).contains(v)) {
            return Err(Field::PhotoFocus.wrong());
        }
        self.request.photo_focus = Some(focus);
        Ok(())
    }

    /// Where the quote came from.
    pub(super) fn set_origin(&mut self, origin: Origin) {
        self.request.source = Some(origin);
    }

    /// What the quote would lose by standing alone.
    pub(super) fn set_context(&mut self, context: Vec<CautionRow>) {
        self.request.context = context;
    }

    /// The question that the quote answers.
    pub(super) fn set_question(&mut self, question: Option<QuestionRow>) {
        self.request.question = question.filter(|question| !question.text.trim().is_empty());
    }
}

/// A named size or two sides; which names and sides there are is the business of the card stage.
fn is_size(value: &str) -> bool {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    match value.split_once(['x', 'X', '×']) {
        Some((w, h)) if w.starts_with(|c: char| c.is_ascii_digit()) => digits(w) && digits(h),
        _ => {
            value.starts_with(|c: char| c.is_ascii_alphabetic())
                && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        }
    }
}

/// `en`, `zh`, or one of them with a region or script (`zh-CN`, `zh_Hans`); or as a form calls them.
fn lang(value: &str) -> Option<Lang> {
    let primary = value.split(['-', '_']).next()?.to_ascii_lowercase();
    match primary.as_str() {
        "en" | "english" | "英文" | "英语" | "英語" => Some(Lang::En),
        "zh" | "chinese" | "中文" | "汉语" | "漢語" => Some(Lang::Zh),
        _ => None,
    }
}

/// Collects the rows of a list and everything that is wrong with them.
pub(super) struct List {
    file: SourceFile,
    people: Vec<Person>,
    by_name: HashMap<String, usize>,
    turns: Vec<Turn>,
    rows: usize,
    problems: Vec<RowError>,
    /// How many of the problems were there when the row at hand began.
    before: usize,
    warnings: Vec<Diagnostic>,
    /// Names of columns or keys that are no field and are let be, in the order met.
    unread: Vec<String>,
}

impl List {
    pub(super) fn new(input: &Input<'_>) -> Self {
        Self {
            file: SourceFile::new(input.name, input.bytes),
            people: Vec::new(),
            by_name: HashMap::new(),
            turns: Vec::new(),
            rows: 0,
            problems: Vec::new(),
            before: 0,
            warnings: Vec::new(),
            unread: Vec::new(),
        }
    }

    /// Begins the next row: its number, 1-based.
    pub(super) fn next_row(&mut self) -> usize {
        self.before = self.problems.len();
        self.rows += 1;
        self.rows
    }

    /// Notes a problem at a byte offset of the file.
    pub(super) fn problem(&mut self, row: Option<usize>, offset: usize, problem: RowProblem) {
        self.problem_in(row, offset, None, problem);
    }

    /// The same in a cell: its column from 0, and what the header calls it.
    pub(super) fn problem_in(
        &mut self,
        row: Option<usize>,
        offset: usize,
        cell: Option<(usize, &str)>,
        problem: RowProblem,
    ) {
        let cell = cell.map(|(column, name)| (column, name.trim().to_owned()));
        let line = self.file.line_of(offset);
        self.problems.push(RowError { row, line, column: None, cell, problem });
    }

    /// Notes a problem at a line and column.
    pub(super) fn problem_at(
        &mut self,
        row: Option<usize>,
        line: u32,
        column: Option<u32>,
        problem: RowProblem,
    ) {
        self.problems.push(RowError { row, line, column, cell: None, problem });
    }

    /// Notes a name that is no field: a sheet may have columns of its own.
    pub(super) fn unread(&mut self, name: &str) {
        /// As many as a person reads.
        const TOLD: usize = 20;
        let name = name.trim();
        if self.unread.len() < TOLD && !name.is_empty() && !self.unread.iter().any(|known| known == name) {
            self.unread.push(name.to_owned());
        }
    }

    /// Whether the row at hand is sound so far.
    pub(super) fn is_sound(&self) -> bool {
        self.problems.len() == self.before
    }

    /// Takes a row that was read, `offset` being where it begins; one with a problem is not taken.
    pub(super) fn take(&mut self, draft: Draft, row: usize, offset: usize) {
        let Draft { speaker, words, mut request } = draft;
        match (words, speaker) {
            (Some((text, map)), Some(name)) => {
                if !self.is_sound() {
                    return;
                }
                request.row = row;
                self.unpick_if_edited(&mut request, &name, &text, row, offset);
                let people = &mut self.people;
                let speaker = *self.by_name.entry(name.clone()).or_insert_with(|| {
                    // The role stays with the row: another row of the same person may leave it out on purpose.
                    people.push(Person { name: name.clone(), speaks: true, ..Person::default() });
                    people.len() - 1
                });
                self.turns.push(Turn { speaker, label: name, text, map, request: Some(Box::new(request)) });
            }
            (words, speaker) => {
                if words.is_none() {
                    self.problem(Some(row), offset, RowProblem::Missing(Field::Text));
                }
                if speaker.is_none() {
                    self.problem(Some(row), offset, RowProblem::Missing(Field::Speaker));
                }
            }
        }
    }

    /// A row that was picked from a transcript and edited since no longer stands there: it loses that source, and the
    /// id that was made of its words.
    fn unpick_if_edited(&mut self, request: &mut Request, name: &str, text: &str, row: usize, offset: usize) {
        let Some(id) = request.id.clone().filter(|id| request.source.is_some() && is_content_id(id)) else {
            return;
        };
        if id == content_id(name, text) {
            return;
        }
        (request.source, request.id) = (None, None);
        let place = format!("{}:{}", self.file.name, self.file.line_of(offset));
        self.warnings.push(
            Diagnostic::warning(format!(
                "row {row} was edited after it was picked: words or speaker are not those of `{id}`"
            ))
            .at(place)
            .hint("its card names this list as the source; pick the quote again to have it traced to the transcript"),
        );
    }

    /// The list as a transcript; rows that are wrong do not keep the others back. What concerns no one row (the header,
    /// say) keeps all of them back, and so do rows of which none is right.
    pub(super) fn finish(self, format: InputFormat) -> Result<Warned<Transcript>, ReadError> {
        let file = self.file.name.clone();
        let whole = self.problems.iter().all(|problem| problem.row.is_some());
        if !self.problems.is_empty() && (!whole || self.turns.is_empty()) {
            return Err(ReadError::List { file, problems: self.problems });
        }
        if self.turns.is_empty() {
            return Err(ReadError::NoRows { file, format });
        }
        let mut warnings = self.warnings;
        if !self.unread.is_empty() {
            let names: Vec<_> = self.unread.iter().map(|name| format!("`{name}`")).collect();
            let what = if names.len() == 1 { "a column is" } else { "columns are" };
            let warning = Diagnostic::warning(format!("{what} not read: {}", names.join(", "))).at(file);
            let near = |name: &String| Field::nearest(name).map(|field| format!("`{name}` for `{field}`"));
            let near: Vec<_> = self.unread.iter().filter_map(near).collect();
            warnings.push(if near.is_empty() {
                warning
            } else {
                warning.hint(format!("if they are misspelt, mend them: {}?", near.join(", ")))
            });
        }
        let output = Transcript {
            source: self.file,
            people: self.people,
            turns: self.turns,
            is_list: true,
            refused: self.problems,
            ..Transcript::default()
        };
        Ok(Warned { output, warnings })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_its_name() {
        for field in Field::ALL {
            assert_eq!(Field::of(field.name()), Some(field));
        }
        assert_eq!(Field::ALL[Field::ASKED], Field::Source);
    }

    #[test]
    fn did_you_mean() {
        assert_eq!(Field::nearest("speeker"), Some(Field::Speaker));
        assert_eq!(Field::nearest("Keep Together"), Some(Field::KeepTogether));
        assert_eq!(Field::nearest("photofocus"), Some(Field::PhotoFocus));
        assert_eq!(Field::nearest("zzz"), None);
        assert_eq!(
            ["speeker", "templat", "Hihglight"].map(Field::misspelt),
            [Some(Field::Speaker), Some(Field::Template), Some(Field::Highlight),]
        );
        let own = ["Deadline", "Notes", "Status", "Timestamp", "Email address", "Requested by", "Channel"];
        assert!(own.iter().all(|name| Field::misspelt(name).is_none()));
    }

    #[test]
    fn sizes_and_languages_are_checked_by_shape() {
        assert!(["square", "1200x675", "my-size"].iter().all(|s| is_size(s)));
        assert!(!["1200x", "12 x 30", "x", "-", "1200"].iter().skip(1).any(|s| is_size(s) && *s != "x"));
        assert!(!is_size("1200x") && !is_size("1200"));
        assert_eq!([lang("EN"), lang("zh-CN"), lang("fr")], [Some(Lang::En), Some(Lang::Zh), None]);
        assert_eq!([lang("English"), lang("中文")], [Some(Lang::En), Some(Lang::Zh)]);
    }
}
