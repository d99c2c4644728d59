//! Keys that somebody reports as leaked.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::{Value, json};
use sqlx::PgPool;
use vestibule::{
    audit::{self, Filter},
    jobs::{self, Outcome},
    web::{Role, StaffRole},
};

use crate::{
    keys::{app, call, code, key, with_demo},
    portal::{Answer, TestPortal},
};

const UNKNOWN: &str = "vst_sandbox_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";

async fn report(portal: &TestPortal, body: impl Into<String>) -> Answer {
    let request = Request::post("/api/v1/keys/report-leak").header(header::CONTENT_TYPE, "application/json");
    portal.visitor().send_with(request, Body::from(body.into())).await
}

async fn reported(portal: &TestPortal, keys: &[&str], source: &str) -> Answer {
    let answer = report(portal, json!({ "keys": keys, "source": source }).to_string()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    while jobs::run_one(&portal.portal).await.unwrap() != Outcome::Idle {}
    answer
}

async fn letters(portal: &TestPortal) -> Vec<(String, String)> {
    sqlx::query_as("select recipient, text_body from mail_message where kind = 'key_leaked' order by id")
        .fetch_all(&portal.portal.db)
        .await
        .unwrap()
}

/// Everything that the database holds, as text.
async fn everything(db: &PgPool) -> String {
    let tables: Vec<String> =
        sqlx::query_scalar("select tablename from pg_tables where schemaname = 'public'").fetch_all(db).await.unwrap();
    let mut all = String::new();
    for table in tables {
        let rows = format!("select coalesce(string_agg(t::text, ' '), '') from {table} t");
        all += &sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(rows)).fetch_one(db).await.unwrap();
    }
    all
}

#[sqlx::test]
async fn a_reported_key_is_revoked_and_its_owner_is_told(db: PgPool) {
    let portal = with_demo(db.clone()).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Checkout").await;
    let (path, secret) = key(&mut tom, &app, "Staging").await;
    let (_, other) = key(&mut tom, &app, "Till").await;

    let source = format!("https://git.example.com/shop/.env?key={secret}");
    let known = reported(&portal, &[&secret, UNKNOWN], &source).await;
    assert_eq!(code(&call(&portal, &secret).await), (StatusCode::UNAUTHORIZED, Some("key_revoked".into())));
    assert_eq!(call(&portal, &other).await.status, StatusCode::OK);
    let told = letters(&portal).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].0.starts_with("developer-"));
    for words in ["Staging", "https://git.example.com/shop/.env?key=…", "127.0.0.1", "The key was revoked", &path] {
        assert!(told[0].1.contains(words), "{words}: {}", told[0].1);
    }
    let filter = Filter { organization: Some(organization), ..Filter::default() };
    let trail = audit::list(&portal.portal.db, filter, 2).await.unwrap();
    assert_eq!([trail[0].action.as_str(), trail[1].action.as_str()], ["key.revoked", "key.leak_reported"]);
    assert_eq!(trail[1].address.as_deref(), Some("127.0.0.1"));
    assert_eq!(trail[1].after.as_ref().unwrap()["found_at"], json!("https://git.example.com/shop/.env?key=…"));

    reported(&portal, &[&secret], "").await;
    assert_eq!(letters(&portal).await.len(), 1, "once is enough");
    let unknown = reported(&portal, &[UNKNOWN, "not a key"], "").await;
    assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
    let random = secret.rsplit('_').next().unwrap();
    assert!(!everything(&db).await.contains(random), "a reported key is kept nowhere");
}

#[sqlx::test]
async fn staff_may_let_a_leaked_secret_work_on_for_an_hour(db: PgPool) {
    let portal = with_demo(db).await;
    let mut admin = portal.staff(StaffRole::Admin).await;
    let form = [("portal_name", "Larkfield"), ("accent", "#a8481b"), ("leaked_keys", "end_soon")];
    assert_eq!(admin.post("/admin/settings", &form).await.status, StatusCode::SEE_OTHER);
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Checkout").await;
    let (path, secret) = key(&mut tom, &app, "Staging").await;

    for _ in 0..2 {
        reported(&portal, &[&secret], "").await;
    }
    let told = letters(&portal).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].1.contains("Rotate the key now"), "{}", told[0].1);
    assert!(call(&portal, &secret).await.header("sunset").ends_with(" GMT"));
    assert!(tom.get(&path).await.body.contains("Reported as leaked"));
    let rotated = tom.post(&format!("{path}/rotation"), &[("overlap", "2592000")]).await;
    assert_eq!(rotated.status, StatusCode::SEE_OTHER);
    tom.get(&path).await;
    let page = tom.get(&path).await.body;
    assert!(page.contains("in 59 minutes") || page.contains("in 60 minutes"), "{page}");
    assert!(!page.contains("Cancel rotation") && !page.contains("Extend overlap"));
}

#[sqlx::test]
async fn what_is_no_report_is_refused_without_repeating_it(db: PgPool) {
    let portal = with_demo(db).await;
    let many: Vec<&str> = vec![UNKNOWN; 101];
    let long = "x".repeat(501);
    let bodies: [(Value, StatusCode); 6] = [
        (json!({ "keys": UNKNOWN }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "keys": [], "source": "" }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "keys": many }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "keys": [UNKNOWN], "source": long }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "keys": [UNKNOWN], UNKNOWN: 1 }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "keys": ["x".repeat(70_000)] }), StatusCode::PAYLOAD_TOO_LARGE),
    ];
    for (body, status) in bodies {
        let answer = report(&portal, body.to_string()).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(!answer.body.contains("zQWBuTSO"), "{}", answer.body);
    }
    let cut = report(&portal, format!("{{\"keys\":[\"{UNKNOWN}")).await;
    assert!(cut.status == StatusCode::BAD_REQUEST && !cut.body.contains("zQWBuTSO"), "{}", cut.body);
}

#[sqlx::test]
async fn reports_from_one_address_are_limited(db: PgPool) {
    let portal = with_demo(db).await;
    let body = json!({ "keys": [UNKNOWN] }).to_string();
    for _ in 0..60 {
        assert_eq!(report(&portal, body.clone()).await.status, StatusCode::ACCEPTED);
    }
    let refused = report(&portal, body).await;
    assert_eq!(code(&refused), (StatusCode::TOO_MANY_REQUESTS, Some("rate_limited".into())));
    assert!(!refused.header("retry-after").is_empty());
}
