//! Which ends are near, and which letters about them were written.

use sqlx::{PgExecutor, query, query_as};
use time::{Duration, OffsetDateTime};

use crate::{
    db::{KeyId, SecretId},
    keys::ending::{End, Stage},
};

/// Ends that are further away, or longer ago, are nobody's concern now.
const NEAR: Duration = Duration::days(7);

/// The ends of keys and of their older secrets that are near, but not those that were told already.
pub(in crate::keys) async fn near_ends(db: impl PgExecutor<'_>, now: OffsetDateTime) -> sqlx::Result<Vec<End>> {
    ends(db, None, now).await
}

/// The near ends of one key.
pub(in crate::keys) async fn near_ends_of(
    db: impl PgExecutor<'_>,
    key: KeyId,
    now: OffsetDateTime,
) -> sqlx::Result<Vec<End>> {
    ends(db, Some(key), now).await
}

async fn ends(db: impl PgExecutor<'_>, key: Option<KeyId>, now: OffsetDateTime) -> sqlx::Result<Vec<End>> {
    query_as!(
        End,
        r#"
        with ending as (
            select s.key_id, s.id as secret_id, s.ends_at,
                   coalesce(
                       (
                           select min(n.created_at)
                           from api_key_secret n
                           where n.key_id = s.key_id and n.created_at > s.created_at and n.cancelled_at is null
                       ),
                       s.leaked_at,
                       s.created_at
                   ) as planned_at
            from api_key_secret s
            where s.ends_at between $2 and $3 and s.cancelled_at is null
            union all
            select id, null, expires_at, coalesce(expiry_set_at, created_at)
            from api_key
            where expires_at between $2 and $3
        )
        select e.key_id as "key!: KeyId", e.secret_id as "secret: SecretId", e.ends_at as "ends_at!",
               e.planned_at as "planned_at!",
               max(n.ends_at) filter (where n.stage = 'week') as told_week,
               max(n.ends_at) filter (where n.stage = 'day') as told_day,
               max(n.ends_at) filter (where n.stage = 'end') as told_end
        from ending e
        join api_key k on k.id = e.key_id
        join app a on a.id = k.app_id
        join organization o on o.id = a.organization_id
        left join api_key_notice n on n.key_id = e.key_id and n.secret_id is not distinct from e.secret_id
        where k.revoked_at is null and a.deleted_at is null and o.suspended_at is null
          and ($1::uuid is null or e.key_id = $1)
          and (e.secret_id is null or k.expires_at is null or k.expires_at > e.ends_at)
        group by e.key_id, e.secret_id, e.ends_at, e.planned_at
        having e.ends_at is distinct from max(n.ends_at) filter (where n.stage = 'end')
        order by e.ends_at
        "#,
        key.map(|key| key.0),
        now - NEAR,
        now + NEAR,
    )
    .fetch_all(db)
    .await
}

/// Notes that the letter of a stage is written.
pub(in crate::keys) async fn told(db: impl PgExecutor<'_>, end: &End, stage: Stage) -> sqlx::Result<()> {
    query!(
        r#"
        insert into api_key_notice (key_id, secret_id, stage, ends_at) values ($1, $2, $3, $4)
        on conflict on constraint api_key_notice_unique
        do update set ends_at = excluded.ends_at, told_at = excluded.told_at
        "#,
        end.key.0,
        end.secret.map(|secret| secret.0),
        stage.as_str(),
        end.ends_at,
    )
    .execute(db)
    .await
    .map(|_| ())
}
