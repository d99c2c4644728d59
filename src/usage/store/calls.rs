//! The newest calls of each organization.

use serde_json::{Value, json};
use sqlx::{PgExecutor, PgPool, query, query_as, query_scalar};
use time::OffsetDateTime;

use crate::{
    db::{AppId, CallId, KeyId, OrganizationId},
    usage::{
        logged::{Logged, Message},
        model::{Call, CallLine, Side},
        ring::MOST_CALLS,
    },
};

/// Which calls are asked for.
#[derive(Clone, Debug, Default)]
pub(in crate::usage) struct Filter {
    pub app: Option<AppId>,
    pub key: Option<KeyId>,
    pub api: Option<String>,
    /// The name of an operation.
    pub operation: Option<String>,
    /// Statuses from this on, and before the second; 429 is not one of 400 to 499.
    pub statuses: Option<(i16, i16)>,
    /// In the request's id, address, error code or bodies, in any case of letters.
    pub text: Option<String>,
    pub before: Option<CallId>,
}

/// What an organization can narrow its calls to.
#[derive(Clone, Debug, Default)]
pub(in crate::usage) struct Known {
    pub apps: Vec<(AppId, String)>,
    pub keys: Vec<(KeyId, AppId, String)>,
    /// Names of operations in its log.
    pub operations: Vec<String>,
}

