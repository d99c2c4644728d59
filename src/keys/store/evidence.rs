//! Who used which secret when.

use sqlx::{PgExecutor, PgPool, query, query_as};
use time::{Duration, OffsetDateTime};

use crate::{
    db::SecretId,
    keys::{
        Key,
        evidence::{Evidence, HourOfUse, Origin},
    },
};

/// Addresses of a secret that are kept for each hour; all others are counted together. Instances that write at the
/// same moment may keep a few more.
pub(in crate::keys) const ADDRESSES: usize = 20;
/// Addresses that are shown of a secret.
const ADDRESSES_SHOWN: i64 = 5;
/// Longer than the longest overlap.
const KEPT: Duration = Duration::days(31);

/// One secret's use since the last flush.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::keys) struct Use {
    /// The secret.
    pub(in crate::keys) secret: SecretId,
    /// The first call.
    pub(in crate::keys) first_at: OffsetDateTime,
    /// The last call.
    pub(in crate::keys) last_at: OffsetDateTime,
    /// Where the last call came from.
    pub(in crate::keys) from: String,
}

/// Calls with one secret from one address in one hour, since the last flush.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::keys) struct Count {
    /// The secret.
    pub(in crate::keys) secret: SecretId,
    /// The start of the hour.
    pub(in crate::keys) hour: OffsetDateTime,
    /// The address; empty for all that are not kept one by one.
    pub(in crate::keys) address: String,
    /// How many calls.
    pub(in crate::keys) calls: i64,
    /// The first of them.
    pub(in crate::keys) first_at: OffsetDateTime,
    /// The last of them.
    pub(in crate::keys) last_at: OffsetDateTime,
}

/// Writes uses down in one statement. A later use that another instance has noted already stays, and secrets that are
/// gone by now are passed over.
pub(in crate::keys) async fn record_uses(db: impl PgExecutor<'_>, uses: &[Use], counts: &[Count]) -> sqlx::Result<()> {
    query!(
        r#"
        with noted as (
            update api_key_secret as s
            set first_used_at = least(s.first_used_at, u.first_at),
                last_used_from = case when s.last_used_at > u.last_at then s.last_used_from else u.used_from end,
                last_used_at = greatest(s.last_used_at, u.last_at)
            from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::text[])
                as u (id, first_at, last_at, used_from)
            where s.id = u.id
        ),
        counted as (
            select u.*, known.address is not null as is_known
            from unnest($5::uuid[], $6::timestamptz[], $7::text[], $8::bigint[], $9::timestamptz[], $10::timestamptz[])
                as u (secret_id, hour, address, calls, first_at, last_at)
            left join api_key_use known
                on known.secret_id = u.secret_id and known.hour = u.hour and known.address = u.address
            where exists (select from api_key_secret s where s.id = u.secret_id)
        ),
        placed as (
            select c.secret_id, c.hour, c.calls, c.first_at, c.last_at,
                   case when c.is_known or held.addresses + row_number() over (
                       partition by c.secret_id, c.hour, c.is_known order by c.address = '', c.calls desc, c.address
                   ) <= $11 then c.address else '' end as address
            from counted c
            cross join lateral (
                select count(*) as addresses
                from api_key_use k
                where k.secret_id = c.secret_id and k.hour = c.hour and k.address <> ''
            ) held
        )
        insert into api_key_use as kept (secret_id, hour, address, calls, first_at, last_at)
        select secret_id, hour, address, sum(calls)::bigint, min(first_at), max(last_at)
        from placed
        group by secret_id, hour, address
        order by secret_id, hour, address
        on conflict (secret_id, hour, address) do update set
            calls    = kept.calls + excluded.calls,
            first_at = least(kept.first_at, excluded.first_at),
            last_at  = greatest(kept.last_at, excluded.last_at)
        "#,
        &uses.iter().map(|each| each.secret.0).collect::<Vec<_>>(),
        &uses.iter().map(|each| each.first_at).collect::<Vec<_>>(),
        &uses.iter().map(|each| each.last_at).collect::<Vec<_>>(),
        &uses.iter().map(|each| each.from.clone()).collect::<Vec<_>>(),
        &counts.iter().map(|count| count.secret.0).collect::<Vec<_>>(),
        &counts.iter().map(|count| count.hour).collect::<Vec<_>>(),
        &counts.iter().map(|count| count.address.clone()).collect::<Vec<_>>(),
        &counts.iter().map(|count| count.calls).collect::<Vec<_>>(),
        &counts.iter().map(|count| count.first_at).collect::<Vec<_>>(),
        &counts.iter().map(|count| count.last_at).collect::<Vec<_>>(),
        ADDRESSES as i64,
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// What is known of the callers of a key's live secrets.
pub(in crate::keys) async fn evidence(db: &PgPool, key: &Key, now: OffsetDateTime) -> sqlx::Result<Evidence> {
    let live: Vec<_> = key.secrets.iter().filter(|secret| secret.is_live(now)).map(|secret| secret.id.0).collect();
    let hours = query_as!(
        HourOfUse,
        r#"
        select secret_id as "secret: SecretId", calls, first_at, last_at
        from api_key_use
        where secret_id = any($1) and hour > $2
        "#,
        &live,
        now - Duration::hours(25),
    )
    .fetch_all(db)
    .await?;
    let origins = query_as!(
        Origin,
        r#"
        select secret_id as "secret!: SecretId", nullif(address, '') as address, calls as "calls!", last_at as "last_at!"
        from (
            select secret_id, address, sum(calls)::bigint as calls, max(last_at) as last_at,
                   row_number() over (partition by secret_id order by max(last_at) desc, address) as place
            from api_key_use
            where secret_id = any($1) and hour > $2
            group by secret_id, address
        ) origin
        where place <= $3
        order by last_at desc, address
        "#,
        &live,
        now - Duration::days(30),
        ADDRESSES_SHOWN,
    )
    .fetch_all(db)
    .await?;
    Ok(Evidence::of(&hours, origins, now))
}

/// Forgets uses that are older than every overlap.
pub(in crate::keys) async fn sweep(db: impl PgExecutor<'_>, now: OffsetDateTime) -> sqlx::Result<u64> {
    let done = query!("delete from api_key_use where hour < $1", now - KEPT).execute(db).await?;
    Ok(done.rows_affected())
}
