//! The sources' table.

use sqlx::{PgExecutor, query, query_as, query_scalar};
use time::{Duration, OffsetDateTime};

use super::{
    fetch::{Origin, Validators},
    model::{LastOutcome, Settings},
};
use crate::db::ApiId;

/// A source with its last result.
#[derive(Clone, Debug)]
pub struct Row {
    pub url: String,
    pub every: Option<String>,
    pub policy: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub last_sha256: Option<Vec<u8>>,
    pub last_checked_at: Option<OffsetDateTime>,
    pub last_outcome: Option<String>,
    pub last_message: Option<String>,
    pub last_version: Option<String>,
    pub last_changed_at: Option<OffsetDateTime>,
    pub failures: i32,
    pub next_check_at: Option<OffsetDateTime>,
}

/// An API by its name in addresses.
pub struct NamedApi {
    pub id: ApiId,
    pub slug: String,
    pub name: String,
}

/// What a look brought, to be kept.
pub(super) struct Result<'a> {
    pub outcome: LastOutcome,
    pub message: &'a str,
    pub version: Option<&'a str>,
    pub validators: Option<&'a Validators>,
    pub sha256: Option<&'a [u8]>,
    pub failures: u32,
    pub next_check_at: Option<OffsetDateTime>,
}

impl Row {
    pub fn settings(&self) -> Settings {
        Settings {
            url: self.url.clone(),
            every: self.every.as_deref().and_then(|every| every.parse().ok()),
            policy: self.policy.parse().unwrap_or_default(),
        }
    }

    pub fn outcome(&self) -> Option<LastOutcome> {
        self.last_outcome.as_deref()?.parse().ok()
    }
}

