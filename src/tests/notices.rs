//! Letters before a key, or an older secret of one, ends.

use sqlx::PgPool;
use time::{Duration, OffsetDateTime};
use vestibule::{
    db::OrganizationId,
    jobs::{self, Outcome},
    keys,
    web::Role,
};

use crate::{
    keys::{app, key, with_demo},
    portal::{TestPortal, Visitor},
};

/// Looks for what is due and does it, as every instance does again and again.
async fn some_time_passes(portal: &TestPortal) {
    for _ in 0..2 {
        keys::schedule_notices(&portal.portal.db).await.unwrap();
        while jobs::run_one(&portal.portal).await.unwrap() != Outcome::Idle {}
    }
}

async fn subjects(portal: &TestPortal) -> Vec<String> {
    sqlx::query_scalar("select subject from mail_message where kind like 'key_end%' order by id")
        .fetch_all(&portal.portal.db)
        .await
        .unwrap()
}

/// Moves an end, and when it was decided, as if time had passed.
async fn key_ends_in(portal: &TestPortal, left: Duration) {
    let now = OffsetDateTime::now_utc();
    sqlx::query("update api_key set expires_at = $1, expiry_set_at = $2")
        .bind(now + left)
        .bind(now - Duration::days(60))
        .execute(&portal.portal.db)
        .await
        .unwrap();
}

async fn old_secret_ends_in(portal: &TestPortal, left: Duration) {
    let now = OffsetDateTime::now_utc();
    sqlx::query(
        "update api_key_secret
         set ends_at = case when ends_at is null then null else $1 end,
             created_at = case when ends_at is null then $2 else $2 - interval '60 days' end",
    )
    .bind(now + left)
    .bind(now - Duration::days(29))
    .execute(&portal.portal.db)
    .await
    .unwrap();
}

async fn with_key<'a>(portal: &'a TestPortal) -> (OrganizationId, Visitor<'a>, String) {
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Checkout").await;
    let (path, _) = key(&mut tom, &app, "Staging").await;
    (organization, tom, path)
}

#[sqlx::test]
async fn people_hear_of_the_end_of_a_key_three_times(db: PgPool) {
    let portal = with_demo(db).await;
    let (organization, _, path) = with_key(&portal).await;
    portal.member(organization, Role::Viewer).await;
    key_ends_in(&portal, Duration::days(8)).await;
    some_time_passes(&portal).await;
    assert_eq!(subjects(&portal).await.len(), 0);
    let steps = [
        (Duration::days(6), "The key Staging ends in 5 days"),
        (Duration::hours(23), "The key Staging ends in 22 hours"),
        (Duration::seconds(-1), "The key Staging has ended"),
    ];
    for (at, (left, subject)) in steps.into_iter().enumerate() {
        key_ends_in(&portal, left).await;
        some_time_passes(&portal).await;
        let all = subjects(&portal).await;
        assert_eq!(all.len(), 2 * (at + 1), "one to each of the two, once: {all:?}");
        assert_eq!(all.last().map(String::as_str), Some(subject));
    }
    let letter = portal.mail_to(&format!("viewer-{organization}@example.com")).await.unwrap();
    assert!(letter.contains("of the app Checkout ended") && letter.contains(&path), "{letter}");
}

#[sqlx::test]
async fn an_end_that_is_moved_a_little_is_not_told_again_and_one_that_is_put_off_is(db: PgPool) {
    let portal = with_demo(db).await;
    with_key(&portal).await;
    key_ends_in(&portal, Duration::days(6)).await;
    some_time_passes(&portal).await;
    key_ends_in(&portal, Duration::days(6) + Duration::hours(3)).await;
    some_time_passes(&portal).await;
    assert_eq!(subjects(&portal).await.len(), 1);
    key_ends_in(&portal, Duration::days(20)).await;
    some_time_passes(&portal).await;
    assert_eq!(subjects(&portal).await.len(), 1);
    sqlx::query("update api_key_notice set ends_at = ends_at - interval '14 days'")
        .execute(&portal.portal.db)
        .await
        .unwrap();
    key_ends_in(&portal, Duration::days(6)).await;
    some_time_passes(&portal).await;
    assert_eq!(subjects(&portal).await.len(), 2);
}

#[sqlx::test]
async fn the_end_of_an_older_secret_is_told_and_a_cancelled_rotation_is_not(db: PgPool) {
    let portal = with_demo(db).await;
    let (_, mut tom, path) = with_key(&portal).await;
    let overlap = [("overlap", "2592000")];
    tom.post(&format!("{path}/rotation"), &overlap).await;
    some_time_passes(&portal).await;
    assert_eq!(subjects(&portal).await.len(), 0);
    old_secret_ends_in(&portal, Duration::days(6)).await;
    some_time_passes(&portal).await;
    let all = subjects(&portal).await;
    assert!(all.len() == 1 && all[0].starts_with("The old secret …") && all[0].ends_with("ends in 5 days"), "{all:?}");

    // The job waits already when the rotation is cancelled: what holds is the state when it runs.
    old_secret_ends_in(&portal, Duration::hours(20)).await;
    keys::schedule_notices(&portal.portal.db).await.unwrap();
    tom.post(&format!("{path}/cancellation"), &[]).await;
    some_time_passes(&portal).await;
    assert_eq!(subjects(&portal).await.len(), 1);
}

#[sqlx::test]
async fn a_revoked_key_is_nobodys_concern(db: PgPool) {
    let portal = with_demo(db).await;
    let (_, mut tom, path) = with_key(&portal).await;
    key_ends_in(&portal, Duration::hours(5)).await;
    keys::schedule_notices(&portal.portal.db).await.unwrap();
    tom.post(&format!("{path}/revocation"), &[("confirm", "Staging")]).await;
    some_time_passes(&portal).await;
    assert_eq!(subjects(&portal).await.len(), 0);
}

#[sqlx::test]
async fn a_letter_is_written_once_although_processes_race_and_die(db: PgPool) {
    let portal = with_demo(db).await;
    with_key(&portal).await;
    key_ends_in(&portal, Duration::hours(5)).await;
    let id: String = {
        let payload: serde_json::Value = {
            keys::schedule_notices(&portal.portal.db).await.unwrap();
            sqlx::query_scalar("select payload from job where kind = $1")
                .bind(keys::NOTICE)
                .fetch_one(&portal.portal.db)
                .await
                .unwrap()
        };
        payload["key"].as_str().unwrap().to_owned()
    };
    let payload = serde_json::json!({ "key": id });
    let runs: Vec<_> = (0..4)
        .map(|_| {
            let (portal, payload) = (portal.portal.clone(), payload.clone());
            tokio::spawn(async move { keys::write_notices(&portal, &payload).await })
        })
        .collect();
    for run in runs {
        run.await.unwrap().unwrap();
    }
    // A process that dies after its letter leaves the job to another, which takes it up when the lease is over.
    sqlx::query("update job set attempts = 1, leased_until = now() - interval '1 second'")
        .execute(&portal.portal.db)
        .await
        .unwrap();
    some_time_passes(&portal).await;
    assert_eq!(subjects(&portal).await.len(), 1);
}

#[sqlx::test]
async fn an_organization_without_people_hears_at_its_own_address(db: PgPool) {
    let portal = with_demo(db).await;
    with_key(&portal).await;
    sqlx::query("delete from membership").execute(&portal.portal.db).await.unwrap();
    key_ends_in(&portal, Duration::hours(5)).await;
    some_time_passes(&portal).await;
    assert!(portal.mail_to("office@example.com").await.unwrap().contains("Staging"));
}
