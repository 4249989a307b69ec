//! What is said: standard error is talk, standard output is data.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use pullquote::diag::{Diagnostic, Excerpt, Severity};

use super::Outcome;

/// Talks to a person on standard error. Colours only where the terminal wants them; no meaning hangs on them.
#[derive(Debug, Clone, Copy)]
pub struct Talk {
    quiet: bool,
}

impl Talk {
    /// With `quiet` only errors are told.
    pub const fn new(quiet: bool) -> Self {
        Self { quiet }
    }

    /// Tells a problem.
    pub fn tell(&self, diagnostic: &Diagnostic) {
        if !(self.quiet && diagnostic.severity == Severity::Warning) {
            say(&text(&harmless(diagnostic)));
        }
    }

    /// Tells problems in order.
    pub fn tell_all<'d>(&self, diagnostics: impl IntoIterator<Item = &'d Diagnostic>) {
        diagnostics.into_iter().for_each(|d| self.tell(d));
    }

    /// Tells why nothing was done.
    pub fn refuse(&self, problems: &[Diagnostic]) -> Outcome {
        self.tell_all(problems);
        Outcome::Refused
    }

    /// Says something that is no problem.
    pub fn note(&self, note: &str) {
        if !self.quiet {
            say(&format!("{note}\n"));
        }
    }

    /// Writes data to standard output. That nobody listens any more is no failure.
    ///
    /// On a terminal nothing in it is a command to the terminal.
    pub fn data(&self, data: &[u8]) -> Outcome {
        let seen = match std::str::from_utf8(data) {
            Ok(text) if io::stdout().is_terminal() => seen(text).into_owned().into_bytes(),
            _ => data.to_vec(),
        };
        let data = &*seen;
        let mut printer = Printer { held: None, ..Printer::new() };
        let _ = printer.write_all(data);
        printer.end(self)
    }

    /// A bar for so many cards: done, rate, time left. On a terminal only, and not for a single card.
    pub fn bar(&self, cards: usize) -> ProgressBar {
        if self.quiet || cards < 2 {
            return ProgressBar::hidden();
        }
        // `indicatif` hides it where standard error is no terminal.
        let bar = ProgressBar::with_draw_target(Some(cards as u64), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{bar:32} {pos}/{len} cards  {rate}  {eta} left");
        let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = write!(out, "{:.0}/s", state.per_sec());
        };
        let style = style.expect("the template is a constant").with_key("rate", rate);
        bar.with_style(style.progress_chars("━╸ "))
    }
}

/// Prints data as it comes. On a terminal it waits for the end, since a progress bar stands there until then.
///
/// Writing to it never fails: what went wrong is told at the end.
pub struct Printer {
    out: io::BufWriter<io::Stdout>,
    held: Option<Vec<u8>>,
    failed: Option<io::Error>,
}

impl Printer {
    /// To standard output.
    pub fn new() -> Self {
        let out = io::stdout();
        let held = out.is_terminal().then(Vec::new);
        Self { out: io::BufWriter::new(out), held, failed: None }
    }

    /// Prints what waits. That nobody listens any more is no failure.
    pub fn end(mut self, talk: &Talk) -> Outcome {
        let held = self.held.take().unwrap_or_default();
        let _ = self.write_all(&held);
        let flushed = self.out.flush();
        match self.failed.take().or(flushed.err()) {
            None => Outcome::Done,
            Some(e) if e.kind() == io::ErrorKind::BrokenPipe => Outcome::Done,
            Some(e) => {
                let message = format!("cannot write to standard output: {e}");
                talk.tell(
                    &Diagnostic::error(message).hint("send it elsewhere: what was printed is not whole"),
                );
                Outcome::Partial
            }
        }
    }
}

impl io::Write for Printer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.held {
            Some(held) => held.extend_from_slice(bytes),
            None if self.failed.is_none() => self.failed = self.out.write_all(bytes).err(),
            None => {}
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A text whose controls are shown as `�`: a name in somebody's file must not move the cursor, recolour what stands there
/// or turn its direction.
fn seen(text: &str) -> Cow<'_, str> {
    let unseen = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(unseen) { Cow::Owned(text.replace(unseen, "\u{FFFD}")) } else { Cow::Borrowed(text) }
}