/// The API of that name in addresses.
pub async fn named_api(db: impl PgExecutor<'_>, slug: &str) -> sqlx::Result<Option<NamedApi>> {
    query_as!(NamedApi, r#"select id as "id: ApiId", slug, name from api where slug = $1"#, slug)
        .fetch_optional(db)
        .await
}

/// The API's name in addresses.
pub(super) async fn api(db: impl PgExecutor<'_>, id: ApiId) -> sqlx::Result<Option<NamedApi>> {
    query_as!(NamedApi, r#"select id as "id: ApiId", slug, name from api where id = $1"#, id.0).fetch_optional(db).await
}

/// The source of an API, where it has one.
pub async fn source(db: impl PgExecutor<'_>, api: ApiId) -> sqlx::Result<Option<Row>> {
    query_as!(
        Row,
        "
        select url, every, policy, etag, last_modified, last_sha256, last_checked_at, last_outcome, last_message,
               last_version, last_changed_at, failures, next_check_at
        from api_source
        where api_id = $1
        ",
        api.0,
    )
    .fetch_optional(db)
    .await
}

/// Sets a source. At another address the last result is not kept: it was another document's.
pub async fn save(
    db: impl PgExecutor<'_>,
    api: ApiId,
    settings: &Settings,
    next_check_at: Option<OffsetDateTime>,
) -> sqlx::Result<()> {
    query!(
        "
        insert into api_source as known (api_id, url, every, policy, next_check_at)
        values ($1, $2, $3, $4, $5)
        on conflict (api_id) do update set
            url             = excluded.url,
            every           = excluded.every,
            policy          = excluded.policy,
            next_check_at   = excluded.next_check_at,
            failures        = 0,
            checking_until  = case when known.url = excluded.url then known.checking_until end,
            etag            = case when known.url = excluded.url then known.etag end,
            last_modified   = case when known.url = excluded.url then known.last_modified end,
            last_sha256     = case when known.url = excluded.url then known.last_sha256 end,
            last_checked_at = case when known.url = excluded.url then known.last_checked_at end,
            last_outcome    = case when known.url = excluded.url then known.last_outcome end,
            last_message    = case when known.url = excluded.url then known.last_message end,
            last_version    = case when known.url = excluded.url then known.last_version end,
            last_changed_at = case when known.url = excluded.url then known.last_changed_at end
        ",
        api.0,
        settings.url,
        settings.every.map(|every| every.as_str()),
        settings.policy.as_str(),
        next_check_at,
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Notes where an API came from, unless something is noted already; answers whether it was.
pub(super) async fn insert(
    db: impl PgExecutor<'_>,
    api: ApiId,
    origin: &Origin,
    outcome: LastOutcome,
    message: &str,
    version: &str,
) -> sqlx::Result<bool> {
    let done = query!(
        "
        insert into api_source (
            api_id, url, etag, last_modified, last_sha256,
            last_checked_at, last_changed_at, last_outcome, last_message, last_version
        )
        values ($1, $2, $3, $4, $5, now(), now(), $6, $7, $8)
        on conflict (api_id) do nothing
        ",
        api.0,
        origin.url,
        origin.validators.etag,
        origin.validators.last_modified,
        origin.sha256,
        outcome.as_str(),
        message,
        version,
    );
    Ok(done.execute(db).await?.rows_affected() > 0)
}

/// Forgets a source; answers its address if there was one.
pub async fn remove(db: impl PgExecutor<'_>, api: ApiId) -> sqlx::Result<Option<String>> {
    query_scalar!("delete from api_source where api_id = $1 returning url", api.0).fetch_optional(db).await
}

/// Takes a source to be looked at, unless somebody looks at it now.
pub(super) async fn claim(db: impl PgExecutor<'_>, api: ApiId, lease: Duration) -> sqlx::Result<Option<Row>> {
    query_as!(
        Row,
        "
        update api_source set checking_until = now() + make_interval(secs => $2)
        where api_id = $1 and (checking_until is null or checking_until < now())
        returning url, every, policy, etag, last_modified, last_sha256, last_checked_at, last_outcome, last_message,
                  last_version, last_changed_at, failures, next_check_at
        ",
        api.0,
        lease.as_seconds_f64(),
    )
    .fetch_optional(db)
    .await
}

/// Keeps what a look at a source brought, if it still is at that address. Where its schedule was changed meanwhile, the
/// next look is already set.
pub(super) async fn finish(db: impl PgExecutor<'_>, api: ApiId, seen: &Row, result: &Result<'_>) -> sqlx::Result<()> {
    let is_new = matches!(result.outcome, LastOutcome::Imported | LastOutcome::Published);
    query!(
        "
        update api_source set
            checking_until  = null,
            last_checked_at = now(),
            last_outcome    = $3,
            last_message    = $4,
            last_version    = coalesce($5, last_version),
            last_changed_at = case when $6 then now() else last_changed_at end,
            etag            = case when $7 then $8 else etag end,
            last_modified   = case when $7 then $9 else last_modified end,
            last_sha256     = coalesce($10, last_sha256),
            failures        = $11,
            next_check_at   = case when every is not distinct from $13 then $12 else next_check_at end
        where api_id = $1 and url = $2
        ",
        api.0,
        seen.url,
        result.outcome.as_str(),
        result.message,
        result.version,
        is_new,
        result.validators.is_some(),
        result.validators.and_then(|known| known.etag.as_deref()),
        result.validators.and_then(|known| known.last_modified.as_deref()),
        result.sha256,
        i32::try_from(result.failures).unwrap_or(i32::MAX),
        result.next_check_at,
        seen.every,
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Lets go of a source whose look broke off.
pub(super) async fn release(db: impl PgExecutor<'_>, api: ApiId) -> sqlx::Result<()> {
    query!("update api_source set checking_until = null where api_id = $1", api.0).execute(db).await.map(|_| ())
}

/// Takes what is due out of the schedule for an hour: by then the look has set the next date, or broke off.
pub(super) async fn take_due(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<ApiId>> {
    query_scalar!(
        r#"
        update api_source set next_check_at = now() + interval '1 hour'
        where api_id in (
            select api_id from api_source where next_check_at <= now() order by next_check_at limit 100
            for update skip locked
        )
        returning api_id as "id: ApiId"
        "#
    )
    .fetch_all(db)
    .await
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;
    use time::macros::datetime;

    use super::*;
    use crate::reference::source::{Every, Policy};

    const LEASE: Duration = Duration::minutes(3);
    const RESULT: Result<'_> = Result {
        outcome: LastOutcome::Unchanged,
        message: "",
        version: None,
        validators: None,
        sha256: None,
        failures: 0,
        next_check_at: Some(datetime!(2030-01-01 0:00 UTC)),
    };

    fn settings(url: &str, every: Every) -> Settings {
        Settings { url: url.to_owned(), every: Some(every), policy: Policy::Draft }
    }

    async fn api_with_source(db: &PgPool) -> ApiId {
        let api = ApiId::new();
        query("insert into api (id, slug, name) values ($1, 'books', 'Books')").bind(api.0).execute(db).await.unwrap();
        save(db, api, &settings("https://a.example/", Every::Day), None).await.unwrap();
        api
    }

    #[sqlx::test]
    async fn another_address_can_be_looked_at_while_the_old_one_still_is(db: PgPool) {
        let api = api_with_source(&db).await;
        let seen = claim(&db, api, LEASE).await.unwrap().unwrap();
        save(&db, api, &settings("https://a.example/", Every::Day), None).await.unwrap();
        assert!(claim(&db, api, LEASE).await.unwrap().is_none(), "the same address is being looked at");
        save(&db, api, &settings("https://b.example/", Every::Day), None).await.unwrap();
        assert!(claim(&db, api, LEASE).await.unwrap().is_some());
        finish(&db, api, &seen, &RESULT).await.unwrap();
        assert_eq!(source(&db, api).await.unwrap().unwrap().last_outcome, None, "that was the old address's");
    }

    #[sqlx::test]
    async fn a_schedule_that_was_changed_during_a_look_stays(db: PgPool) {
        let api = api_with_source(&db).await;
        let seen = claim(&db, api, LEASE).await.unwrap().unwrap();
        let sooner = Some(datetime!(2029-01-01 0:00 UTC));
        save(&db, api, &settings("https://a.example/", Every::Hour), sooner).await.unwrap();
        finish(&db, api, &seen, &RESULT).await.unwrap();
        assert_eq!(source(&db, api).await.unwrap().unwrap().next_check_at, sooner);
        let seen = claim(&db, api, LEASE).await.unwrap().unwrap();
        finish(&db, api, &seen, &RESULT).await.unwrap();
        assert_eq!(source(&db, api).await.unwrap().unwrap().next_check_at, RESULT.next_check_at);
    }
}