/// Writes calls down, and removes those that are not among the newest any more.
pub(in crate::usage) async fn add_calls(db: &PgPool, calls: &[Logged]) -> sqlx::Result<()> {
    insert(db, calls).await?;
    let mut organizations: Vec<_> = calls.iter().map(|call| call.organization.0).collect();
    organizations.sort_unstable();
    organizations.dedup();
    query!(
        r#"
        delete from sandbox_call c
        using unnest($1::uuid[]) as own(id)
        where c.organization_id = own.id
          and c.id < (
              select id from sandbox_call where organization_id = own.id order by id desc offset $2 limit 1
          )
        "#,
        &organizations,
        MOST_CALLS as i64 - 1,
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// One statement for all; organizations that are gone meanwhile are passed over.
async fn insert(db: &PgPool, calls: &[Logged]) -> sqlx::Result<()> {
    query!(
        r#"
        insert into sandbox_call (
            id, organization_id, app_id, key_id, at, request_id, address, api, version, operation, method, path, query,
            status, code, took_us, ending, request_headers, request_body, request_size, response_headers, response_body,
            response_size
        )
        select new.*
        from unnest(
            $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::smallint[], $15::text[], $16::bigint[],
            $17::text[], $18::jsonb[], $19::text[], $20::bigint[], $21::jsonb[], $22::text[], $23::bigint[]
        ) as new(
            id, organization_id, app_id, key_id, at, request_id, address, api, version, operation, method, path, query,
            status, code, took_us, ending, request_headers, request_body, request_size, response_headers, response_body,
            response_size
        )
        join organization o on o.id = new.organization_id
        "#,
        &each(calls, |_| CallId::new().0),
        &each(calls, |call| call.organization.0),
        &each(calls, |call| call.app.0),
        &each(calls, |call| call.key.map(|key| key.0)) as &[Option<uuid::Uuid>],
        &each(calls, |call| call.at),
        &each(calls, |call| call.request_id.clone()),
        &each(calls, |call| call.address.clone()),
        &each(calls, |call| call.api.clone()),
        &each(calls, |call| call.version.clone()),
        &each(calls, |call| call.operation.clone()) as &[Option<String>],
        &each(calls, |call| call.method.clone()),
        &each(calls, |call| call.path.clone()),
        &each(calls, |call| call.query.clone()),
        &each(calls, |call| call.status),
        &each(calls, |call| call.code.clone()) as &[Option<String>],
        &each(calls, |call| call.took_us),
        &each(calls, |call| call.ending.as_str().to_owned()),
        &each(calls, |call| headers(&call.request)),
        &each(calls, |call| call.request.body.clone()) as &[Option<String>],
        &each(calls, |call| call.request.size),
        &each(calls, |call| headers(&call.response)),
        &each(calls, |call| call.response.body.clone()) as &[Option<String>],
        &each(calls, |call| call.response.size),
    )
    .execute(db)
    .await
    .map(|_| ())
}

fn each<T>(calls: &[Logged], of: impl Fn(&Logged) -> T) -> Vec<T> {
    calls.iter().map(of).collect()
}

fn headers(side: &Message) -> Value {
    json!(side.headers)
}

/// An organization's calls, the newest first.
pub(in crate::usage) async fn calls(
    db: impl PgExecutor<'_>,
    organization: OrganizationId,
    filter: &Filter,
    limit: i64,
) -> sqlx::Result<Vec<CallLine>> {
    query_as!(
        CallLine,
        r#"
        select c.id as "id: CallId", c.at, c.app_id as "app: AppId", a.name as "app_name?", c.key_id as "key: KeyId",
               k.name as "key_name?", c.request_id, c.address, c.api, c.version, c.operation, c.method, c.path, c.query,
               c.status, c.code, c.took_us, c.ending
        from sandbox_call c
        left join app a on a.id = c.app_id and a.deleted_at is null
        left join api_key k on k.id = c.key_id
        where c.organization_id = $1
          and ($2::uuid is null or c.id < $2)
          and ($3::uuid is null or c.app_id = $3)
          and ($4::uuid is null or c.key_id = $4)
          and ($5::text is null or c.operation = $5)
          and ($6::smallint is null or (c.status >= $6 and c.status < $7 and (c.status <> 429 or $6 = 429 or $7 > 500)))
          and ($8::text is null or c.request_id = $8
               or position(lower($8) in lower(concat_ws(' ', c.request_id, c.method, c.api, c.version, c.path, c.query,
                                                        c.code, c.request_body, c.response_body))) > 0)
          and ($10::text is null or c.api = $10)
        order by c.id desc
        limit $9
        "#,
        organization.0,
        filter.before.map(|before| before.0),
        filter.app.map(|app| app.0),
        filter.key.map(|key| key.0),
        filter.operation,
        filter.statuses.map(|(from, _)| from),
        filter.statuses.map(|(_, to)| to),
        filter.text,
        limit,
        filter.api,
    )
    .fetch_all(db)
    .await
}

/// A call, if it is the organization's.
pub(in crate::usage) async fn call(
    db: impl PgExecutor<'_>,
    organization: OrganizationId,
    id: CallId,
) -> sqlx::Result<Option<Call>> {
    let row = query_as!(
        Row,
        r#"
        select c.id as "id: CallId", c.at, c.app_id as "app: AppId", a.name as "app_name?", c.key_id as "key: KeyId",
               k.name as "key_name?", c.request_id, c.address, c.api, c.version, c.operation, c.method, c.path, c.query,
               c.status, c.code, c.took_us, c.ending, c.request_headers, c.request_body, c.request_size,
               c.response_headers, c.response_body, c.response_size
        from sandbox_call c
        left join app a on a.id = c.app_id and a.deleted_at is null
        left join api_key k on k.id = c.key_id
        where c.organization_id = $1 and c.id = $2
        "#,
        organization.0,
        id.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Call::from))
}

/// The apps and keys of an organization, revoked ones among them, and what it called lately.
pub(in crate::usage) async fn known(db: &PgPool, organization: OrganizationId) -> sqlx::Result<Known> {
    let apps = query!(
        r#"select id as "id: AppId", name from app where organization_id = $1 and deleted_at is null order by lower(name)"#,
        organization.0,
    )
    .fetch_all(db)
    .await?;
    let keys = query!(
        r#"
        select k.id as "id: KeyId", k.app_id as "app: AppId", k.name
        from api_key k
        join app a on a.id = k.app_id
        where a.organization_id = $1 and a.deleted_at is null
        order by lower(a.name), lower(k.name)
        "#,
        organization.0,
    )
    .fetch_all(db)
    .await?;
    let operations = query_scalar!(
        r#"
        select distinct operation as "operation!"
        from sandbox_call
        where organization_id = $1 and operation is not null
        order by 1
        "#,
        organization.0,
    )
    .fetch_all(db)
    .await?;
    Ok(Known {
        operations,
        apps: apps.into_iter().map(|row| (row.id, row.name)).collect(),
        keys: keys.into_iter().map(|row| (row.id, row.app, row.name)).collect(),
    })
}

struct Row {
    id: CallId,
    at: OffsetDateTime,
    app: AppId,
    app_name: Option<String>,
    key: Option<KeyId>,
    key_name: Option<String>,
    request_id: String,
    address: String,
    api: String,
    version: String,
    operation: Option<String>,
    method: String,
    path: String,
    query: String,
    status: i16,
    code: Option<String>,
    took_us: i64,
    ending: String,
    request_headers: Value,
    request_body: Option<String>,
    request_size: i64,
    response_headers: Value,
    response_body: Option<String>,
    response_size: i64,
}

impl From<Row> for Call {
    fn from(row: Row) -> Self {
        let pairs = |headers: Value| serde_json::from_value(headers).unwrap_or_default();
        let side = |headers: Value, body, size| Side { headers: pairs(headers), body, size };
        Self {
            request: side(row.request_headers, row.request_body, row.request_size),
            response: side(row.response_headers, row.response_body, row.response_size),
            line: CallLine {
                id: row.id,
                at: row.at,
                app: row.app,
                app_name: row.app_name,
                key: row.key,
                key_name: row.key_name,
                request_id: row.request_id,
                address: row.address,
                api: row.api,
                version: row.version,
                operation: row.operation,
                method: row.method,
                path: row.path,
                query: row.query,
                status: row.status,
                code: row.code,
                took_us: row.took_us,
                ending: row.ending,
            },
        }
    }
}
