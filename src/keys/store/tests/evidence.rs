use std::collections::BTreeMap;

use super::{super::evidence::*, *};
use crate::{db::SecretId, keys::uses::Uses};

const HOUR: Duration = Duration::HOUR;

async fn secret(db: &PgPool) -> SecretId {
    let app = app(db).await;
    issue(db, &actor(), &app, new_key("Staging"), minted()).await.unwrap().key.secrets[0].id
}

async fn kept(db: &PgPool) -> BTreeMap<String, i64> {
    let rows = query!("select address, calls from api_key_use").fetch_all(db).await.unwrap();
    rows.into_iter().map(|row| (row.address, row.calls)).collect()
}

fn noon() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_795_003_200).unwrap()
}

#[sqlx::test]
async fn uses_are_noted_with_the_first_and_the_last(db: PgPool) {
    let app = app(&db).await;
    let key = issue(&db, &actor(), &app, new_key("Staging"), minted()).await.unwrap().key;
    let noon = OffsetDateTime::from_unix_timestamp(1_795_000_000).unwrap();
    for (minutes, from) in [(5, "192.0.2.5"), (9, "192.0.2.9"), (1, "192.0.2.1")] {
        let at = noon + Duration::minutes(minutes);
        let used = Use { secret: key.secrets[0].id, first_at: at, last_at: at, from: from.to_owned() };
        record_uses(&db, &[used], &[]).await.unwrap();
    }
    let key = by_id(&db, app.organization, key.id).await.unwrap().unwrap();
    assert_eq!(key.secrets[0].first_used_at, Some(noon + Duration::minutes(1)));
    assert_eq!(key.last_used_at(), Some(noon + Duration::minutes(9)));
    assert_eq!(key.secrets[0].last_used_from.as_deref(), Some("192.0.2.9"));
}

#[sqlx::test]
async fn calls_add_up_by_hour_and_address_over_several_instances(db: PgPool) {
    let secret = secret(&db).await;
    for _instance in 0..2 {
        let uses = Uses::default();
        for second in 0..30 {
            uses.note(secret, [192, 0, 2, 1].into(), noon() + Duration::seconds(second));
        }
        uses.note(secret, [192, 0, 2, 2].into(), noon());
        uses.flush(&db).await.unwrap();
    }
    assert_eq!(kept(&db).await, BTreeMap::from([("192.0.2.1".to_owned(), 60), ("192.0.2.2".to_owned(), 2)]));
}

#[sqlx::test]
async fn addresses_beyond_those_that_are_kept_share_a_row(db: PgPool) {
    let secret = secret(&db).await;
    for first in [0u8, 15, 200] {
        let uses = Uses::default();
        for address in first..first + 30 {
            uses.note(secret, [192, 0, 2, address].into(), noon());
        }
        uses.flush(&db).await.unwrap();
    }
    let kept = kept(&db).await;
    assert_eq!(kept.len(), ADDRESSES + 1);
    assert_eq!(kept.values().sum::<i64>(), 90);
    assert!(kept[""] >= 40, "{kept:?}");
}

#[sqlx::test]
async fn a_flush_of_any_number_of_calls_is_one_statement(db: PgPool) {
    let app = app(&db).await;
    let uses = Uses::default();
    for name in 0..5 {
        let key = issue(&db, &actor(), &app, new_key(&format!("Key {name}")), minted()).await.unwrap().key;
        for call in 0..200u8 {
            uses.note(key.secrets[0].id, [192, 0, 2, call].into(), noon() + HOUR * i32::from(call % 3));
        }
    }
    sqlx::raw_sql(
        "create table statement (at timestamptz);
         create function seen() returns trigger language plpgsql as
            $$ begin insert into statement values (clock_timestamp()); return null; end $$;
         create trigger seen after insert on api_key_use for each statement execute function seen();
         create trigger seen after update on api_key_secret for each statement execute function seen()",
    )
    .execute(&db)
    .await
    .unwrap();
    uses.flush(&db).await.unwrap();
    uses.flush(&db).await.unwrap();
    let transactions: i64 =
        sqlx::query_scalar("select count(distinct xmin::text) from statement").fetch_one(&db).await.unwrap();
    assert_eq!(transactions, 1, "and nothing was written when nothing was noted");
    let calls: i64 = sqlx::query_scalar("select sum(calls)::bigint from api_key_use").fetch_one(&db).await.unwrap();
    assert_eq!(calls, 1000);
}

#[sqlx::test]
async fn a_secret_that_is_gone_does_not_hold_up_the_others(db: PgPool) {
    let (here, gone) = (secret(&db).await, SecretId::new());
    let uses = Uses::default();
    for secret in [here, gone] {
        uses.note(secret, [192, 0, 2, 1].into(), noon());
    }
    uses.flush(&db).await.unwrap();
    assert_eq!(kept(&db).await.len(), 1);
}

#[sqlx::test]
async fn the_evidence_is_of_live_secrets_and_of_the_last_days(db: PgPool) {
    let app = app(&db).await;
    let key = issue(&db, &actor(), &app, new_key("Staging"), minted()).await.unwrap().key;
    let old = key.secrets[0].id;
    let uses = Uses::default();
    let calls = [(Duration::minutes(1), 7), (Duration::hours(3), 7), (Duration::days(2), 8), (Duration::days(40), 9)];
    for (ago, address) in calls {
        uses.note(old, [203, 0, 113, address].into(), now() - ago);
    }
    uses.flush(&db).await.unwrap();
    let usage = evidence(&db, &key, now()).await.unwrap().usage(old);
    assert_eq!((usage.last_hour, usage.last_day), (1, 2));
    let origins: Vec<_> = usage.origins.iter().map(|origin| (origin.address.as_deref(), origin.calls)).collect();
    assert_eq!(origins, [(Some("203.0.113.7"), 2), (Some("203.0.113.8"), 1)]);

    rotate(&db, &actor(), key.id, Overlap::from_seconds(0).unwrap(), now(), minted()).await.unwrap().unwrap();
    let key = by_id(&db, app.organization, key.id).await.unwrap().unwrap();
    assert_eq!(evidence(&db, &key, now()).await.unwrap().usage(old).last_day, 0, "it has ended");
    assert_eq!(sweep(&db, now()).await.unwrap(), 1);
}
