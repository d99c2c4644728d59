//! Names and addresses: what counts as one.

/// A mail address: one that lettre can put on an envelope, of a host with a dot, at most 254 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address as it was typed; the spaces around it are forgiven.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        let is_address =
            text.len() <= 254 && text.parse::<lettre::Address>().is_ok_and(|address| address.domain().contains('.'));
        match is_address {
            true => Ok(Self(text.to_owned())),
            false => Err("Enter a mail address such as you@company.com."),
        }
    }

    /// The address as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A person's or an organization's name: one line of 1 to 80 characters, none of them invisible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// Reads a name as it was typed; the spaces around it are forgiven.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Err("Enter a name.");
        }
        if text.chars().count() > 80 {
            return Err("Use at most 80 characters.");
        }
        match text.chars().any(|c| c.is_control() || is_invisible(c)) {
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
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_typed() {
        assert_eq!(EmailAddress::parse(" Ines@Quillmere.example ").unwrap().as_str(), "Ines@Quillmere.example");
        for odd in ["", "ines", "ines@localhost", "a b@example.com", "ines@example.com\r\nBcc: x@example.com"] {
            assert!(EmailAddress::parse(odd).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn names_are_one_visible_line() {
        assert_eq!(PersonName::parse(" Zoë O'Hara ").unwrap().as_str(), "Zoë O'Hara");
        for odd in ["", "  ", "a\nb", "abc\u{202e}def", &"x".repeat(81)] {
            assert!(PersonName::parse(odd).is_err(), "{odd:?}");
        }
    }
}
