use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::Body,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use sqlx::{PgPool, query, query_scalar};
use time::{Duration, OffsetDateTime, macros::datetime};

use super::*;
use crate::{
    config::BaseUrl,
    db::{AppId, CallId, KeyId, OrganizationId},
    reference::{Catalogue, Published},
    usage::{Asked as Call, Usage, logged::tests::asked, model::Range, ring::MOST_CALLS},
};

async fn published(db: &PgPool) -> Arc<Published> {
    Catalogue::load(db, &BaseUrl::parse("https://portal.example").unwrap()).await.unwrap().current()
}

async fn organization(db: &PgPool) -> OrganizationId {
    let id = OrganizationId::new();
    query("insert into organization (id, name, email) values ($1, 'Quillmere', 'x@example.com')")
        .bind(id.0)
        .execute(db)
        .await
        .unwrap();
    id
}

/// A call that was answered, to its end.
async fn answered(usage: &Usage, call: Call, response: impl IntoResponse) {
    let response: Response = response.into_response();
    usage.observe(call, response).into_body().collect().await.unwrap();
}

async fn cells_of(db: &PgPool, organization: OrganizationId, asked: &Asked, by: By) -> Vec<crate::usage::model::Cell> {
    let starts = asked.range.periods(OffsetDateTime::now_utc());
    cells(db, organization, asked, starts[0], by).await.unwrap()
}

async fn calls_of(db: &PgPool, organization: OrganizationId, filter: Filter) -> Vec<String> {
    let found = calls(db, organization, &filter, 2000).await.unwrap();
    found.into_iter().map(|call| call.request_id).collect()
}

#[sqlx::test]
async fn the_counts_of_two_instances_add_up(db: PgPool) {
    let (own, published) = (organization(&db).await, published(&db).await);
    let (here, there) = (Usage::default(), Usage::default());
    let call = asked(own);
    for _ in 0..3 {
        answered(&here, call.clone(), "ok").await;
        answered(&there, call.clone(), "ok").await;
        answered(&there, call.clone(), StatusCode::TOO_MANY_REQUESTS).await;
        let flushed = tokio::join!(here.flush(&db, &published), there.flush(&db, &published));
        assert!(flushed.0.is_ok() && flushed.1.is_ok(), "{flushed:?}");
    }
    here.flush(&db, &published).await.unwrap();
    let cells = cells_of(&db, own, &Asked::default(), By::Caller).await;
    let counted: BTreeMap<_, _> = cells.iter().map(|cell| (cell.class.as_str(), cell.calls)).collect();
    assert_eq!(counted, BTreeMap::from([("2xx", 6), ("429", 3)]));
    assert!(cells.iter().all(|cell| cell.caller == Some((call.app, call.key))));
    assert!(
        cells.iter().all(|cell| cell.latency.buckets().iter().sum::<u64>() == cell.calls),
        "each call took its time"
    );
    let stored: i64 = query_scalar("select sum(calls)::bigint from usage_count").fetch_one(&db).await.unwrap();
    assert_eq!(stored, 9);
}

#[sqlx::test]
async fn calls_without_a_key_or_an_operation_are_counted_for_their_app(db: PgPool) {
    let (own, published) = (organization(&db).await, published(&db).await);
    let usage = Usage::default();
    answered(&usage, Call { key: None, operation: None, ..asked(own) }, "ok").await;
    usage.flush(&db, &published).await.unwrap();
    let cells = cells_of(&db, own, &Asked::default(), By::Caller).await;
    let cell = &cells[0];
    assert_eq!(
        (cell.caller.unwrap().1, cell.operation.as_str(), cell.api.as_str()),
        (None, "", ""),
        "no such API is published"
    );
    assert!(cells_of(&db, OrganizationId::new(), &Asked::default(), By::Caller).await.is_empty());
}

