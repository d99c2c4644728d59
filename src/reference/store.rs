//! APIs, their versions, and the revisions that hold the bytes of their documents.

mod access;
mod revisions;

pub(super) use access::{ApiRow, Partner, api, describe, named, partners, set_organizations, set_visibility};
pub(super) use revisions::{
    NewDraft, RevisionRow, discard, document, draft, move_draft, publish, published_document, put_draft, revisions,
};

use sqlx::{PgExecutor, query, query_as, query_scalar, types::Json};
use time::{Date, OffsetDateTime};

use uuid::Uuid;

use super::{
    reading::Reading,
    version::{ApiSlug, State, VersionName},
    viewer::Visibility,
};
use crate::db::{ApiId, VersionId};

/// What an import has to know of a version that is there.
pub(super) struct KnownVersion {
    pub id: VersionId,
    pub is_published: bool,
    /// The revision that counts, or the draft where nothing is published.
    pub revision: i32,
    pub sha256: Vec<u8>,
}

/// A published version without its document.
#[derive(Clone, Debug)]
pub(super) struct PublishedRow {
    pub slug: String,
    pub api_name: String,
    pub summary: String,
    pub visibility: String,
    /// For whom the API is, where it is for named organizations.
    pub organizations: Vec<Uuid>,
    pub id: VersionId,
    pub name: String,
    pub state: String,
    pub sunset_on: Option<Date>,
    pub deprecated_at: Option<OffsetDateTime>,
    pub revision: i32,
    pub sha256: Vec<u8>,
}

/// A version as its administrators see it, with the revision that counts or its draft.
#[derive(Clone, Debug)]
pub(super) struct VersionRow {
    pub id: VersionId,
    pub slug: String,
    pub api_name: String,
    pub visibility: String,
    pub name: String,
    pub state: String,
    pub sunset_on: Option<Date>,
    pub published_at: Option<OffsetDateTime>,
    pub revision: i32,
    /// Whether a revision waits to be published.
    pub has_draft: bool,
    pub file_name: String,
    pub reading: Json<Reading>,
    pub imported_at: OffsetDateTime,
    pub imported_by: String,
}

impl VersionRow {
    /// The state; the database knows no other names than the type.
    pub fn state(&self) -> State {
        self.state.parse().unwrap_or(State::Stable)
    }

    /// Who may see the API.
    pub fn visibility(&self) -> Visibility {
        self.visibility.parse().unwrap_or(Visibility::Organizations)
    }
}