/// A problem that any name may stand in, at any length.
fn harmless(diagnostic: &Diagnostic) -> Diagnostic {
    /// As many characters as a person reads.
    const TOLD: usize = 600;
    let seen = |text: &String| match text.char_indices().nth(TOLD) {
        Some((end, _)) => format!("{}…", seen(&text[..end])),
        None => seen(text).into_owned(),
    };
    Diagnostic {
        message: seen(&diagnostic.message),
        place: diagnostic.place.as_ref().map(seen),
        hints: diagnostic.hints.iter().map(seen).collect(),
        ..diagnostic.clone()
    }
}

/// To standard error, in one go; that nobody can hear it is no failure.
fn say(text: &str) {
    let mut err = anstream::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// A problem as it is printed, styles included.
fn text(diagnostic: &Diagnostic) -> String {
    let (word, color) = match diagnostic.severity {
        Severity::Error => ("error", AnsiColor::Red),
        Severity::Warning => ("warning", AnsiColor::Yellow),
    };
    if let Some(excerpt) = &diagnostic.excerpt {
        return in_line(diagnostic, excerpt);
    }
    let (head, bold) = (color.on_default().bold(), Style::new().bold());
    let mut out = format!("{head}{word}{head:#}{bold}: {}{bold:#}\n", diagnostic.message);
    let cyan = cyan();
    if let Some(place) = &diagnostic.place {
        let _ = writeln!(out, "  {cyan}-->{cyan:#} {place}");
    }
    hints(diagnostic, &mut out);
    out
}

fn hints(diagnostic: &Diagnostic, out: &mut String) {
    let cyan = cyan();
    for hint in &diagnostic.hints {
        let _ = writeln!(out, "{cyan}hint{cyan:#}: {hint}");
    }
}

fn cyan() -> Style {
    AnsiColor::Cyan.on_default().bold()
}

/// A problem under the line that has it.
fn in_line(diagnostic: &Diagnostic, excerpt: &Excerpt) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let fault = AnnotationKind::Primary.span(excerpt.fault.clone());
    let line =
        Snippet::source(&*excerpt.text).line_start(excerpt.line).path(&*excerpt.file).annotation(fault);
    let group = level.primary_title(&*diagnostic.message).element(line);
    // As wide as it is: the excerpt is cut to what matters, and a terminal wraps better than a renderer elides.
    let renderer = Renderer::styled().term_width(usize::MAX >> 1);
    let mut out = renderer.render(&[group]) + "\n";
    hints(diagnostic, &mut out);
    out.push('\n');
    out
}

/// `1 card`, `2 cards`.
pub fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// ` (12 more matched: `--limit 0` takes all)`, or nothing.
pub fn more_matched(more: usize) -> String {
    if more == 0 { String::new() } else { format!(" ({more} more matched: `--limit 0` takes all)") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_with_place_and_mend() {
        let problem = Diagnostic::error("quote does not fit the `quote` box even at its floor, 38 px")
            .at("briefing.txt:214, card `chen-003` on `broadsheet` at `story`")
            .hint("take a shorter quote with `--max-chars 300`");
        let plain = anstream::adapter::strip_str(&text(&problem)).to_string();
        assert_eq!(
            plain,
            "error: quote does not fit the `quote` box even at its floor, 38 px\n  \
             --> briefing.txt:214, card `chen-003` on `broadsheet` at `story`\n\
             hint: take a shorter quote with `--max-chars 300`\n"
        );
        let warning = anstream::adapter::strip_str(&text(&Diagnostic::warning("odd"))).to_string();
        assert_eq!(warning, "warning: odd\n");
    }

    #[test]
    fn no_name_commands_the_terminal() {
        let told = Diagnostic::error("`\u{1b}[31mred\u{7}`").at("a\u{202E}b\r.csv:1").hint("one\ntwo");
        let plain = anstream::adapter::strip_str(&text(&harmless(&told))).to_string();
        assert_eq!(
            plain,
            "error: `\u{FFFD}[31mred\u{FFFD}`\n  --> a\u{FFFD}b\u{FFFD}.csv:1\nhint: one\ntwo\n"
        );
    }

    #[test]
    fn counts() {
        assert_eq!((counted(1, "card"), counted(0, "card")), ("1 card".into(), "0 cards".into()));
        assert_eq!(more_matched(0), "");
        assert_eq!(more_matched(12), " (12 more matched: `--limit 0` takes all)");
    }
}
