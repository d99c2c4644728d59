//! What people call things.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_visible_line() {
        assert_eq!(Name::parse("  Kasse Straße 7 ").unwrap().as_str(), "Kasse Straße 7");
        assert!(Name::parse(&"ß".repeat(80)).is_ok());
        for odd in ["", "   ", "a\tb", "a\u{202e}b", &"x".repeat(81)] {
            assert!(Name::parse(odd).is_err(), "{odd:?}");
        }
    }
}
