//! Showing a draft to partners: the first revision of a version, or one that corrects what was published.

use serde_json::{Value, json};
use sqlx::PgConnection;
use time::Date;

use super::{
    changes::Changes,
    import::subject_of_version,
    store::{self, RevisionRow},
    version::State,
};
use crate::{
    audit::{self, Actor, Entry},
    db::VersionId,
};

const LONGEST_NOTE: usize = 500;

/// A version by its id and its names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    pub id: VersionId,
    pub api: &'a str,
    pub version: &'a str,
}

/// Why what was published is corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note(String);

/// A text that is no note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Say why what is published is corrected, in at most {LONGEST_NOTE} characters.")]
pub struct NotANote;

impl Note {
    /// Reads a note.
    pub fn parse(text: &str) -> Result<Self, NotANote> {
        let text = text.trim();
        match (1..=LONGEST_NOTE).contains(&text.chars().count()) && !text.contains('\0') {
            true => Ok(Self(text.to_owned())),
            false => Err(NotANote),
        }
    }

    /// The note as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Publishes a version for the first time; answers whether there was a draft.
pub(super) async fn publish_version(
    tx: &mut PgConnection,
    actor: &Actor,
    named: Named<'_>,
    (state, sunset_on): (State, Option<Date>),
) -> sqlx::Result<bool> {
    store::set_state(&mut *tx, named.id, state, sunset_on).await?;
    if store::publish(tx, named.id, "", &actor.label).await?.is_none() {
        return Ok(false);
    }
    let entry = Entry::new("api_version.published", subject_of_version(named.id, named.api, named.version))
        .after(in_state(state, sunset_on));
    audit::record(tx, actor, entry).await?;
    Ok(true)
}

/// Publishes the draft as a correction of what is published; answers the revision's number, if there was a draft.
pub(super) async fn publish_correction(
    tx: &mut PgConnection,
    actor: &Actor,
    named: Named<'_>,
    note: &Note,
    changes: &Changes,
) -> sqlx::Result<Option<i32>> {
    let Some(number) = store::publish(tx, named.id, note.as_str(), &actor.label).await? else { return Ok(None) };
    let revisions = store::revisions(&mut *tx, named.id).await?;
    let told = |number: i32| revisions.iter().find(|row| row.number == number).map_or(Value::Null, in_audit);
    let mut after = told(number);
    after["note"] = note.as_str().into();
    after["changes"] = changes.in_words().into();
    let entry = Entry::new("api_version.revised", subject_of_version(named.id, named.api, named.version))
        .before(told(number - 1))
        .after(after);
    audit::record(tx, actor, entry).await?;
    Ok(Some(number))
}

/// A state as the audit trail tells it.
pub(super) fn in_state(state: State, sunset_on: Option<Date>) -> Value {
    json!({ "state": state.as_str(), "sunset_on": sunset_on.map(|date| date.to_string()) })
}

fn in_audit(row: &RevisionRow) -> Value {
    json!({
        "revision": row.number,
        "file": row.file_name,
        "sha256": data_encoding::HEXLOWER.encode(&row.sha256),
        "operations": row.reading.operations,
        "schemas": row.reading.schemas,
        "webhooks": row.reading.webhooks,
        "warnings": row.reading.doubt_count(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_says_something() {
        assert_eq!(Note::parse("  A typing error ").unwrap().as_str(), "A typing error");
        for bad in ["", "  ", "a\0b", &"a".repeat(501)] {
            assert_eq!(Note::parse(bad), Err(NotANote), "{bad}");
        }
    }
}
