//! What may be set, and how it is read from a form.

use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{accounts::EmailAddress, name::Name, ui::Logo, web::FieldErrors};

/// Longer names would push the menu out of the bar.
const LONGEST_NAME: usize = 40;
const LONGEST_HEADLINE: usize = 120;
const LONGEST_INTRODUCTION: usize = 2000;
const LONGEST_LOGO: usize = 3;

/// What is set about the portal. An empty text is one that is not set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Values {
    /// The company's name, in the bar, in titles and in mail.
    pub portal_name: String,
    /// The first line of the start page.
    pub headline: String,
    /// What the start page says below, as plain text.
    pub introduction: String,
    /// The accent colour, as `#rrggbb` in lowercase.
    pub accent: String,
    /// One to three letters for a logo; the portal's own mark where there are none.
    pub logo_letters: Option<String>,
    /// Where partners write to.
    pub support_email: String,
    /// The sender of mail, as `name@host` or `Name <name@host>`.
    pub mail_from: String,
    /// What happens to a key that somebody reports as leaked.
    pub leaked_keys: LeakedKeys,
}

/// What happens to a key that somebody reports as leaked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum LeakedKeys {
    /// It is revoked at once.
    #[default]
    Revoke,
    /// The secret that was seen ends within an hour, so that its owner can rotate the key before.
    EndSoon,
}

impl LeakedKeys {
    /// What there is to choose from.
    pub const ALL: [Self; 2] = [Self::Revoke, Self::EndSoon];

    /// The choice as it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Revoke => "revoke",
            Self::EndSoon => "end_soon",
        }
    }

    /// The choice for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Revoke => "Revoke the key at once",
            Self::EndSoon => "End the leaked secret within an hour, so that its owner can rotate the key before",
        }
    }
}

impl Values {
    /// What stands before the portal's name.
    pub fn logo(&self) -> Logo {
        self.logo_letters.clone().map_or(Logo::Mark, Logo::Letters)
    }

    /// The fields that differ in `next`, as they are and as they will be. `None`: nothing differs.
    pub(super) fn difference(&self, next: &Self) -> Option<(Value, Value)> {
        let (old, new) = (fields(self), fields(next));
        let differing = |of: &Map<String, Value>| -> Map<String, Value> {
            let differs = |name: &str| old.get(name) != new.get(name);
            of.iter().filter(|(name, _)| differs(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        let (before, after) = (differing(&old), differing(&new));
        (!after.is_empty()).then_some((before.into(), after.into()))
    }
}

fn fields(values: &Values) -> Map<String, Value> {
    match serde_json::to_value(values) {
        Ok(Value::Object(fields)) => fields,
        other => unreachable!("the settings are an object of texts: {other:?}"),
    }
}

/// The form as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Draft {
    pub(super) portal_name: String,
    pub(super) headline: String,
    pub(super) introduction: String,
    pub(super) accent: String,
    pub(super) logo_letters: String,
    pub(super) support_email: String,
    pub(super) mail_from: String,
    pub(super) leaked_keys: String,
}

impl From<&Values> for Draft {
    fn from(values: &Values) -> Self {
        let values = values.clone();
        Self {
            portal_name: values.portal_name,
            headline: values.headline,
            introduction: values.introduction,
            accent: values.accent,
            logo_letters: values.logo_letters.unwrap_or_default(),
            support_email: values.support_email,
            mail_from: values.mail_from,
            leaked_keys: values.leaked_keys.as_str().to_owned(),
        }
    }
}

impl Draft {
    /// The values, or what is wrong with each field that cannot be accepted.
    pub(super) fn parse(&self) -> Result<Values, FieldErrors> {
        let mut errors = FieldErrors::default();
        let portal_name = errors.check("portal_name", portal_name(&self.portal_name));
        let headline = errors.check("headline", headline(&self.headline));
        let introduction = errors.check("introduction", introduction(&self.introduction));
        let accent = errors.check("accent", accent(&self.accent));
        let logo_letters = errors.check("logo_letters", logo_letters(&self.logo_letters));
        let support_email = errors.check("support_email", optional(&self.support_email, support_email));
        let mail_from = errors.check("mail_from", optional(&self.mail_from, mail_from));
        let leaked_keys = errors.check("leaked_keys", leaked_keys(&self.leaked_keys));
        let values = || {
            Some(Values {
                portal_name: portal_name?,
                headline: headline?,
                introduction: introduction?,
                accent: accent?,
                logo_letters: logo_letters?,
                support_email: support_email?,
                mail_from: mail_from?,
                leaked_keys: leaked_keys?,
            })
        };
        values().ok_or(errors)
    }
}

fn leaked_keys(text: &str) -> Result<LeakedKeys, &'static str> {
    if text.is_empty() {
        return Ok(LeakedKeys::default());
    }
    LeakedKeys::ALL.into_iter().find(|choice| choice.as_str() == text).ok_or("Choose one of these.")
}

fn portal_name(text: &str) -> Result<String, String> {
    let name = Name::parse(text)?.as_str().to_owned();
    at_most(name, LONGEST_NAME)
}

fn headline(text: &str) -> Result<String, String> {
    match text.trim() {
        text if text.chars().any(char::is_control) => Err("Write the headline on one line.".into()),
        text => at_most(text.to_owned(), LONGEST_HEADLINE),
    }
}

/// Browsers send lines with a carriage return; nobody else needs to know.
fn introduction(text: &str) -> Result<String, String> {
    at_most(text.trim().replace("\r\n", "\n"), LONGEST_INTRODUCTION)
}

fn accent(text: &str) -> Result<String, &'static str> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.strip_prefix('#').unwrap_or("");
    match digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        true => Ok(text),
        false => Err("Write the colour as # and six hexadecimal digits, e.g. #0c6a88."),
    }
}

