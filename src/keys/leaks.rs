//! Keys that somebody saw in the open.
//!
//! Anybody may report them. The answer is the same for keys that are known and for those that are not, and takes the
//! same time: the request only takes fingerprints and leaves them in the queue. A reported key is kept nowhere.

use anyhow::Context;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::{
    Overlap,
    letters::{self, Answer},
    store::{self, Known},
};
use crate::{
    audit::Actor,
    credential::Credential,
    jobs, mail, organizations,
    portal::Portal,
    settings::LeakedKeys,
    vault::Fingerprint,
    web::{ClientRequest, Result},
};

/// The kind of job that acts on a report.
pub const REPORT: &str = "keys.leak_report";

/// Keys in one report.
pub(super) const MOST_KEYS: usize = 100;
/// Characters of the place where they were found.
pub(super) const LONGEST_SOURCE: usize = 500;
/// How long a leaked secret works on where its key is not revoked: enough to rotate it by hand.
const SHORT: Duration = Duration::hours(1);

/// Puts a report into the queue.
pub(super) async fn report(portal: &Portal, request: &ClientRequest, keys: &[String], source: &str) -> Result<()> {
    let macs: Vec<String> =
        keys.iter().flat_map(|key| portal.vault.fingerprints(key.trim())).map(|mac| HEXLOWER.encode(&mac)).collect();
    let payload = json!({
        "macs": macs,
        "source": without_keys(source),
        "address": request.address.to_canonical().to_string(),
        "request": request.id.as_str(),
    });
    jobs::enqueue(&portal.db, REPORT, payload, None).await?;
    Ok(())
}

/// Acts on a report: the job. What was done already is not done again.
pub async fn perform(portal: &Portal, payload: &Value) -> anyhow::Result<()> {
    let text = |name: &str| payload[name].as_str().unwrap_or_default().to_owned();
    let macs = payload["macs"].as_array().context("the job names no fingerprints")?;
    let macs: Vec<Fingerprint> = macs.iter().filter_map(fingerprint).collect();
    let actor = Actor {
        kind: "anonymous",
        id: None,
        label: "somebody who reported a leaked key".into(),
        request_id: Some(text("request")),
        address: Some(text("address")),
    };
    for leaked in store::known(&portal.db, &macs).await? {
        act(portal, &actor, leaked, &text("source")).await?;
        portal.key_ring.forget(leaked.key);
    }
    Ok(())
}

/// The key, its entries and its letters change together.
async fn act(portal: &Portal, actor: &Actor, leaked: Known, source: &str) -> sqlx::Result<()> {
    let now = OffsetDateTime::now_utc();
    let mut tx = portal.db.begin().await?;
    let (key, answer) = match portal.settings.current().leaked_keys {
        LeakedKeys::Revoke => (store::revoke_leaked(&mut tx, actor, leaked, source, now).await?, Answer::Revoked),
        LeakedKeys::EndSoon => {
            let overlap = Overlap::from_seconds(SHORT.whole_seconds()).unwrap_or_default();
            let key = store::end_leaked(&mut tx, actor, leaked, source, (overlap, now)).await?;
            (key, Answer::EndsAt(overlap.end(now)))
        }
    };
    let Some(key) = key else { return Ok(()) };
    let last_four = key.secrets.iter().find(|own| own.id == leaked.secret).map_or("", |own| own.last_four.as_str());
    let reporter = actor.address.as_deref().unwrap_or("somebody");
    for person in organizations::people(&mut *tx, key.organization).await? {
        let letter = letters::leaked(portal, &key, last_four, (reporter, source), answer, person);
        mail::queue(&mut tx, portal, letter).await?;
    }
    tx.commit().await
}

fn fingerprint(hex: &Value) -> Option<Fingerprint> {
    HEXLOWER.decode(hex.as_str()?.as_bytes()).ok()?.try_into().ok()
}

/// A place may be an address with the key in it: whatever is a key or a token is cut out.
fn without_keys(source: &str) -> String {
    let line: String = source.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_SOURCE).collect();
    let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let keys: Vec<String> = words.filter(|word| Credential::parse(word).is_ok()).map(str::to_owned).collect();
    keys.iter().fold(line, |line, key| line.replace(key, "…")).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_the_place_where_it_was_found_is_cut_out() {
        let source = "https://example.com/gist/1?key=vst_sandbox_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17&x=1\n";
        assert_eq!(without_keys(source), "https://example.com/gist/1?key=…&x=1");
        assert_eq!(without_keys(" a\u{0}b "), "a b");
        assert_eq!(without_keys(&"x".repeat(900)).len(), LONGEST_SOURCE);
    }
}
