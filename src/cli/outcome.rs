//! How a run ends: exit statuses are a promise.

use std::process::ExitCode;

/// The exit status of a run; the table stands in the README and in `pullquote --help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 0: everything asked for was done.
    Done,
    /// 1: no quote matched.
    NoMatch,
    /// 2: wrong usage or an input that cannot be used; nothing was written.
    Refused,
    /// 3: some of it failed, the rest was done.
    Partial,
    /// 4: words are not those of their source.
    NotVerified,
    /// 130: stopped by a signal; what was written is whole and in the manifest.
    Interrupted,
}

impl Outcome {
    /// The exit status.
    #[must_use]
    pub const fn status(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::NoMatch => 1,
            Self::Refused => 2,
            Self::Partial => 3,
            Self::NotVerified => 4,
            Self::Interrupted => 130,
        }
    }

    /// One status for two parts of a run: the graver.
    ///
    /// A partial failure is never 0. A stop by the user outweighs all, since what is missing is then no fault; words
    /// that are not verified outweigh cards that are missing; and "nothing matched" gives way to any failure, since
    /// the failed part might have matched.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self.gravity() >= other.gravity() { self } else { other }
    }

    const fn gravity(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::NoMatch => 1,
            Self::Partial => 2,
            Self::Refused => 3,
            Self::NotVerified => 4,
            Self::Interrupted => 5,
        }
    }

    /// The outcome of going through several files, of which some could not be used.
    #[must_use]
    pub const fn of_files(good: usize, bad: usize) -> Self {
        match (good, bad) {
            (_, 0) => Self::Done,
            (0, _) => Self::Refused,
            _ => Self::Partial,
        }
    }

    /// The outcome of rows that could not be taken while the others were.
    #[must_use]
    pub const fn of_rows(bad: usize) -> Self {
        if bad == 0 { Self::Done } else { Self::Partial }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome.status())
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome::{self, *};

    const ALL: [Outcome; 6] = [Done, NoMatch, Refused, Partial, NotVerified, Interrupted];

    #[test]
    fn statuses_are_those_of_the_table() {
        assert_eq!(ALL.map(Outcome::status), [0, 1, 2, 3, 4, 130]);
    }

    #[test]
    fn merging_takes_the_graver_in_either_order() {
        for (a, b, merged) in [
            (Done, Done, Done),
            (Done, NoMatch, NoMatch),
            (NoMatch, Partial, Partial),
            (Partial, Refused, Refused),
            (Refused, NotVerified, NotVerified),
            (Partial, Interrupted, Interrupted),
        ] {
            assert_eq!((a.and(b), b.and(a)), (merged, merged), "{a:?} {b:?}");
        }
        for a in ALL {
            assert_eq!((a.and(Done), a.and(a)), (a, a));
            for (b, c) in ALL.into_iter().flat_map(|b| ALL.map(|c| (b, c))) {
                assert_eq!(a.and(b).and(c), a.and(b.and(c)));
            }
        }
    }

    #[test]
    fn some_bad_files_are_a_partial_failure_and_all_bad_ones_a_refusal() {
        assert_eq!(Outcome::of_files(2, 0), Done);
        assert_eq!(Outcome::of_files(2, 1), Partial);
        assert_eq!(Outcome::of_files(0, 1), Refused);
    }
}