/// The API of that name, kept from concurrent imports until the transaction ends.
pub(super) async fn lock_api(db: impl PgExecutor<'_>, slug: &ApiSlug) -> sqlx::Result<Option<ApiId>> {
    query_scalar!(r#"select id as "id: ApiId" from api where slug = $1 for update"#, slug.as_str())
        .fetch_optional(db)
        .await
}

/// A new API; where another import made it meanwhile, that one.
pub(super) async fn insert_api(
    db: impl PgExecutor<'_>,
    slug: &ApiSlug,
    name: &str,
    summary: &str,
    visibility: Visibility,
) -> sqlx::Result<ApiId> {
    query_scalar!(
        r#"
        insert into api (id, slug, name, summary, visibility)
        values ($1, $2, $3, $4, $5)
        on conflict (slug) do update set slug = excluded.slug
        returning id as "id: ApiId"
        "#,
        ApiId::new().0,
        slug.as_str(),
        name,
        summary,
        visibility.as_str(),
    )
    .fetch_one(db)
    .await
}

/// Gives an API its name and summary; answers whether they were others before.
pub(super) async fn describe_api(
    db: impl PgExecutor<'_>,
    slug: &ApiSlug,
    name: &str,
    summary: &str,
) -> sqlx::Result<bool> {
    let done = query!(
        "update api set name = $2, summary = $3 where slug = $1 and (name, summary) is distinct from ($2, $3)",
        slug.as_str(),
        name,
        summary,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The version of that name, kept from concurrent changes until the transaction ends.
pub(super) async fn lock_version(
    db: impl PgExecutor<'_>,
    api: ApiId,
    name: &VersionName,
) -> sqlx::Result<Option<KnownVersion>> {
    query_as!(
        KnownVersion,
        r#"
        select v.id as "id: VersionId", v.published_at is not null as "is_published!", v.revision, r.sha256
        from api_version v
        join api_revision r on r.version_id = v.id and r.number = v.revision
        where v.api_id = $1 and v.name = $2
        for update of v
        "#,
        api.0,
        name.as_str(),
    )
    .fetch_optional(db)
    .await
}

/// Adds a version; its first revision follows in the same transaction.
pub(super) async fn insert_version(
    db: impl PgExecutor<'_>,
    api: ApiId,
    id: VersionId,
    name: &VersionName,
) -> sqlx::Result<()> {
    query!("insert into api_version (id, api_id, name) values ($1, $2, $3)", id.0, api.0, name.as_str())
        .execute(db)
        .await
        .map(|_| ())
}

/// Says how far a version can be relied on, and until when.
pub(super) async fn set_state(
    db: impl PgExecutor<'_>,
    id: VersionId,
    state: State,
    sunset_on: Option<Date>,
) -> sqlx::Result<()> {
    query!(
        r#"
        update api_version
        set state = $2, sunset_on = $3,
            deprecated_at = case
                when $2 = 'deprecated' and state <> 'deprecated' then now()
                when $2 in ('deprecated', 'retired') then deprecated_at
            end
        where id = $1
        "#,
        id.0,
        state.as_str(),
        sunset_on,
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Removes a version that was never published; answers whether it was one.
pub(super) async fn delete_draft(db: impl PgExecutor<'_>, id: VersionId) -> sqlx::Result<bool> {
    let done = query!("delete from api_version where id = $1 and published_at is null", id.0);
    Ok(done.execute(db).await?.rows_affected() > 0)
}

/// Removes an API that has no version.
pub(super) async fn delete_empty_api(db: impl PgExecutor<'_>, slug: &str) -> sqlx::Result<bool> {
    let done = query!(
        "delete from api where slug = $1 and not exists (select 1 from api_version where api_id = api.id)",
        slug
    );
    Ok(done.execute(db).await?.rows_affected() > 0)
}

/// Every published version, without the documents.
pub(super) async fn published(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<PublishedRow>> {
    query_as!(
        PublishedRow,
        r#"
        select a.slug, a.name as api_name, a.summary, a.visibility,
               array(select organization_id from api_organization g where g.api_id = a.id) as "organizations!",
               v.id as "id: VersionId", v.name, v.state, v.sunset_on, v.deprecated_at, v.revision,
               r.sha256
        from api_version v
        join api a on a.id = v.api_id
        join api_revision r on r.version_id = v.id and r.number = v.revision
        where v.published_at is not null
        order by a.name, a.slug
        "#
    )
    .fetch_all(db)
    .await
}

/// Every version, drafts included, by API and newest import first.
pub(super) async fn all(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<VersionRow>> {
    query_as!(
        VersionRow,
        r#"
        select v.id as "id: VersionId", a.slug, a.name as api_name, a.visibility, v.name, v.state, v.sunset_on,
               v.published_at, v.revision, r.file_name, r.reading as "reading: Json<Reading>", r.imported_at,
               r.imported_by,
               exists (select from api_revision d where d.version_id = v.id and d.published_at is null) as "has_draft!"
        from api_version v
        join api a on a.id = v.api_id
        join api_revision r on r.version_id = v.id and r.number = v.revision
        order by a.name, a.slug, r.imported_at desc
        "#
    )
    .fetch_all(db)
    .await
}

/// One version by its names.
pub(super) async fn version(db: impl PgExecutor<'_>, slug: &str, name: &str) -> sqlx::Result<Option<VersionRow>> {
    query_as!(
        VersionRow,
        r#"
        select v.id as "id: VersionId", a.slug, a.name as api_name, a.visibility, v.name, v.state, v.sunset_on,
               v.published_at, v.revision, r.file_name, r.reading as "reading: Json<Reading>", r.imported_at,
               r.imported_by,
               exists (select from api_revision d where d.version_id = v.id and d.published_at is null) as "has_draft!"
        from api_version v
        join api a on a.id = v.api_id
        join api_revision r on r.version_id = v.id and r.number = v.revision
        where a.slug = $1 and v.name = $2
        "#,
        slug,
        name,
    )
    .fetch_optional(db)
    .await
}

/// A version's draft as if it were published.
pub(super) async fn draft_as_published(
    db: impl PgExecutor<'_>,
    slug: &str,
    name: &str,
) -> sqlx::Result<Option<PublishedRow>> {
    query_as!(
        PublishedRow,
        r#"
        select a.slug, a.name as api_name, a.summary, a.visibility,
               array(select organization_id from api_organization g where g.api_id = a.id) as "organizations!",
               v.id as "id: VersionId", v.name, v.state, v.sunset_on, v.deprecated_at, r.number as revision,
               r.sha256
        from api_version v
        join api a on a.id = v.api_id
        join api_revision r on r.version_id = v.id and r.published_at is null
        where a.slug = $1 and v.name = $2
        "#,
        slug,
        name,
    )
    .fetch_optional(db)
    .await
}