#[sqlx::test]
async fn a_partition_that_is_missing_is_made(db: PgPool) {
    let (own, published) = (organization(&db).await, published(&db).await);
    let usage = Usage::default();
    let old = OffsetDateTime::now_utc() - Duration::days(100);
    answered(&usage, Call { at: old, ..asked(own) }, "ok").await;
    answered(&usage, asked(own), "ok").await;
    usage.flush(&db, &published).await.unwrap();
    let year = Asked { range: Range::Year, ..Asked::default() };
    assert_eq!(cells_of(&db, own, &year, By::Operation).await.len(), 2);

    // Somebody drops it while this instance believes that it is there.
    let name = format!("usage_count_{}_{:02}", old.year(), u8::from(old.month()));
    query(sqlx::AssertSqlSafe(format!("drop table {name}"))).execute(&db).await.unwrap();
    answered(&usage, Call { at: old, ..asked(own) }, "ok").await;
    assert!(usage.flush(&db, &published).await.is_err());
    usage.flush(&db, &published).await.unwrap();
    assert_eq!(cells_of(&db, own, &year, By::Operation).await.len(), 2, "the counts were kept meanwhile");
}

#[sqlx::test]
async fn partitions_are_made_ahead_and_dropped_after_thirteen_months(db: PgPool) {
    let now = datetime!(2026-11-18 12:00 UTC);
    make_partition(&db, datetime!(2025-09-30 23:59 UTC)).await.unwrap();
    make_partition(&db, datetime!(2025-10-01 00:00 UTC)).await.unwrap();
    assert_eq!(sweep(&db, now).await.unwrap(), 1);
    let left: Vec<String> = query_scalar(
        "select inhrelid::regclass::text from pg_inherits where inhparent = 'usage_count'::regclass order by 1",
    )
    .fetch_all(&db)
    .await
    .unwrap();
    let months = ["2025_10", "2026_11", "2026_12", "2027_01"].map(|month| format!("usage_count_{month}"));
    assert_eq!(left, months);
    let (one, other) = tokio::join!(sweep(&db, now), sweep(&db, now));
    assert_eq!((one.unwrap(), other.unwrap()), (0, 0), "doing it twice, or at the same time, changes nothing");
}

#[sqlx::test]
async fn the_newest_thousand_calls_of_an_organization_are_kept(db: PgPool) {
    let (busy, calm, published) = (organization(&db).await, organization(&db).await, published(&db).await);
    let usage = Usage::default();
    answered(&usage, Call { request_id: "calm".into(), ..asked(calm) }, "ok").await;
    for batch in 0..3 {
        for number in 0..500 {
            answered(&usage, Call { request_id: (batch * 500 + number).to_string(), ..asked(busy) }, "ok").await;
        }
        usage.flush(&db, &published).await.unwrap();
    }
    let kept = calls_of(&db, busy, Filter::default()).await;
    assert_eq!((kept.len(), kept[0].as_str(), kept.last().unwrap().as_str()), (MOST_CALLS, "1499", "500"));
    assert_eq!(calls_of(&db, calm, Filter::default()).await, ["calm"]);
}

#[sqlx::test]
async fn what_cannot_be_written_is_written_later(db: PgPool) {
    let (own, published) = (organization(&db).await, published(&db).await);
    let usage = Usage::default();
    let away = PgPool::connect_lazy("postgres://nobody@127.0.0.1:1/none").unwrap();
    answered(&usage, Call { request_id: "first".into(), ..asked(own) }, "ok").await;
    assert!(usage.flush(&away, &published).await.is_err());
    answered(&usage, Call { request_id: "second".into(), ..asked(own) }, "ok").await;
    usage.flush(&db, &published).await.unwrap();
    assert_eq!(calls_of(&db, own, Filter::default()).await, ["second", "first"]);
    let counted: u64 = cells_of(&db, own, &Asked::default(), By::Operation).await.iter().map(|cell| cell.calls).sum();
    assert_eq!(counted, 2);
}

