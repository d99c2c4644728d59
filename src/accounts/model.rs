//! What counts as a mail address.

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
}
