//! The shapes that `read` and `quotes` write: stable, documented, held by tests that refuse unknown fields.
//!
//! A [`ReadDoc`] is a transcript as data; a [`QuoteRow`] is a quote with the way back to its source. What is absent
//! is `null` in JSON and an empty cell in CSV. A list of quote rows is an input format too: an editor strikes the
//! lines that are not wanted and hands the rest to `render`.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::date::When;
use crate::select::{Pick, Question, Score, Trim, matched_words};
use crate::transcript::{
    CautionRow, Explanation, Origin, Person, QuestionRow, SourceFile, Transcript, content_id,
};

/// A transcript, as `read --format json` writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadDoc {
    /// The file.
    pub source: SourceRow,
    /// The headline.
    pub title: Option<String>,
    /// The day of the event, ISO.
    pub date: Option<When>,
    /// The day of publication, ISO.
    pub published: Option<When>,
    /// Where it took place.
    pub place: Option<String>,
    /// Everybody named in the roster or as a speaker.
    pub people: Vec<Person>,
    /// What was said, in order.
    pub turns: Vec<TurnRow>,
    /// The further pages of a document in pages, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<SourceRow>,
    /// How it was read, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
}

/// A file and its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceRow {
    /// As the user named it; `-` for standard input.
    pub file: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
}

/// A turn of a [`ReadDoc`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TurnRow {
    /// The speaker's full name.
    pub speaker: String,
    /// The label as printed.
    pub label: String,
    /// The speaker's role in full.
    pub role: Option<String>,
    /// The words.
    pub text: String,
    /// The speaker asks rather than answers.
    #[serde(default)]
    pub asks: bool,
    /// Where they stand.
    pub source: Origin,
}

impl From<&Transcript> for ReadDoc {
    fn from(transcript: &Transcript) -> Self {
        let turns = transcript.turns.iter().map(|turn| {
            let person = &transcript.people[turn.speaker];
            let own_role = turn.request.as_deref().and_then(|r| r.role.clone());
            TurnRow {
                speaker: person.name.clone(),
                label: turn.label.clone(),
                role: own_role.or_else(|| person.role.clone()),
                text: turn.text.clone(),
                asks: person.asks,
                source: transcript.origin(turn, 0..turn.text.len()),
            }
        });
        Self {
            source: SourceRow::from(&transcript.source),
            title: transcript.title.clone(),
            date: transcript.date.clone(),
            published: transcript.published.clone(),
            place: transcript.place.clone(),
            people: transcript.people.clone(),
            turns: turns.collect(),
            pages: transcript.pages.iter().map(SourceRow::from).collect(),
            explanation: transcript.explanation.as_deref().cloned(),
        }
    }
}

impl From<&SourceFile> for SourceRow {
    fn from(file: &SourceFile) -> Self {
        Self { file: file.name.clone(), sha256: file.sha256.clone() }
    }
}

/// A quote, as `quotes --format json|jsonl|csv` writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuoteRow {
    /// The same on every run.
    pub id: String,
    /// The exact words.
    pub text: String,
    /// Who said it.
    pub speaker: String,
    /// The speaker's role in full.
    pub role: Option<String>,
    /// When it was said, ISO where it is a calendar day.
    pub date: Option<When>,
    /// The event's short name.
    pub event: Option<String>,
    /// How well the line stands on its own, 0 to 100, to one decimal.
    pub score: f32,
    /// The words that a keyword met.
    pub matched: Vec<String>,
    /// Where the words stand; for a row that was picked from another file, in that file.
    pub source: Origin,
    /// The sentence before it in the same turn.
    pub before: Option<String>,
    /// The sentence after it in the same turn.
    pub after: Option<String>,
    /// What it would lose by standing alone.
    pub context: Vec<CautionRow>,
    /// The question that it answers.
    pub question: Option<QuestionRow>,
    /// The other places where the same speaker said it.
    pub also: Vec<Origin>,
    /// The parts of its score that are not nought, where they are asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<BTreeMap<String, f32>>,
    /// The id of the quote of which this is a shorter form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_of: Option<String>,
}

impl From<&Question<'_>> for QuestionRow {
    fn from(question: &Question<'_>) -> Self {
        let asked = &question.asked;
        let (text, speaker) = (asked.text().to_owned(), asked.speaker().name.clone());
        Self { text, speaker: Some(speaker), source: Some(asked.origin()) }
    }
}

