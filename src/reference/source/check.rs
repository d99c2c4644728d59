//! Looking at a source: ask whether the document is another, take it in, say what came of it.

use anyhow::Context;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use time::{Duration, OffsetDateTime};

use super::{
    super::{
        import::{Correction, ImportError, ImportRequest, import},
        reading::{Outcome, Report, counted},
        store as versions,
    },
    fetch::{Fetched, Origin, Validators, fetch_if_changed},
    model::{LONGEST_URL, LastOutcome, Policy, next_check},
    store::{self, NamedApi, Row},
};
use crate::{
    audit::{self, Actor, Entry, Subject},
    db::ApiId,
    jobs,
    portal::Portal,
};

/// The kind of job that looks at a source.
pub const CHECK: &str = "api_source.check";

/// Longer than a fetch and an import can take.
const LEASE: Duration = Duration::minutes(3);

/// What asking for a look gave.
#[derive(Debug)]
pub enum Started {
    /// It was looked at, with this result.
    Done(String),
    /// Somebody is looking at it, or there is none.
    Busy,
}

/// Puts a job into the queue for each source that is due. Several instances may do this at once.
pub async fn schedule(db: &PgPool) -> sqlx::Result<u64> {
    let mut tx = db.begin().await?;
    let due = store::take_due(&mut *tx).await?;
    for api in &due {
        jobs::enqueue(&mut *tx, CHECK, json!({ "api": api }), Some(&format!("{CHECK} {api}"))).await?;
    }
    tx.commit().await?;
    Ok(due.len() as u64)
}

/// Looks at one source: the job. What is wrong with the source is its result and no failure of the job.
pub async fn perform(portal: &Portal, payload: &Value) -> anyhow::Result<()> {
    let api: ApiId = payload["api"].as_str().and_then(|text| text.parse().ok()).context("the job names no API")?;
    let Some(api) = store::api(&portal.db, api).await? else { return Ok(()) };
    check(portal, &Actor::system("re-import on schedule"), &api).await.map(|_| ())
}

/// Looks at the source of an API.
pub async fn check(portal: &Portal, actor: &Actor, api: &NamedApi) -> anyhow::Result<Started> {
    let Some(row) = store::claim(&portal.db, api.id, LEASE).await? else { return Ok(Started::Busy) };
    match look(portal, actor, api, &row).await {
        Ok(found) => {
            keep(&portal.db, api.id, &row, &found).await?;
            Ok(Started::Done(found.message))
        }
        Err(error) => {
            store::release(&portal.db, api.id).await?;
            Err(error)
        }
    }
}

/// What a look found.
struct Found {
    outcome: LastOutcome,
    message: String,
    version: Option<String>,
    /// Of a document that need not be read again until it is another.
    known: Option<(Validators, Vec<u8>)>,
}

impl Found {
    fn new(outcome: LastOutcome, message: impl Into<String>) -> Self {
        Self { outcome, message: message.into(), version: None, known: None }
    }
}

async fn look(portal: &Portal, actor: &Actor, api: &NamedApi, row: &Row) -> anyhow::Result<Found> {
    const UNCHANGED: &str = "The document has not changed.";
    let is_kept = match &row.last_version {
        Some(version) => versions::version(&portal.db, &api.slug, version).await?.is_some(),
        None => true,
    };
    let known = Validators { etag: row.etag.clone(), last_modified: row.last_modified.clone() };
    // Who has deleted the draft and looks again wants it back.
    let known = if is_kept { known } else { Validators::default() };
    let fetched = match fetch_if_changed(&portal.outbound, &row.url, &known).await {
        Ok(Some(fetched)) => fetched,
        Ok(None) => return Ok(still(row, UNCHANGED)),
        Err(error) => return Ok(Found::new(LastOutcome::Failed, error.to_string())),
    };
    let sha256 = Sha256::digest(&fetched.bytes).to_vec();
    let validators = fetched.validators.clone();
    let found = match is_kept && row.last_sha256.as_ref() == Some(&sha256) {
        true => still(row, UNCHANGED),
        false => take(portal, actor, api, row, fetched).await?,
    };
    Ok(Found { known: Some((validators, sha256)), ..found })
}