fn logo_letters(text: &str) -> Result<Option<String>, &'static str> {
    let text = text.trim();
    match text.chars().count() <= LONGEST_LOGO && text.chars().all(char::is_alphanumeric) {
        true => Ok(Some(text.to_owned()).filter(|letters| !letters.is_empty())),
        false => Err("Use one to three letters or digits, or nothing for the portal's own mark."),
    }
}

fn support_email(text: &str) -> Result<String, String> {
    Ok(EmailAddress::parse(text)?.as_str().to_owned())
}

fn mail_from(text: &str) -> Result<String, String> {
    const WRONG: &str = "Enter an address such as portal@company.com, or Company <portal@company.com>.";
    let mailbox: Mailbox = text.parse().map_err(|_| WRONG)?;
    EmailAddress::parse(mailbox.email.as_ref()).map_err(|_| WRONG)?;
    Ok(mailbox.to_string())
}

fn optional(text: &str, read: impl Fn(&str) -> Result<String, String>) -> Result<String, String> {
    match text.trim() {
        "" => Ok(String::new()),
        text => read(text),
    }
}

fn at_most(text: String, longest: usize) -> Result<String, String> {
    match text.chars().count() <= longest {
        true => Ok(text),
        false => Err(format!("Use at most {longest} characters.")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn draft() -> Draft {
        Draft { portal_name: "Larkfield".into(), accent: "#A8481B".into(), ..Draft::default() }
    }

    #[test]
    fn only_a_name_and_a_colour_must_be_set() {
        let values = draft().parse().unwrap();
        assert_eq!((values.portal_name.as_str(), values.accent.as_str()), ("Larkfield", "#a8481b"));
        assert_eq!(values.logo(), Logo::Mark);
        assert_eq!(Draft::from(&values).parse().unwrap(), values);
        assert_eq!(Draft::default().parse().unwrap_err().get("headline"), None);
        assert!(Draft::default().parse().unwrap_err().get("portal_name").is_some());
    }

    #[test]
    fn what_cannot_be_a_setting_is_said_at_its_field() {
        type Set = fn(&mut Draft, String);
        let name: Set = |draft, text| draft.portal_name = text;
        let accent: Set = |draft, text| draft.accent = text;
        let odd: [(&str, Set, String); 13] = [
            ("portal_name", name, "  ".into()),
            ("portal_name", name, "x".repeat(41)),
            ("portal_name", name, "Lark\nfield".into()),
            ("headline", |draft, text| draft.headline = text, "x".repeat(121)),
            ("headline", |draft, text| draft.headline = text, "two\nlines".into()),
            ("introduction", |draft, text| draft.introduction = text, "x".repeat(2001)),
            ("accent", accent, "red".into()),
            ("accent", accent, "#12345".into()),
            ("accent", accent, "#123456;}".into()),
            ("logo_letters", |draft, text| draft.logo_letters = text, "ABCD".into()),
            ("logo_letters", |draft, text| draft.logo_letters = text, "A B".into()),
            ("support_email", |draft, text| draft.support_email = text, "help".into()),
            ("mail_from", |draft, text| draft.mail_from = text, "Larkfield".into()),
        ];
        for (field, set, text) in odd {
            let mut draft = draft();
            set(&mut draft, text.clone());
            let errors = draft.parse().expect_err(&text);
            assert!(errors.get(field).is_some(), "{field}: {text:?}");
        }
    }

    #[test]
    fn the_sender_may_have_a_name() {
        let from = |text: &str| Draft { mail_from: text.into(), ..draft() }.parse().map(|values| values.mail_from);
        assert_eq!(from(" portal@larkfield.example ").unwrap(), "portal@larkfield.example");
        let named = from("Larkfield Developers <portal@larkfield.example>").unwrap();
        assert_eq!(named.parse::<Mailbox>().unwrap().name.as_deref(), Some("Larkfield Developers"));
        assert!(from("portal@localhost").is_err());
    }

    #[test]
    fn lines_survive_and_carriage_returns_do_not() {
        let draft = Draft { introduction: " One.\r\n\r\nTwo. ".into(), ..draft() };
        assert_eq!(draft.parse().unwrap().introduction, "One.\n\nTwo.");
    }

    #[test]
    fn only_what_changed_is_recorded() {
        let old = draft().parse().unwrap();
        let new = Draft { logo_letters: "LF".into(), ..draft() }.parse().unwrap();
        assert_eq!(old.difference(&old), None);
        assert_eq!(old.difference(&new), Some((json!({ "logo_letters": null }), json!({ "logo_letters": "LF" }))));
    }
}
