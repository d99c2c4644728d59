//! The HTTP API as programs meet it: tokens, pages of lists, refusals, repeated creates.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sqlx::PgPool;
use vestibule::{
    audit::Actor,
    db::OrganizationId,
    name::Name,
    tokens::{self, Holder, NewToken, Scope},
};

use crate::portal::{Answer, TestPortal};

const ORGANIZATIONS: &str = "/api/v1/organizations";

async fn token(portal: &TestPortal, holder: Holder, scopes: &[Scope]) -> String {
    let new = NewToken { holder, name: Name::parse("Nightly sync").unwrap(), scopes: scopes.to_vec() };
    let mut tx = portal.portal.db.begin().await.unwrap();
    let issued = tokens::issue(&mut tx, &portal.portal.vault, "vst", &Actor::system("test"), new).await.unwrap();
    tx.commit().await.unwrap();
    issued.secret.expose_secret().to_owned()
}

async fn staff_token(portal: &TestPortal) -> String {
    token(portal, Holder::Staff, &Scope::of(Holder::Staff).collect::<Vec<_>>()).await
}

async fn get(portal: &TestPortal, token: &str, path: &str) -> Answer {
    portal.visitor().call(Method::GET, path, token, None).await
}

async fn post(portal: &TestPortal, token: &str, path: &str, body: Value) -> Answer {
    portal.visitor().call(Method::POST, path, token, Some(body)).await
}