/// The document is the one that is known; one that was refused stays refused.
fn still(row: &Row, unchanged: &str) -> Found {
    match (row.outcome(), &row.last_message) {
        (Some(LastOutcome::Refused), Some(message)) => Found::new(LastOutcome::Refused, message.clone()),
        _ => Found::new(LastOutcome::Unchanged, unchanged),
    }
}

/// Takes in a document that has changed. A version that partners read does not change: what differs waits beside it
/// whatever the policy, because somebody has to say why it is corrected, or that it is another version.
async fn take(portal: &Portal, actor: &Actor, api: &NamedApi, row: &Row, fetched: Fetched) -> anyhow::Result<Found> {
    let request = ImportRequest {
        slug: api.slug.clone(),
        file_name: fetched.file_name,
        bytes: fetched.bytes,
        publish: row.settings().policy == Policy::Publish,
        correction: Correction::Keep,
        ..ImportRequest::default()
    };
    let why = match import(&portal.db, actor, request.clone()).await {
        Ok(report) => return Ok(taken(&report, "")),
        Err(ImportError::VersionUnnamed { stated }) => {
            format!("The document's own version, {stated:?}, cannot be part of an address. ")
        }
        Err(ImportError::Fault(error)) => return Err(error),
        Err(error) => return Ok(Found::new(LastOutcome::Refused, error.to_string())),
    };
    let version = Some(OffsetDateTime::now_utc().date().to_string());
    match import(&portal.db, actor, ImportRequest { version, ..request }).await {
        Ok(report) => Ok(taken(&report, &why)),
        Err(ImportError::Fault(error)) => Err(error),
        Err(error) => Ok(Found::new(LastOutcome::Refused, error.to_string())),
    }
}

fn taken(report: &Report, why: &str) -> Found {
    let version = report.version.as_str();
    let warnings = match report.reading.doubt_count() {
        0 => String::new(),
        count => format!(" It has {}.", counted(count, "warning", "warnings")),
    };
    let (outcome, sentence) = match report.outcome {
        Outcome::Unchanged => {
            (LastOutcome::Unchanged, format!("The document is version {version}, which is published."))
        }
        Outcome::Drafted => (LastOutcome::Imported, format!("The document was imported as the draft {version}.")),
        Outcome::Replaced => (LastOutcome::Imported, format!("The document took the place of the draft {version}.")),
        Outcome::Kept => (
            LastOutcome::Imported,
            format!("The document of version {version}, which partners read, has changed. It waits as a correction."),
        ),
        Outcome::Revised(number) => {
            (LastOutcome::Published, format!("Version {version} was corrected by its revision {number}."))
        }
        Outcome::Published => (LastOutcome::Published, format!("Version {version} was imported and published.")),
    };
    let message = format!("{why}{sentence}{warnings}");
    Found { version: Some(version.to_owned()), ..Found::new(outcome, message) }
}

async fn keep(db: &PgPool, api: ApiId, row: &Row, found: &Found) -> sqlx::Result<()> {
    let before = u32::try_from(row.failures).unwrap_or(0);
    let failures = if found.outcome == LastOutcome::Failed { before.saturating_add(1) } else { 0 };
    let result = store::Result {
        outcome: found.outcome,
        message: &found.message,
        version: found.version.as_deref(),
        validators: found.known.as_ref().map(|(validators, _)| validators),
        sha256: found.known.as_ref().map(|(_, sha256)| sha256.as_slice()),
        failures,
        next_check_at: next_check(row.settings().every, failures, OffsetDateTime::now_utc()),
    };
    store::finish(db, api, row, &result).await
}

/// Notes where a document came from that somebody imported by its address, so that it can be looked at again.
pub async fn remember(db: &PgPool, actor: &Actor, report: &Report, origin: &Origin) -> sqlx::Result<()> {
    let Some(api) = store::named_api(db, report.api.as_str()).await? else { return Ok(()) };
    if origin.url.len() > LONGEST_URL {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    let Found { outcome, message, .. } = taken(report, "");
    if store::insert(&mut *tx, api.id, origin, outcome, &message, report.version.as_str()).await? {
        let subject = Subject::own("api", api.id, api.slug.as_str());
        audit::record(&mut tx, actor, Entry::new("api_source.set", subject).after(json!({ "url": origin.url })))
            .await?;
    }
    tx.commit().await
}
