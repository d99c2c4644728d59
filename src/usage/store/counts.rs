//! Counts by the hour, a partition for each month.

use std::collections::BTreeMap;

use sqlx::{PgExecutor, PgPool, query, query_as, query_scalar};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{
    db::{AppId, KeyId, OrganizationId},
    usage::{
        counts::{Class, Count, Slot},
        latency::Latency,
        model::{Cell, Range, Step},
    },
};

/// Which counts are asked for.
#[derive(Clone, Debug, Default)]
pub(in crate::usage) struct Asked {
    pub range: Range,
    pub app: Option<AppId>,
    pub key: Option<KeyId>,
    pub api: Option<String>,
}

/// What the page of a key says of its calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyBrief {
    /// Calls in this hour and the 23 before.
    pub calls: i64,
    /// Those of them that were refused or failed.
    pub errors: i64,
}

/// A partner by the calls of its systems.
#[derive(Clone, Debug)]
pub struct Partner {
    /// The organization.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// Calls in the last 7 days.
    pub calls: i64,
    /// Those of them that were refused or failed.
    pub errors: i64,
}

/// Adds counts to what is there already, of this instance or another.
pub(in crate::usage) async fn add_counts(db: &PgPool, counts: &BTreeMap<Slot, Count>) -> sqlx::Result<()> {
    let slots: Vec<&Slot> = counts.keys().collect();
    query!(
        r#"
        insert into usage_count as own (
            hour, organization_id, app_id, key_id, api, version, operation, class, calls, latency
        )
        select hour, organization_id, app_id, key_id, api, version, operation, class, calls, latency::bigint[]
        from unnest(
            $1::timestamptz[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::bigint[], $10::text[]
        ) as new(hour, organization_id, app_id, key_id, api, version, operation, class, calls, latency)
        on conflict (hour, organization_id, app_id, key_id, api, version, operation, class) do update
        set calls = own.calls + excluded.calls,
            latency = (
                select array_agg(coalesce(mine, 0) + coalesce(theirs, 0) order by bucket)
                from unnest(own.latency, excluded.latency) with ordinality as pairs(mine, theirs, bucket)
            )
        "#,
        &each(&slots, |slot| slot.hour),
        &each(&slots, |slot| slot.organization.0),
        &each(&slots, |slot| slot.app.0),
        &each(&slots, |slot| slot.key.map_or(Uuid::nil(), |key| key.0)),
        &each(&slots, |slot| slot.api.replace('\0', "\u{fffd}")),
        &each(&slots, |slot| slot.version.replace('\0', "\u{fffd}")),
        &each(&slots, |slot| slot.operation.replace('\0', "\u{fffd}")),
        &each(&slots, |slot| slot.class.as_str().to_owned()),
        &counts.values().map(|count| i64::try_from(count.calls).unwrap_or(i64::MAX)).collect::<Vec<_>>(),
        &counts.values().map(|count| array(&count.latency)).collect::<Vec<_>>(),
    )
    .execute(db)
    .await
    .map(|_| ())
}

fn each<T>(slots: &[&Slot], of: impl Fn(&Slot) -> T) -> Vec<T> {
    slots.iter().map(|slot| of(slot)).collect()
}

/// An array for each row cannot be sent, for they differ in length: its text can.
fn array(latency: &Latency) -> String {
    let buckets: Vec<String> = latency.buckets().iter().map(u64::to_string).collect();
    format!("{{{}}}", buckets.join(","))
}

/// Makes the partition for the month that a moment is in, if it is missing.
pub(in crate::usage) async fn make_partition(db: impl PgExecutor<'_>, at: OffsetDateTime) -> sqlx::Result<()> {
    query!("select usage_make_partition($1)", at).fetch_one(db).await.map(|_| ())
}

/// Makes partitions ahead, and drops those whose month was over thirteen months ago.
pub async fn sweep(db: &PgPool, now: OffsetDateTime) -> sqlx::Result<u64> {
    for days in [0, 31, 62] {
        make_partition(db, now + Duration::days(days)).await?;
    }
    let dropped =
        query_scalar!(r#"select usage_drop_partitions($1::timestamptz - interval '13 months') as "dropped!""#, now)
            .fetch_one(db)
            .await?;
    Ok(dropped.unsigned_abs())
}

/// An organization's calls of a range, added up by its steps, by API, operation and class, and by caller where that is
/// asked for.
pub(in crate::usage) async fn cells(
    db: impl PgExecutor<'_>,
    organization: OrganizationId,
    asked: &Asked,
    since: OffsetDateTime,
    by: By,
) -> sqlx::Result<Vec<Cell>> {
    let step = match asked.range.step() {
        Step::Hours(hours) => Some(hours as f64 * 3600.0),
        Step::Month => None,
    };
    let rows = query!(
        r#"
        with hours as (
            select case when $6::float8 is null then date_trunc('month', hour, 'UTC')
                        else date_bin(make_interval(secs => $6), hour, timestamptz '2000-01-01 00:00:00+00') end as period,
                   case when $7 then app_id end as app_id,
                   case when $7 then key_id end as key_id,
                   api, version, operation, class, latency
            from usage_count
            where organization_id = $1 and hour >= $2
              and ($3::uuid is null or app_id = $3)
              and ($4::uuid is null or key_id = $4)
              and ($5::text is null or api = $5)
        ), buckets as (
            select period, app_id, key_id, api, version, operation, class, bucket, sum(calls)::bigint as calls
            from hours, unnest(latency) with ordinality as histogram(calls, bucket)
            where calls > 0
            group by period, app_id, key_id, api, version, operation, class, bucket
        )
        select period as "period!", app_id as "app?: AppId", key_id as "key?: Uuid", api as "api!", version as "version!",
               operation as "operation!", class as "class!", sum(calls)::bigint as "calls!",
               array_agg(bucket - 1) as "places!", array_agg(calls) as "counts!"
        from buckets
        group by period, app_id, key_id, api, version, operation, class
        order by period, app_id, key_id, api, version, operation, class
        "#,
        organization.0,
        since,
        asked.app.map(|app| app.0),
        asked.key.map(|key| key.0),
        asked.api,
        step,
        by == By::Caller,
    )
    .fetch_all(db)
    .await?;
    let cells = rows.into_iter().filter_map(|row| {
        let mut latency = Latency::default();
        for (place, calls) in row.places.iter().zip(&row.counts) {
            latency.add(usize::try_from(*place).unwrap_or(0), calls.unsigned_abs());
        }
        Some(Cell {
            period: row.period,
            caller: row.app.map(|app| (app, row.key.filter(|key| !key.is_nil()).map(KeyId))),
            api: row.api,
            version: row.version,
            operation: row.operation,
            class: Class::named(&row.class)?,
            calls: row.calls.unsigned_abs(),
            latency,
        })
    });
    Ok(cells.collect())
}

/// Whether counts are told apart by who called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::usage) enum By {
    Operation,
    Caller,
}

/// What a key was used for lately.
pub async fn brief_of_key(
    db: impl PgExecutor<'_>,
    organization: OrganizationId,
    key: KeyId,
    now: OffsetDateTime,
) -> sqlx::Result<KeyBrief> {
    query_as!(
        KeyBrief,
        r#"
        select coalesce(sum(calls), 0)::bigint as "calls!",
               coalesce(sum(calls) filter (where class in ('4xx', '429', '5xx')), 0)::bigint as "errors!"
        from usage_count
        where organization_id = $1 and key_id = $2 and hour > $3
        "#,
        organization.0,
        key.0,
        now - Duration::DAY,
    )
    .fetch_one(db)
    .await
}

/// The partners whose systems called most in the last 7 days.
pub async fn partners(db: impl PgExecutor<'_>, now: OffsetDateTime, limit: i64) -> sqlx::Result<Vec<Partner>> {
    query_as!(
        Partner,
        r#"
        select o.id as "organization: OrganizationId", o.name, sum(u.calls)::bigint as "calls!",
               coalesce(sum(u.calls) filter (where u.class in ('4xx', '429', '5xx')), 0)::bigint as "errors!"
        from usage_count u
        join organization o on o.id = u.organization_id
        where u.hour > $1
        group by o.id
        order by 3 desc, o.name
        limit $2
        "#,
        now - Duration::days(7),
        limit,
    )
    .fetch_all(db)
    .await
}