/// The question that a quote answers: in its transcript, or as its row tells.
#[must_use]
pub fn question_of(pick: &Pick<'_>) -> Option<QuestionRow> {
    let row = || pick.quote.turn().request.as_deref().and_then(|row| row.question.clone());
    pick.question.as_ref().map(QuestionRow::from).or_else(row)
}

impl From<&Pick<'_>> for QuoteRow {
    fn from(pick: &Pick<'_>) -> Self {
        let quote = &pick.quote;
        let mut matched: Vec<String> = matched_words(pick).into_iter().map(str::to_owned).collect();
        if matched.is_empty() {
            matched = matched_ranges(pick).into_iter().map(|r| quote.text()[r].to_owned()).collect();
        }
        Self {
            id: quote.id(),
            text: quote.text().to_owned(),
            speaker: quote.speaker().name.clone(),
            role: quote.role().map(str::to_owned),
            date: quote.date().cloned(),
            event: event_of(pick).map(str::to_owned),
            score: rounded(pick.score),
            matched,
            source: quote.origin(),
            before: pick.before.map(str::to_owned),
            after: pick.after.map(str::to_owned),
            context: pick.cautions.iter().map(CautionRow::from).collect(),
            question: question_of(pick),
            also: pick.also.clone(),
            parts: None,
            short_of: None,
        }
    }
}

impl QuoteRow {
    /// The same with the parts of its score.
    #[must_use]
    pub fn explained(mut self, score: &Score) -> Self {
        self.parts = Some(score.parts().map(|(name, points)| (name.to_owned(), rounded(points))).collect());
        self
    }
}

impl QuoteRow {
    /// A shorter form of the quote of this row.
    #[must_use]
    pub fn shorter(&self, form: &Trim) -> Self {
        let matched = self.matched.iter().filter(|word| form.text.contains(word.as_str())).cloned().collect();
        Self {
            id: content_id(&self.speaker, &form.text),
            text: form.text.clone(),
            score: rounded(Score::of(&form.text).total()),
            matched,
            source: form.source.clone(),
            also: Vec::new(),
            parts: None,
            short_of: Some(self.id.clone()),
            ..self.clone()
        }
    }
}

/// To one decimal, which is all that a score can claim.
fn rounded(points: f32) -> f32 {
    (points * 10.0).round() / 10.0
}

/// The event's short name: the row's own, else the document's.
#[must_use]
pub fn event_of<'t>(pick: &Pick<'t>) -> Option<&'t str> {
    let row = pick.quote.turn().request.as_deref().and_then(|r| r.event.as_deref());
    row.or_else(|| pick.quote.transcript().event())
}

/// What a keyword met, as byte ranges of the quote: in this run, or in the run that wrote the row.
#[must_use]
pub fn matched_ranges(pick: &Pick<'_>) -> Vec<Range<usize>> {
    if !pick.matched.is_empty() {
        return pick.matched.clone();
    }
    let text = pick.quote.text();
    let words = pick.quote.turn().request.as_deref().map(|r| r.matched.as_slice()).unwrap_or_default();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for word in words.iter().filter(|w| !w.is_empty()) {
        let free = |r: &Range<usize>| ranges.iter().all(|o| r.end <= o.start || o.end <= r.start);
        // The words are listed in order, each as often as it was met: take the first place not taken yet.
        let found = text.match_indices(word.as_str()).map(|(at, w)| at..at + w.len()).find(free);
        ranges.extend(found);
    }
    ranges.sort_by_key(|r| r.start);
    ranges
}

/// The columns of the CSV form, in order.
pub const QUOTE_COLUMNS: [&str; 14] = [
    "id", "text", "speaker", "role", "date", "event", "score", "matched", "source", "before", "after",
    "context", "question", "also",
];

/// Quote rows as CSV: a header line, then a record each; `matched` and `also` are JSON arrays, `source` is a JSON
/// object; `context` and `question` are words.
///
/// # Errors
///
/// What `out` says when it cannot be written.
pub fn write_csv(rows: &[QuoteRow], out: impl io::Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(QUOTE_COLUMNS).map_err(io_error)?;
    for row in rows {
        let date = row.date.as_ref().map(ToString::to_string).unwrap_or_default();
        let cell = |text: &Option<String>| text.clone().unwrap_or_default();
        csv.write_record([
            row.id.clone(),
            row.text.clone(),
            row.speaker.clone(),
            cell(&row.role),
            date,
            cell(&row.event),
            row.score.to_string(),
            serde_json::to_string(&row.matched)?,
            serde_json::to_string(&row.source)?,
            cell(&row.before),
            cell(&row.after),
            row.context.iter().map(CautionRow::message).collect::<Vec<_>>().join("\n"),
            cell(&row.question.as_ref().map(|q| q.text.clone())),
            if row.also.is_empty() { String::new() } else { serde_json::to_string(&row.also)? },
        ])
        .map_err(io_error)?;
    }
    csv.flush()
}

