//! What was read from a file and what was doubtful in it: shown to the administrator, printed by the command, stored.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{
    document::{Document, Format},
    version::{ApiSlug, VersionName},
};

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The API.
    pub api: ApiSlug,
    /// Its version.
    pub version: VersionName,
    /// What became of it.
    pub outcome: Outcome,
    /// What was read.
    pub reading: Reading,
}

/// What became of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A new draft that only staff see.
    Drafted,
    /// It took the place of a draft.
    Replaced,
    /// Partners see it.
    Published,
    /// The same file is published already; nothing was done.
    Unchanged,
    /// It waits to be published as a correction of what is published.
    Kept,
    /// It corrects what was published, as this revision.
    Revised(i32),
}

/// What a document holds, in numbers, and the doubts about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The document's own OpenAPI version.
    pub openapi: String,
    /// `JSON` or `YAML`.
    pub format: String,
    /// The file's size.
    pub bytes: u64,
    /// How many operations.
    pub operations: u64,
    /// How many schemas among the components.
    pub schemas: u64,
    /// How many webhooks.
    pub webhooks: u64,
    /// The scopes that keys can have.
    pub scopes: Vec<String>,
    /// How many doubts of each kind, those that `doubts` leaves out included.
    pub counts: BTreeMap<String, u64>,
    /// The doubts, in the file's order; of each kind at most a hundred.
    pub doubts: Vec<Doubt>,
}

/// One doubtful part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// The kind's stable code.
    pub code: String,
    /// The JSON pointer of the part.
    pub pointer: String,
    /// Its line in the file, from 1.
    pub line: u32,
    /// Its column, from 1, in characters.
    pub column: u32,
    /// What is wrong, in one sentence.
    pub message: String,
}

impl Reading {
    /// What a document of so many bytes holds.
    pub fn of(document: &Document, bytes: usize) -> Self {
        let doubts = document.warnings().iter().map(|warning| Doubt {
            code: warning.code.as_str().to_owned(),
            pointer: storable(&warning.pointer),
            line: warning.position.line,
            column: warning.position.column,
            message: storable(&warning.message),
        });
        let counts = document.warning_counts().iter();
        Self {
            openapi: storable(&document.api().openapi),
            format: name_of(document.format()).to_owned(),
            bytes: bytes as u64,
            operations: document.operations().len() as u64,
            schemas: document.schemas().len() as u64,
            webhooks: document.webhooks().len() as u64,
            scopes: document.scopes().iter().map(|scope| storable(&scope.name)).collect(),
            counts: counts.map(|(code, count)| (code.as_str().to_owned(), *count as u64)).collect(),
            doubts: doubts.collect(),
        }
    }

    /// Puts doubts about a document's files before those about the document, whose word on the same references is dropped.
    pub fn precede(&mut self, doubts: Vec<Doubt>) {
        const EXTERNAL: &str = "external_reference";
        let told: Vec<&str> = doubts.iter().filter_map(|doubt| doubt.message.split('`').nth(1)).collect();
        let before = self.doubts.len();
        self.doubts.retain(|doubt| {
            doubt.code != EXTERNAL
                || !doubt.message.split('`').nth(1).is_some_and(|reference| told.contains(&reference))
        });
        let dropped = (before - self.doubts.len()) as u64;
        if let Some(count) = self.counts.get_mut(EXTERNAL) {
            *count -= dropped.min(*count);
        }
        self.counts.retain(|_, count| *count > 0);
        for doubt in &doubts {
            *self.counts.entry(doubt.code.clone()).or_default() += 1;
        }
        self.doubts.splice(0..0, doubts);
    }

    /// How many doubts there are in all.
    pub fn doubt_count(&self) -> u64 {
        self.counts.values().sum()
    }

    /// `OpenAPI 3.1.0 in YAML, 110 kB`.
    pub fn format_in_words(&self) -> String {
        format!("OpenAPI {} in {}, {}", self.openapi, self.format, size_in_words(self.bytes))
    }

    /// The kinds of doubt in the order of their first occurrence, each with its doubts.
    pub fn doubts_by_code(&self) -> Vec<(&str, Vec<&Doubt>)> {
        let mut groups: Vec<(&str, Vec<&Doubt>)> = Vec::new();
        for doubt in &self.doubts {
            match groups.iter_mut().find(|(code, _)| *code == doubt.code) {
                Some((_, doubts)) => doubts.push(doubt),
                None => groups.push((&doubt.code, vec![doubt])),
            }
        }
        groups
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { api, version, reading, .. } = self;
        let done = match self.outcome {
            Outcome::Drafted => "imported as a draft; publish it with --publish or in the administration".to_owned(),
            Outcome::Replaced => "imported; it took the place of the earlier draft".to_owned(),
            Outcome::Published => "imported and published".to_owned(),
            Outcome::Unchanged => "is published already, with the same content; nothing was done".to_owned(),
            Outcome::Kept => "kept as a revision that waits to be published in the administration".to_owned(),
            Outcome::Revised(number) => format!("published as revision {number}"),
        };
        writeln!(f, "{api} {version}: {done}")?;
        writeln!(f, "  {}", reading.format_in_words())?;
        let counts = [
            counted(reading.operations, "operation", "operations"),
            counted(reading.schemas, "schema", "schemas"),
            counted(reading.webhooks, "webhook", "webhooks"),
            counted(reading.scopes.len() as u64, "scope", "scopes"),
            counted(reading.doubt_count(), "warning", "warnings"),
        ];
        write!(f, "  {}", counts.join(", "))?;
        for doubt in &reading.doubts {
            write!(f, "\n  {}:{} {} {} [{}]", doubt.line, doubt.column, doubt.pointer, doubt.message, doubt.code)?;
        }
        let left_out = reading.doubt_count().saturating_sub(reading.doubts.len() as u64);
        if left_out > 0 {
            write!(f, "\n  and {left_out} more of the same kinds")?;
        }
        Ok(())
    }
}

/// A text of a document as Postgres takes it, which has no place for the character of number zero.
pub(super) fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// `1 operation`, `2 operations`, `1,024 operations`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// A number with commas between thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn size_in_words(bytes: u64) -> String {
    match bytes {
        0..1_000 => counted(bytes, "byte", "bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

fn name_of(format: Format) -> &'static str {
    match format {
        Format::Json => "JSON",
        Format::Yaml => "YAML",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_sizes_are_written_for_people() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(999), "999");
        assert_eq!(counted(1, "operation", "operations"), "1 operation");
        assert_eq!(size_in_words(110_400), "110 kB");
        assert_eq!(size_in_words(13_060_000), "13.0 MB");
    }

    #[test]
    fn a_report_says_what_was_read_and_what_was_doubtful() {
        let document = b"openapi: 3.1.0\npaths:\n  /a:\n    get:\n      responses: {}\n";
        let read = Document::read(document).unwrap();
        let report = Report {
            api: ApiSlug::parse("a").unwrap(),
            version: VersionName::parse("1").unwrap(),
            outcome: Outcome::Drafted,
            reading: Reading::of(&read, document.len()),
        };
        let text = report.to_string();
        assert!(text.starts_with("a 1: imported as a draft"), "{text}");
        assert!(text.contains("OpenAPI 3.1.0 in YAML"), "{text}");
        assert!(text.contains("1 operation, 0 schemas"), "{text}");
        assert!(text.contains("[missing_title]"), "{text}");
    }
}
