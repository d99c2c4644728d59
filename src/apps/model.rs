//! What an app is, and what may name one.

use time::OffsetDateTime;

use super::store;
use crate::{
    db::{AppId, OrganizationId},
    portal::Portal,
    web::Owner,
};

/// An app of an organization.
#[derive(Clone, Debug)]
pub struct App {
    /// Its id.
    pub id: AppId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl Owner for App {
    const PARAMETER: &'static str = "app";
    type Id = AppId;

    async fn of(portal: &Portal, organization: OrganizationId, id: AppId) -> sqlx::Result<Option<Self>> {
        store::by_id(&portal.db, organization, id).await
    }
}

/// An app and its keys in numbers.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Its id.
    pub id: AppId,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Keys that were not revoked.
    pub keys: i64,
    /// The last call with any of its keys.
    pub last_used_at: Option<OffsetDateTime>,
}

/// What an app or a key is called: one visible line of at most 80 characters.
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