/// The system's own error, so that a closed pipe is known for one.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::select::Quote;
    use crate::transcript::{Gap, Piece, Request, SourceFile, SourceMap, Turn};

    const WORDS: &str = "Water is life, and water is work.";

    fn transcript(request: Option<Request>) -> Transcript {
        let name = "a.txt";
        let map =
            SourceMap::new(vec![Piece { text: 0..WORDS.len(), source: 8..8 + WORDS.len(), gap: Gap::White }]);
        Transcript {
            source: SourceFile::new(name, format!("Lu Bai: {WORDS}").as_bytes()),
            title: Some("Water".into()),
            date: Some(When::from("2031-04-16".to_owned())),
            people: vec![Person { name: "Lu Bai".into(), speaks: true, ..Person::default() }],
            turns: vec![Turn {
                speaker: 0,
                label: "Lu Bai".into(),
                text: WORDS.into(),
                map,
                request: request.map(Box::new),
            }],
            ..Transcript::default()
        }
    }

    fn pick(transcript: &Transcript) -> Pick<'_> {
        let quote = Quote::new(transcript, 0, 0..WORDS.len()).unwrap();
        let (cautions, question, also) = (vec![], None, vec![]);
        Pick {
            quote,
            score: 71.26,
            matched: vec![],
            before: None,
            after: Some("Thank you."),
            cautions,
            question,
            also,
        }
    }

    #[test]
    fn the_shape_of_read() {
        let transcript = transcript(None);
        let json = serde_json::to_value(ReadDoc::from(&transcript)).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "source": { "file": "a.txt", "sha256": transcript.source.sha256 },
                "title": "Water", "date": "2031-04-16", "published": null, "place": null,
                "people": [{ "name": "Lu Bai", "honorific": null, "role": null, "aliases": [],
                             "speaks": true, "chair": false, "kind": "person", "asks": false }],
                "turns": [{ "speaker": "Lu Bai", "label": "Lu Bai", "role": null, "text": WORDS, "asks": false,
                            "source": { "file": "a.txt", "sha256": transcript.source.sha256,
                                        "start": 8, "end": 41, "line": 1 } }],
            })
        );
    }

    #[test]
    fn the_shape_of_quotes() {
        let transcript = transcript(Some(Request { event: Some("YIO".into()), ..Request::default() }));
        let row = QuoteRow::from(&pick(&transcript));
        let json = serde_json::to_value(&row).unwrap();
        let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        let mut columns = QUOTE_COLUMNS.to_vec();
        columns.sort_unstable();
        assert_eq!(keys, columns, "JSON keys and CSV columns are the same");
        assert_eq!(serde_json::from_value::<QuoteRow>(json.clone()).unwrap(), row);
        assert_eq!(json["event"], "YIO");
        assert!(serde_json::to_string(&row).unwrap().contains("\"score\":71.3,"));
        assert!(json["before"].is_null());
    }

    #[test]
    fn the_shape_of_csv() {
        let transcript = transcript(None);
        let mut out = Vec::new();
        let row = QuoteRow { id: "q1".into(), event: None, ..QuoteRow::from(&pick(&transcript)) };
        write_csv(&[row], &mut out).unwrap();
        let sha = &transcript.source.sha256;
        assert_eq!(
            String::from_utf8(out).unwrap(),
            format!(
                "id,text,speaker,role,date,event,score,matched,source,before,after,context,question,also\n\
                 q1,\"{WORDS}\",Lu Bai,,2031-04-16,,71.3,[],\
                 \"{{\"\"file\"\":\"\"a.txt\"\",\"\"sha256\"\":\"\"{sha}\"\",\"\"start\"\":8,\"\"end\"\":41,\"\"line\"\":1}}\"\
                 ,,Thank you.,,,\n"
            )
        );
    }

    #[test]
    fn what_an_earlier_run_met_is_found_again() {
        let request = Request { matched: vec!["water".into(), "Water".into()], ..Request::default() };
        let transcript = transcript(Some(request));
        assert_eq!(matched_ranges(&pick(&transcript)), [0..5, 19..24]);
    }
}
