//! What people call things, and names that are given out once.

use std::collections::{HashMap, HashSet};

/// What a person, an organization, an app, a key or a token is called: one visible line of at most 80 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// The longest name, in characters.
    pub const LONGEST: usize = 80;

    /// Reads a name as it was typed; the spaces around it are forgiven.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Err("Enter a name.");
        }
        if text.chars().count() > Self::LONGEST {
            return Err("Use at most 80 characters.");
        }
        match text.chars().any(|c| c.is_control() || hides_text(c)) {
            true => Err("Use only characters that can be seen."),
            false => Ok(Self(text.to_owned())),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters that reverse or hide text: with them a name could pose as another.
fn hides_text(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Names of which each is given out once.
#[derive(Clone, Debug, Default)]
pub struct Unique {
    taken: HashSet<String>,
    numbers: HashMap<String, u64>,
}

impl Unique {
    /// Whether nothing has the name yet.
    pub fn is_free(&self, name: &str) -> bool {
        !self.taken.contains(name)
    }

    /// The name, or behind a mark the next number, from 2, that makes it free. However many want the same name, no number
    /// is tried twice.
    pub fn claim(&mut self, wanted: &str, mark: char) -> String {
        if self.taken.insert(wanted.to_owned()) {
            return wanted.to_owned();
        }
        let number = self.numbers.entry(wanted.to_owned()).or_insert(1);
        loop {
            *number += 1;
            let numbered = format!("{wanted}{mark}{number}");
            if self.taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_given_out_once() {
        let mut names = Unique::default();
        let claimed = ["a", "a-2", "a", "a", "b"].map(|wanted| names.claim(wanted, '-'));
        assert_eq!(claimed, ["a", "a-2", "a-3", "a-4", "b"]);
        assert!(!names.is_free("a-3") && names.is_free("a-5"));
    }

    #[test]
    fn a_name_is_one_visible_line() {
        assert_eq!(Name::parse("  Kasse Straße 7 ").unwrap().as_str(), "Kasse Straße 7");
        assert!(Name::parse(&"ß".repeat(80)).is_ok());
        for odd in ["", "   ", "a\tb", "a\u{202e}b", &"x".repeat(81)] {
            assert!(Name::parse(odd).is_err(), "{odd:?}");
        }
    }
}