#[sqlx::test]
async fn a_call_of_an_organization_that_is_gone_holds_nobody_up(db: PgPool) {
    let (own, published) = (organization(&db).await, published(&db).await);
    let usage = Usage::default();
    answered(&usage, asked(OrganizationId::new()), "ok").await;
    answered(&usage, asked(own), "ok").await;
    usage.flush(&db, &published).await.unwrap();
    assert_eq!(calls_of(&db, own, Filter::default()).await.len(), 1);
}

#[sqlx::test]
async fn calls_are_found_by_what_is_asked_for(db: PgPool) {
    let (own, published) = (organization(&db).await, published(&db).await);
    let usage = Usage::default();
    let (app, key) = (AppId::new(), KeyId::new());
    let named = |name: &str| Call { request_id: name.into(), ..asked(own) };
    answered(&usage, Call { app, key: Some(key), ..named("good") }, "Hello Ines").await;
    answered(&usage, Call { operation: Some("createThing".into()), ..named("limited") }, StatusCode::TOO_MANY_REQUESTS)
        .await;
    let refusal =
        (StatusCode::CONFLICT, [("content-type", "application/problem+json")], Body::from(r#"{"code":"conflict"}"#));
    answered(&usage, Call { query: "tag=100%25".into(), ..named("refused") }, refusal).await;
    answered(&usage, Call { path: "/things/a_b".into(), ..named("failed") }, StatusCode::BAD_GATEWAY).await;
    usage.flush(&db, &published).await.unwrap();

    let by = async |filter: Filter| calls_of(&db, own, filter).await;
    let statuses = async |from, to| by(Filter { statuses: Some((from, to)), ..Filter::default() }).await;
    assert_eq!(statuses(0, 300).await, ["good"]);
    assert_eq!(statuses(400, 500).await, ["refused"], "429 is a class of its own");
    assert_eq!(statuses(429, 430).await, ["limited"]);
    assert_eq!(statuses(400, 600).await, ["failed", "refused", "limited"]);
    assert_eq!(by(Filter { app: Some(app), key: Some(key), ..Filter::default() }).await, ["good"]);
    assert_eq!(by(Filter { operation: Some("createThing".into()), ..Filter::default() }).await, ["limited"]);
    for (text, found) in
        [("ines", "good"), ("CONFLICT", "refused"), ("100%25", "refused"), ("a_b", "failed"), ("limited", "limited")]
    {
        assert_eq!(by(Filter { text: Some(text.into()), ..Filter::default() }).await, [found], "{text}");
    }
    let all = calls(&db, own, &Filter::default(), 10).await.unwrap();
    let older = Filter { before: Some(all[1].id), ..Filter::default() };
    assert_eq!(by(older).await, ["limited", "good"]);
    assert_eq!(all[1].code.as_deref(), Some("conflict"));

    assert!(call(&db, own, all[0].id).await.unwrap().is_some());
    assert!(
        call(&db, organization(&db).await, all[0].id).await.unwrap().is_none(),
        "another organization's is not found"
    );
    assert!(call(&db, own, CallId::new()).await.unwrap().is_none());
}

#[sqlx::test]
async fn partners_are_told_by_their_calls(db: PgPool) {
    let (busy, calm, published) = (organization(&db).await, organization(&db).await, published(&db).await);
    let usage = Usage::default();
    for status in [StatusCode::OK, StatusCode::OK, StatusCode::BAD_REQUEST] {
        answered(&usage, Call { key: Some(KeyId(busy.0)), ..asked(busy) }, status).await;
    }
    answered(&usage, asked(calm), "ok").await;
    usage.flush(&db, &published).await.unwrap();
    let now = OffsetDateTime::now_utc();
    let told: Vec<_> =
        partners(&db, now, 10).await.unwrap().into_iter().map(|of| (of.organization, of.calls, of.errors)).collect();
    assert_eq!(told, [(busy, 3, 1), (calm, 1, 0)]);
    assert_eq!(brief_of_key(&db, busy, KeyId(busy.0), now).await.unwrap(), KeyBrief { calls: 3, errors: 1 });
    assert_eq!(brief_of_key(&db, calm, KeyId(busy.0), now).await.unwrap(), KeyBrief::default());
}
