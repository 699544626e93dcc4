//! Small things that several pages show: counts, moments, lozenges, people, marked text.

use std::fmt;

use super::icon::Icon;

/// A number of things, written with thin groups of three: `12 345` would be read as two numbers, so `12,345`.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Count(pub u64);

impl Count {
    /// The number with the word that fits it: `1 result`, `2 results`.
    pub fn of(self, one: &str, many: &str) -> String {
        if self.0 == 1 { format!("{self} {one}") } else { format!("{self} {many}") }
    }

    /// Whether there are none.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (position, digit) in digits.chars().enumerate() {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// A point in time, once for programs and once for people.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Moment {
    /// RFC 3339, for the `datetime` attribute.
    pub machine: String,
    /// As a reader says it, such as `3 March 2026` or `5 minutes ago`.
    pub words: String,
}

impl Moment {
    /// A moment in both forms.
    pub fn new(machine: impl Into<String>, words: impl Into<String>) -> Self {
        Self { machine: machine.into(), words: words.into() }
    }
}

/// How good or bad something is; decides colour and icon, never the words.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tone {
    /// Neither good nor bad; not begun.
    Plain,
    /// Under way, or worth knowing.
    Active,
    /// As it should be; done.
    Good,
    /// Works, but somebody should look.
    Warning,
    /// Does not work.
    Bad,
}

impl Tone {
    /// The class that gives the colour.
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Active => "active",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }

    /// The icon that says the same to those who do not see colours.
    pub fn icon(self) -> Icon {
        match self {
            Self::Plain | Self::Active => Icon::Note,
            Self::Good => Icon::Ok,
            Self::Warning => Icon::Warning,
            Self::Bad => Icon::Failure,
        }
    }
}

/// A short status on a coloured ground.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lozenge {
    /// The colour.
    pub tone: Tone,
    /// One to three words.
    pub text: String,
}

impl Lozenge {
    /// A status in a tone.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into() }
    }
}

/// A stretch of text that did or did not match the query. Marks are made from these, never from HTML.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Segment {
    /// Plain text; the template escapes it.
    pub text: String,
    /// Whether it matched.
    pub marked: bool,
}

impl Segment {
    /// Text between matches.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), marked: false }
    }

    /// Text that matched.
    pub fn marked(text: impl Into<String>) -> Self {
        Self { text: text.into(), marked: true }
    }
}

/// A person in a role: `Assignee`, `Ana Souza`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Involved {
    /// What the person does there, such as `Author` or `Assignee`.
    pub role: String,
    /// Display name at the source.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_in_threes() {
        let shown: Vec<String> = [0, 7, 999, 1000, 12_345, 1_000_000].iter().map(|n| Count(*n).to_string()).collect();
        assert_eq!(shown, ["0", "7", "999", "1,000", "12,345", "1,000,000"]);
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(Count(1).of("result", "results"), "1 result");
        assert_eq!(Count(0).of("result", "results"), "0 results");
    }
}
