//! Why a file cannot be read as an API document: one clear message each, with the place where the format has one.

use std::fmt;

/// A place in a file as editors count it: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The character in the line.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// A file that is no readable OpenAPI document. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// More than [`super::MAX_BYTES`].
    #[error("The file is larger than 64 MiB ({bytes} bytes).")]
    TooLarge {
        /// The file's size.
        bytes: usize,
    },
    /// No content at all.
    #[error("The file is empty.")]
    Empty,
    /// Not UTF-8.
    #[error("The file is not text in UTF-8 ({position}).")]
    NotText {
        /// Where the first wrong byte is.
        position: Position,
    },
    /// It starts like JSON, but is not.
    #[error("The file is not valid JSON: {message} ({position}{}).", at(.pointer))]
    NotJson {
        /// What is wrong there.
        message: String,
        /// The value that was being read.
        pointer: String,
        /// Where reading stopped.
        position: Position,
    },
    /// Neither JSON nor YAML.
    #[error("The file is not valid YAML: {message} ({position}{}).", at(.pointer))]
    NotYaml {
        /// What is wrong there.
        message: String,
        /// The value that was being read.
        pointer: String,
        /// Where reading stopped.
        position: Position,
    },
    /// Nesting without end, by accident or not.
    #[error("The file is nested deeper than 1,000 levels ({position}{}).", at(.pointer))]
    TooDeep {
        /// The first value that is too deep.
        pointer: String,
        /// Where it starts.
        position: Position,
    },
    /// More values than the reader has room for.
    #[error("The file has more than 8 million values ({position}{}).", at(.pointer))]
    TooMany {
        /// The first value that is too many.
        pointer: String,
        /// Where it starts.
        position: Position,
    },
    /// YAML aliases that unfold to more than the reader has room for.
    #[error("The file's YAML aliases unfold to more than 8 million values ({position}{}).", at(.pointer))]
    AliasBomb {
        /// The value that is too much.
        pointer: String,
        /// Where its alias stands.
        position: Position,
    },
    /// Something else than an API document.
    #[error("The file is not an OpenAPI document: {found}.")]
    NotOpenApi {
        /// What it is instead.
        found: String,
    },
    /// The format before OpenAPI 3.
    #[error("The file is a Swagger {version} document. Convert it to OpenAPI 3 first ({position}, at /swagger).")]
    Swagger {
        /// What the document says.
        version: String,
        /// Where it says so.
        position: Position,
    },
    /// An OpenAPI of another age.
    #[error("OpenAPI {version} is not supported; 3.0, 3.1 and 3.2 are ({position}, at /openapi).")]
    UnsupportedVersion {
        /// What the document says.
        version: String,
        /// Where it says so.
        position: Position,
    },
}

impl Unreadable {
    /// The fault's stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "document_too_large",
            Self::Empty => "document_empty",
            Self::NotText { .. } => "document_not_text",
            Self::NotJson { .. } => "document_not_json",
            Self::NotYaml { .. } => "document_not_yaml",
            Self::TooDeep { .. } => "document_too_deep",
            Self::TooMany { .. } => "document_too_many_values",
            Self::AliasBomb { .. } => "document_alias_bomb",
            Self::NotOpenApi { .. } => "document_not_openapi",
            Self::Swagger { .. } => "document_swagger_2",
            Self::UnsupportedVersion { .. } => "document_unsupported_version",
        }
    }

    /// The JSON pointer of the value at fault; the whole document has none.
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Self::NotJson { pointer, .. }
            | Self::NotYaml { pointer, .. }
            | Self::TooDeep { pointer, .. }
            | Self::TooMany { pointer, .. }
            | Self::AliasBomb { pointer, .. } => Some(pointer),
            Self::Swagger { .. } => Some("/swagger"),
            Self::UnsupportedVersion { .. } => Some("/openapi"),
            Self::TooLarge { .. } | Self::Empty | Self::NotText { .. } | Self::NotOpenApi { .. } => None,
        }
    }

    /// Where in the file the fault is.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::NotText { position }
            | Self::NotJson { position, .. }
            | Self::NotYaml { position, .. }
            | Self::TooDeep { position, .. }
            | Self::TooMany { position, .. }
            | Self::AliasBomb { position, .. }
            | Self::Swagger { position, .. }
            | Self::UnsupportedVersion { position, .. } => Some(*position),
            Self::TooLarge { .. } | Self::Empty | Self::NotOpenApi { .. } => None,
        }
    }
}

/// A pointer in a message, on one line; one of thousands of steps is told by its beginning.
fn at(pointer: &str) -> String {
    const SHOWN: usize = 120;
    let pointer = pointer.replace(char::is_control, " ");
    match pointer.char_indices().nth(SHOWN) {
        _ if pointer.is_empty() => String::new(),
        Some((end, _)) => format!(", at {}…", &pointer[..end]),
        None => format!(", at {pointer}"),
    }
}

/// Finds lines and columns by byte offsets.
pub(super) struct Lines<'s> {
    text: &'s [u8],
    starts: Vec<u32>,
}

impl<'s> Lines<'s> {
    pub fn of(text: &'s [u8]) -> Self {
        let breaks = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1)).collect();
        Self { text, starts }
    }

    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|start| *start as usize <= offset);
        let start = self.starts[line - 1] as usize;
        let characters = self.text[start..offset].iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        Position { line: line as u32, column: characters as u32 + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let lines = Lines::of("a\nüb\n".as_bytes());
        assert_eq!(lines.position(0), Position { line: 1, column: 1 });
        assert_eq!(lines.position(4), Position { line: 2, column: 2 });
        assert_eq!(lines.position(99), Position { line: 3, column: 1 });
    }

    #[test]
    fn a_name_with_line_breaks_leaves_the_message_on_one_line() {
        let pointer = "/a\n\nb\u{85}c".to_owned();
        let message = Unreadable::TooDeep { pointer, position: Position { line: 1, column: 2 } }.to_string();
        assert!(message.contains("/a  b c"), "{message:?}");
    }

    #[test]
    fn a_long_pointer_is_told_by_its_beginning() {
        let position = Position { line: 1, column: 2 };
        let message = Unreadable::TooDeep { pointer: "/a".repeat(5_000), position }.to_string();
        assert!(message.len() < 250, "{message}");
        assert!(message.contains("line 1, column 2"), "{message}");
    }
}
