//! An API as its administrators see it, and who may see it.

use sqlx::{PgConnection, PgExecutor, query, query_as};
use uuid::Uuid;

use super::super::viewer::Visibility;
use crate::db::{ApiId, OrganizationId};

/// An API.
#[derive(Clone, Debug)]
pub(in super::super) struct ApiRow {
    pub id: ApiId,
    pub slug: String,
    pub name: String,
    pub summary: String,
    pub visibility: String,
}

/// An organization that an API may be for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Partner {
    pub id: OrganizationId,
    pub name: String,
}

impl ApiRow {
    /// Who may see it.
    pub fn visibility(&self) -> Visibility {
        self.visibility.parse().unwrap_or(Visibility::Organizations)
    }
}

/// An API by its name in addresses.
pub(in super::super) async fn api(db: impl PgExecutor<'_>, slug: &str) -> sqlx::Result<Option<ApiRow>> {
    query_as!(ApiRow, r#"select id as "id: ApiId", slug, name, summary, visibility from api where slug = $1"#, slug)
        .fetch_optional(db)
        .await
}

/// Gives an API its name and summary.
pub(in super::super) async fn describe(
    db: impl PgExecutor<'_>,
    api: ApiId,
    name: &str,
    summary: &str,
) -> sqlx::Result<()> {
    query!("update api set name = $2, summary = $3 where id = $1", api.0, name, summary).execute(db).await.map(|_| ())
}

/// Says who may see an API; those named before stay named.
pub(in super::super) async fn set_visibility(
    db: impl PgExecutor<'_>,
    api: ApiId,
    visibility: Visibility,
) -> sqlx::Result<()> {
    query!("update api set visibility = $2 where id = $1", api.0, visibility.as_str()).execute(db).await.map(|_| ())
}

/// Names exactly these organizations; those that are gone meanwhile are left out.
pub(in super::super) async fn set_organizations(
    db: &mut PgConnection,
    api: ApiId,
    organizations: &[OrganizationId],
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = organizations.iter().map(|id| id.0).collect();
    query!("delete from api_organization where api_id = $1 and organization_id <> all ($2)", api.0, &ids)
        .execute(&mut *db)
        .await?;
    query!(
        r#"
        insert into api_organization (api_id, organization_id)
        select $1, id from organization where id = any ($2)
        on conflict do nothing
        "#,
        api.0,
        &ids,
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// The organizations that an API names.
pub(in super::super) async fn named(db: impl PgExecutor<'_>, api: ApiId) -> sqlx::Result<Vec<Partner>> {
    query_as!(
        Partner,
        r#"
        select o.id as "id: OrganizationId", o.name
        from api_organization g
        join organization o on o.id = g.organization_id
        where g.api_id = $1
        order by lower(o.name), o.id
        "#,
        api.0,
    )
    .fetch_all(db)
    .await
}

/// Organizations whose name contains some words, without those that the API names.
pub(in super::super) async fn partners(
    db: impl PgExecutor<'_>,
    api: ApiId,
    words: &str,
    limit: i64,
) -> sqlx::Result<Vec<Partner>> {
    query_as!(
        Partner,
        r#"
        select id as "id: OrganizationId", name
        from organization o
        where position(lower($2) in lower(name)) > 0
          and not exists (select from api_organization g where g.api_id = $1 and g.organization_id = o.id)
        order by lower(name), id
        limit $3
        "#,
        api.0,
        words,
        limit,
    )
    .fetch_all(db)
    .await
}
