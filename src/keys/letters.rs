//! What people are told about a key by mail.

use time::OffsetDateTime;

use super::{Key, Secret, ending::Stage, model::path_of};
use crate::{
    mail::{Message, Part},
    organizations::Person,
    portal::Portal,
    ui::{absolute, relative},
};

/// A key, or an older secret of it, ends or has ended.
pub(super) fn ending(
    portal: &Portal,
    key: &Key,
    secret: Option<&Secret>,
    (ends_at, now): (OffsetDateTime, OffsetDateTime),
    stage: Stage,
    person: Person,
) -> Message {
    let thing = match secret {
        Some(secret) => format!("The old secret …{} of the key {}", secret.last_four, key.name),
        None => format!("The key {}", key.name),
    };
    let (when, left) = (absolute(ends_at), relative(ends_at, now));
    let (kind, subject, text) = match stage {
        Stage::End => {
            ("key_ended", format!("{thing} has ended"), format!("{thing} of the app {} ended {when}.", key.app_name))
        }
        Stage::Week | Stage::Day => (
            "key_ending",
            format!("{thing} ends {left}"),
            format!("{thing} of the app {} ends {when}, {left}.", key.app_name),
        ),
    };
    let next = match (secret, stage) {
        (Some(_), Stage::End) => {
            "Calls with it are refused; the newer secret goes on working. If a program was forgotten, rotate the key again with an overlap and give it the new secret."
        }
        (Some(_), _) => {
            "Calls with it are refused from then on. The page of the key shows who still uses it. Give those programs the newer secret, or extend the overlap."
        }
        (None, Stage::End) => "Calls with it are refused. Issue a new key for its app.",
        (None, _) => {
            "Calls with any of its secrets are refused from then on. Give it a later end in its settings, or issue a new key in time."
        }
    };
    message(portal, key, person, (kind, subject), vec![text, next.to_owned()])
}

/// What was done to a key that somebody reported as leaked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is revoked.
    Revoked,
    /// The secret that was seen ends soon.
    EndsAt(OffsetDateTime),
}

/// A secret of a key was seen in the open.
pub(super) fn leaked(
    portal: &Portal,
    key: &Key,
    last_four: &str,
    (reporter, source): (&str, &str),
    answer: Answer,
    person: Person,
) -> Message {
    let found = match source.is_empty() {
        true => String::new(),
        false => format!(", found at {source}"),
    };
    let report = format!(
        "The secret …{last_four} of the key {} of the app {} was reported as leaked{found}. The report came from {reporter}.",
        key.name, key.app_name
    );
    let (subject, what, next) = match answer {
        Answer::Revoked => (
            format!("The key {} was reported as leaked and is revoked", key.name),
            "The key was revoked: calls with it are refused.".to_owned(),
            "Issue a new key for the app, and look in the audit trail and in your own logs for calls that are not yours.",
        ),
        Answer::EndsAt(end) => (
            format!("The key {} was reported as leaked: rotate it now", key.name),
            format!("The secret ends {}. After that, calls with it are refused.", absolute(end)),
            "Rotate the key now and give your programs the new secret. Then look in your own logs for calls that are not yours.",
        ),
    };
    message(portal, key, person, ("key_leaked", subject), vec![report, what, next.to_owned()])
}

fn message(
    portal: &Portal,
    key: &Key,
    person: Person,
    (kind, subject): (&'static str, String),
    paragraphs: Vec<String>,
) -> Message {
    let page = Part::Action("Open the key", portal.config.base_url.join(&path_of(key.id)));
    Message {
        kind,
        recipient: person.email,
        recipient_name: person.name,
        subject,
        parts: paragraphs.into_iter().map(Part::Text).chain([page]).collect(),
    }
}
