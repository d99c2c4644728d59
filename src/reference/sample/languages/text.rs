//! Text as it stands in source code. Whatever a document says ends up inside one literal, and what a reader would not see
//! (control characters, marks that turn the direction of text) is written by its number.

use serde_json::Value;

/// How a language writes text between two marks.
pub(super) struct Quotes {
    /// What it begins and ends with.
    pub mark: char,
    /// Whether a character, followed by another, means something else than itself; the mark and the backslash always do.
    pub is_special: fn(char, Option<char>) -> bool,
    /// The number of a character.
    pub numbered: fn(char) -> String,
}

impl Quotes {
    /// The text as a literal.
    pub fn literal(&self, text: &str) -> String {
        let mark = self.mark;
        format!("{mark}{}{mark}", self.inside(text))
    }

    /// What stands between the marks.
    pub fn inside(&self, text: &str) -> String {
        let mut written = String::with_capacity(text.len() + 8);
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let next = characters.peek().copied();
            match character {
                '\n' => written.push_str("\\n"),
                '\r' => written.push_str("\\r"),
                '\t' => written.push_str("\\t"),
                it if is_unseen(it) => written.push_str(&(self.numbered)(it)),
                it if it == self.mark || it == '\\' || (self.is_special)(it, next) => written.extend(['\\', it]),
                it => written.push(it),
            }
        }
        written
    }
}

/// Nothing but the mark and the backslash is special.
pub(super) fn nothing(_: char, _: Option<char>) -> bool {
    false
}

/// `\u{1f}`
pub(super) fn in_braces(character: char) -> String {
    format!("\\u{{{:x}}}", u32::from(character))
}

/// `\u001f`, or `\U0001f600` where four digits do not do.
pub(super) fn in_digits(character: char) -> String {
    match u32::from(character) {
        short @ ..=0xffff => format!("\\u{short:04x}"),
        long => format!("\\U{long:08x}"),
    }
}

/// `\u001f`, as one or two units of UTF-16.
pub(super) fn in_units(character: char) -> String {
    let mut units = [0; 2];
    character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

/// Whether a character shows nothing of itself. The joiners of scripts and emoji are none of these.
pub(super) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Text of several lines as literals that are put together.
pub(super) fn lines(text: &str, literal: fn(&str) -> String, between: &str) -> String {
    let lines: Vec<_> = text.split_inclusive('\n').map(literal).collect();
    if lines.is_empty() { literal("") } else { lines.join(between) }
}

/// JSON over several lines, of which all but the first begin with the margin. No line break is inside of a text, and
/// three quotes never follow each other.
pub(in crate::reference::sample) fn json(value: &Value, margin: &str) -> String {
    let pretty = serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string());
    let mut written = String::with_capacity(pretty.len() + 16);
    for character in pretty.chars() {
        match character {
            '\n' => written.extend(["\n", margin]),
            it if is_unseen(it) => written.push_str(&in_units(it)),
            it => written.push(it),
        }
    }
    written
}
