//! What staff see of partners, and what calls for somebody to act.

use time::OffsetDateTime;

use crate::{
    db::{AccountId, AppId, KeyId, OrganizationId},
    ui::{Condition, Tone},
};

/// The portal in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Partner organizations.
    pub partners: i64,
    /// Of them, those that are suspended.
    pub suspended: i64,
    /// Keys that authenticate.
    pub keys: i64,
    /// Versions of APIs that partners see.
    pub published: i64,
    /// Versions that were imported and wait to be published.
    pub unpublished: i64,
    /// Messages that the mail server will not take.
    pub failed_mails: i64,
    /// Jobs that wait to be done.
    pub waiting_jobs: i64,
    /// Jobs that were given up.
    pub abandoned_jobs: i64,
}

/// Something that somebody should act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// How grave it is.
    pub tone: Tone,
    /// What it is.
    pub title: String,
    /// What follows from it.
    pub text: &'static str,
    /// Where to act on it, and what the link says.
    pub action: Option<(&'static str, &'static str)>,
}

/// Whether mail leaves the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It is handed to a mail server.
    Smtp,
    /// It stays in the outbox.
    Outbox,
}

/// What somebody should act on, gravest first.
pub fn matters(numbers: &Numbers, delivery: Delivery, support_email: &str) -> Vec<Matter> {
    let failed = (numbers.failed_mails > 0).then(|| Matter {
        tone: Tone::Bad,
        title: format!("{} could not be delivered", plural(numbers.failed_mails, "message", "messages")),
        text: "The mail server refused for good, and the recipients do not know.",
        action: Some(("/admin/mail", "Read the outbox")),
    });
    let abandoned = (numbers.abandoned_jobs > 0).then(|| Matter {
        tone: Tone::Bad,
        title: format!("{} given up", plural(numbers.abandoned_jobs, "job was", "jobs were")),
        text: "They failed again and again for two days. The log of the portal has the reasons.",
        action: None,
    });
    let unpublished = (numbers.unpublished > 0).then(|| Matter {
        tone: Tone::Warn,
        title: format!("{} not published", plural(numbers.unpublished, "imported version is", "imported versions are")),
        text: "Partners do not see them until an editor publishes them.",
        action: Some(("/admin/apis", "Open the APIs")),
    });
    let kept = (delivery == Delivery::Outbox).then(|| Matter {
        tone: Tone::Warn,
        title: "Mail does not leave the portal".into(),
        text: "No mail server is configured (VESTIBULE_SMTP_URL), so every message stays in the outbox.",
        action: Some(("/admin/mail", "Read the outbox")),
    });
    let no_support = support_email.is_empty().then(|| Matter {
        tone: Tone::Warn,
        title: "Partners see no support address".into(),
        text: "With one, every page says at its foot where to ask.",
        action: Some(("/admin/settings", "Set an address")),
    });
    [failed, abandoned, unpublished, kept, no_support].into_iter().flatten().collect()
}

fn plural(count: i64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A partner in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// Its address.
    pub email: String,
    /// Since when it is a partner.
    pub created_at: OffsetDateTime,
    /// Since when it is shut out, if it is.
    pub suspended_at: Option<OffsetDateTime>,
    /// How many people belong to it.
    pub members: i64,
    /// How many apps it has.
    pub apps: i64,
    /// How many keys it has that are not revoked.
    pub keys: i64,
    /// Calls in a minute that each of its keys may make; `None`: what the portal allows everybody.
    pub key_rate_limit: Option<i32>,
}

/// Somebody who belongs to a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerMember {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role there.
    pub role: String,
    /// Since when.
    pub created_at: OffsetDateTime,
}

/// An app of a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerApp {
    /// Its id.
    pub id: AppId,
    /// Its name.
    pub name: String,
    /// Since when.
    pub created_at: OffsetDateTime,
}

/// A key of a partner, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerKey {
    /// Its id.
    pub id: KeyId,
    /// The app it belongs to.
    pub app: AppId,
    /// Its name.
    pub name: String,
    /// `sandbox` or `production`.
    pub environment: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// The end of its newest secret.
    pub last_four: Option<String>,
    /// When any of its secrets was last used.
    pub last_used_at: Option<OffsetDateTime>,
    /// When it ends by itself.
    pub expires_at: Option<OffsetDateTime>,
    /// Since when it is paused.
    pub disabled_at: Option<OffsetDateTime>,
    /// Since when it is gone.
    pub revoked_at: Option<OffsetDateTime>,
}

impl PartnerKey {
    /// How the key is, and the word for it.
    pub fn state(&self, now: OffsetDateTime) -> (Condition, &'static str) {
        if self.revoked_at.is_some() {
            (Condition::Bad, "Revoked")
        } else if self.expires_at.is_some_and(|at| at <= now) {
            (Condition::Bad, "Expired")
        } else if self.disabled_at.is_some() {
            (Condition::Warn, "Disabled")
        } else if self.last_used_at.is_none() {
            (Condition::None, "Never used")
        } else {
            (Condition::Ok, "In use")
        }
    }
}

/// Somebody of the company's staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffMember {
    /// Their account.
    pub id: AccountId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role.
    pub role: String,
    /// When they were last seen, while a session of theirs lasts.
    pub last_seen_at: Option<OffsetDateTime>,
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn key() -> PartnerKey {
        PartnerKey {
            id: KeyId::new(),
            app: AppId::new(),
            name: "Checkout".into(),
            environment: "sandbox".into(),
            scopes: Vec::new(),
            last_four: None,
            last_used_at: Some(NOW - Duration::HOUR),
            expires_at: None,
            disabled_at: None,
            revoked_at: None,
        }
    }

    #[test]
    fn nothing_calls_for_attention_where_all_is_well() {
        let numbers = Numbers { partners: 3, published: 2, waiting_jobs: 1, ..Numbers::default() };
        assert_eq!(matters(&numbers, Delivery::Smtp, "help@larkfield.example"), []);
    }

    #[test]
    fn what_calls_for_attention_is_said_gravest_first() {
        let numbers = Numbers { failed_mails: 1, abandoned_jobs: 2, unpublished: 3, ..Numbers::default() };
        let matters = matters(&numbers, Delivery::Outbox, "");
        let titles: Vec<_> = matters.iter().map(|matter| matter.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "1 message could not be delivered",
                "2 jobs were given up",
                "3 imported versions are not published",
                "Mail does not leave the portal",
                "Partners see no support address",
            ]
        );
        assert_eq!(matters[0].tone, Tone::Bad);
    }

    #[test]
    fn the_state_of_a_key_is_the_gravest_of_what_happened_to_it() {
        let word = |key: &PartnerKey| key.state(NOW).1;
        let revoked = PartnerKey { revoked_at: Some(NOW), disabled_at: Some(NOW), ..key() };
        let expired = PartnerKey { expires_at: Some(NOW), disabled_at: Some(NOW), ..key() };
        let lasting = PartnerKey { expires_at: Some(NOW + Duration::SECOND), ..key() };
        assert_eq!(word(&revoked), "Revoked");
        assert_eq!(word(&expired), "Expired");
        assert_eq!(word(&PartnerKey { disabled_at: Some(NOW), ..key() }), "Disabled");
        assert_eq!(word(&PartnerKey { last_used_at: None, ..key() }), "Never used");
        assert_eq!(word(&lasting), "In use");
    }
}