async fn post_once(portal: &TestPortal, token: &str, path: &str, key: &str, body: &Value) -> Answer {
    let request = Request::post(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", key);
    portal.visitor().send_with(request, Body::from(body.to_string())).await
}

fn quillmere() -> Value {
    json!({ "name": "Quillmere Books", "email": "it@quillmere.example" })
}

fn assert_problem(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!((answer.status, answer.json()["code"].as_str()), (status, Some(code)), "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["request_id"], answer.header("x-request-id"));
}

async fn organizations(portal: &TestPortal) -> i64 {
    sqlx::query_scalar("select count(*) from organization").fetch_one(&portal.portal.db).await.unwrap()
}

#[sqlx::test]
async fn staff_make_an_organization_and_find_it_and_its_entry_in_the_trail(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let staff = staff_token(&portal).await;
    let made = post(&portal, &staff, ORGANIZATIONS, quillmere()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert!(made.json()["id"].as_str().unwrap().starts_with("org_"));
    let listed = get(&portal, &staff, ORGANIZATIONS).await.json();
    assert_eq!(listed["data"], json!([made.json()]));
    assert_eq!(listed["next_cursor"], Value::Null);

    let id = made.json()["id"].as_str().unwrap().to_owned();
    let trail =
        get(&portal, &staff, &format!("/api/v1/audit?organization={id}&action=organization.created")).await.json();
    assert_eq!(trail["data"].as_array().unwrap().len(), 1, "{trail}");
    assert_eq!(trail["data"][0]["subject"], json!({ "kind": "organization", "id": id, "label": "Quillmere Books" }));
    assert_eq!(trail["data"][0]["actor"]["label"], "Nightly sync");
    assert_eq!(trail["data"][0]["request_id"], made.header("x-request-id"));
}

#[sqlx::test]
async fn only_a_token_with_the_scope_is_admitted(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let partner = Holder::Organization(portal.organization("Quillmere").await);
    let reader = token(&portal, Holder::Staff, &[Scope::OrganizationsRead]).await;
    let management = token(&portal, partner, &Scope::of(partner).collect::<Vec<_>>()).await;
    assert_eq!(get(&portal, &reader, ORGANIZATIONS).await.status, StatusCode::OK);

    let nobody = portal.visitor().get(ORGANIZATIONS).await;
    assert_problem(&nobody, StatusCode::UNAUTHORIZED, "unauthenticated");
    assert_eq!(nobody.header("www-authenticate"), "Bearer");
    let unknown = "vst_staff_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";
    assert_problem(&get(&portal, unknown, ORGANIZATIONS).await, StatusCode::UNAUTHORIZED, "token_invalid");
    assert_problem(&get(&portal, "nonsense", ORGANIZATIONS).await, StatusCode::UNAUTHORIZED, "token_invalid");
    assert_problem(
        &post(&portal, &reader, ORGANIZATIONS, quillmere()).await,
        StatusCode::FORBIDDEN,
        "insufficient_scope",
    );
    assert_problem(&get(&portal, &management, ORGANIZATIONS).await, StatusCode::FORBIDDEN, "forbidden");
    assert_problem(&get(&portal, &reader, "/api/v1/apps").await, StatusCode::FORBIDDEN, "forbidden");
}

#[sqlx::test]
async fn what_cannot_be_accepted_is_named_and_nothing_is_made(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let staff = staff_token(&portal).await;
    let refused = [
        (json!({ "name": "Quillmere", "email": "it@quillmere.example", "plan": "gold" }), "/plan"),
        (json!({ "name": "", "email": "it@quillmere.example" }), "/name"),
        (json!({ "name": "Quillmere\u{0}", "email": "it@quillmere.example" }), "/name"),
        (json!({ "name": 7, "email": "it@quillmere.example" }), "/name"),
        (json!({ "name": "Quillmere", "email": "nowhere" }), "/email"),
    ];
    for (body, pointer) in refused {
        let answer = post(&portal, &staff, ORGANIZATIONS, body.clone()).await;
        assert_problem(&answer, StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{body}: {}", answer.body);
    }
    let send = async |content_type: &str, body: &'static str| {
        let request = Request::post(ORGANIZATIONS)
            .header(header::AUTHORIZATION, format!("Bearer {staff}"))
            .header(header::CONTENT_TYPE, content_type);
        portal.visitor().send_with(request, Body::from(body)).await
    };
    assert_problem(&send("application/json", "{").await, StatusCode::BAD_REQUEST, "invalid_request");
    assert_problem(&send("text/plain", "{}").await, StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type");
    for query in ["limit=0", "limit=101", "limit=x", "cursor=x", "limit=1&limit=2"] {
        let answer = get(&portal, &staff, &format!("{ORGANIZATIONS}?{query}")).await;
        assert_problem(&answer, StatusCode::BAD_REQUEST, "invalid_request");
    }
    for query in ["organization=org_1", "action=%00"] {
        let answer = get(&portal, &staff, &format!("/api/v1/audit?{query}")).await;
        assert_problem(&answer, StatusCode::BAD_REQUEST, "invalid_request");
    }
    assert_eq!(organizations(&portal).await, 0);
}

#[sqlx::test]
async fn a_list_is_walked_page_by_page_while_others_add_to_it(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let staff = staff_token(&portal).await;
    let mut expected = Vec::new();
    for n in 0..5 {
        expected.insert(0, portal.organization(&format!("Partner {n}")).await.to_string());
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = get(&portal, &staff, &format!("{ORGANIZATIONS}?limit=2{cursor}")).await.json();
        seen.extend(page["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        portal.organization("Added meanwhile").await;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, expected);
}

#[sqlx::test]
async fn a_partner_makes_tokens_for_itself_only_and_passes_on_only_its_scopes(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let (own, other) = (portal.organization("Quillmere").await, portal.organization("Elsewhere").await);
    let path = |organization: OrganizationId| format!("{ORGANIZATIONS}/{organization}/tokens");
    let management = token(&portal, Holder::Organization(own), &[Scope::TokensWrite, Scope::AppsRead]).await;

    let made = post(&portal, &management, &path(own), json!({ "scopes": ["apps:read"], "name": "Deploy" })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let secret = made.json()["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("vst_mgmt_"));
    assert_eq!(get(&portal, &secret, "/api/v1/apps").await.status, StatusCode::OK);

    let too_much = post(&portal, &management, &path(own), json!({ "scopes": ["apps:read", "keys:write"] })).await;
    assert_problem(&too_much, StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    assert_eq!(too_much.json()["errors"][0]["pointer"], "/scopes/1");
    let foreign = post(&portal, &management, &path(other), json!({ "scopes": ["apps:read"] })).await;
    assert_problem(&foreign, StatusCode::NOT_FOUND, "not_found");

    let staff = staff_token(&portal).await;
    let given = post(&portal, &staff, &path(other), json!({ "scopes": ["keys:write"] })).await;
    assert_eq!(given.status, StatusCode::CREATED);
    for (body, pointer) in [(json!({ "scopes": [] }), "/scopes"), (json!({ "scopes": ["audit:read"] }), "/scopes/0")] {
        let refused = post(&portal, &staff, &path(other), body).await;
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{}", refused.body);
    }
    let nowhere = post(&portal, &staff, &path(OrganizationId::new()), json!({ "scopes": ["apps:read"] })).await;
    assert_problem(&nowhere, StatusCode::NOT_FOUND, "not_found");
}

#[sqlx::test]
async fn tokens_of_a_suspended_organization_are_refused(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let partner = portal.organization("Quillmere").await;
    let management = token(&portal, Holder::Organization(partner), &[Scope::AppsRead]).await;
    sqlx::query("update organization set suspended_at = now()").execute(&portal.portal.db).await.unwrap();
    assert_problem(&get(&portal, &management, "/api/v1/apps").await, StatusCode::FORBIDDEN, "forbidden");
}

#[sqlx::test]
async fn a_create_that_is_repeated_gets_the_first_answer_with_its_secret(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let staff = staff_token(&portal).await;
    let path = format!("{ORGANIZATIONS}/{}/tokens", portal.organization("Quillmere").await);
    let body = json!({ "scopes": ["apps:read"] });
    let first = post_once(&portal, &staff, &path, "\"k-1\"", &body).await;
    let again = post_once(&portal, &staff, &path, "k-1", &body).await;
    assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(first.body, again.body);
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    assert_eq!(again.header("content-type"), "application/json");

    let other_body = post_once(&portal, &staff, &path, "k-1", &json!({ "scopes": ["keys:read"] })).await;
    assert_problem(&other_body, StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused");
    let other_path = post_once(&portal, &staff, ORGANIZATIONS, "k-1", &quillmere()).await;
    assert_eq!(other_path.status, StatusCode::CREATED);
    let somebody_else = post_once(&portal, &staff_token(&portal).await, &path, "k-1", &body).await;
    assert_eq!(somebody_else.header("idempotency-replayed"), "");
    assert_ne!(somebody_else.json()["secret"], first.json()["secret"]);
    let malformed = post_once(&portal, &staff, ORGANIZATIONS, "\"", &quillmere()).await;
    assert_problem(&malformed, StatusCode::BAD_REQUEST, "invalid_request");
}

#[sqlx::test]
async fn of_parallel_creates_with_one_key_exactly_one_happens(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let staff = staff_token(&portal).await;
    let body = quillmere();
    let send = || post_once(&portal, &staff, ORGANIZATIONS, "k-1", &body);
    let (a, b, c, d) = tokio::join!(send(), send(), send(), send());
    assert_eq!(organizations(&portal).await, 1);
    let answers = [a, b, c, d];
    let first: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::CREATED && answer.header("idempotency-replayed").is_empty())
        .collect();
    assert_eq!(first.len(), 1);
    for answer in &answers {
        match answer.status {
            StatusCode::CREATED => assert_eq!(answer.body, first[0].body),
            _ => assert_problem(answer, StatusCode::CONFLICT, "idempotency_in_progress"),
        }
    }
    assert_eq!(send().await.body, first[0].body);
}

#[sqlx::test]
async fn a_refused_create_may_be_corrected_under_its_key(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let staff = staff_token(&portal).await;
    let wrong = json!({ "name": "Quillmere Books", "email": "nowhere" });
    let refused = post_once(&portal, &staff, ORGANIZATIONS, "k-1", &wrong).await;
    assert_problem(&refused, StatusCode::UNPROCESSABLE_ENTITY, "validation_failed");
    let corrected = post_once(&portal, &staff, ORGANIZATIONS, "k-1", &quillmere()).await;
    assert_eq!((corrected.status, corrected.header("idempotency-replayed")), (StatusCode::CREATED, ""));
}

#[sqlx::test]
async fn every_answer_says_how_many_calls_are_left(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let staff = staff_token(&portal).await;
    let answers = [
        get(&portal, &staff, ORGANIZATIONS).await,
        get(&portal, &staff, "/api/v1/apps").await,
        get(&portal, &staff, &format!("{ORGANIZATIONS}?limit=0")).await,
        portal.visitor().get(ORGANIZATIONS).await,
        portal.visitor().get("/api/v1/openapi.json").await,
    ];
    for (answer, left) in answers.iter().zip([599, 598, 597, 599, 598]) {
        assert_eq!(answer.header("ratelimit-policy"), "\"default\";q=600;w=60", "{}", answer.status);
        assert_eq!(answer.header("x-ratelimit-remaining"), left.to_string(), "{}", answer.status);
        assert!(answer.header("ratelimit").starts_with(&format!("\"default\";r={left};t=")));
    }
}

#[sqlx::test]
async fn too_many_calls_are_refused_with_the_time_to_wait(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut visitor = portal.visitor();
    for _ in 0..600 {
        assert_eq!(visitor.get(ORGANIZATIONS).await.status, StatusCode::UNAUTHORIZED);
    }
    let refused = visitor.get(ORGANIZATIONS).await;
    assert_problem(&refused, StatusCode::TOO_MANY_REQUESTS, "rate_limited");
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| (1..=60).contains(&seconds)));
    assert_eq!(refused.header("x-ratelimit-remaining"), "0");
    assert_eq!(get(&portal, &staff_token(&portal).await, ORGANIZATIONS).await.status, StatusCode::OK);
}

#[sqlx::test]
async fn the_document_is_for_everybody(db: PgPool) {
    let answer = TestPortal::new(db).await.visitor().get("/api/v1/openapi.json").await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(answer.json()["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
}
