//! Trying an operation: who may call what from the form, what is sent, and what is shown of the answer.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use sqlx::PgPool;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use vestibule::{
    reference::{self, ImportRequest},
    web::{Role, StaffRole},
};

use crate::portal::{Answer, TestPortal, Visitor};

const CALLS: &str = "/docs/parcels/2026-09/operations/listShipments/calls";

async fn with_demo(db: PgPool, environment: &[(&str, &str)]) -> TestPortal {
    let portal = TestPortal::with(db, environment).await;
    reference::load_demo(&portal.portal.db, &portal.portal.config.content_dir).await.unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    portal
}

/// Makes an app; gives its id.
async fn app(visitor: &mut Visitor<'_>, name: &str) -> String {
    let made = visitor.post("/dashboard/apps", &[("name", name)]).await;
    made.location().rsplit('/').next().unwrap().to_owned()
}

async fn key(visitor: &mut Visitor<'_>, app: &str) -> String {
    let form = [("name", "Staging"), ("scopes", "shipments:read")];
    let issued = visitor.post(&format!("/dashboard/apps/{app}/keys"), &form).await;
    let page = visitor.get(issued.location()).await.body;
    let at = page.find("vst_sandbox_").unwrap();
    page[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

/// What an answer says, without its tags.
fn text(answer: &Answer) -> String {
    let mut text = String::new();
    for part in answer.body.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    text.replace("&quot;", "\"").replace("&#x27;", "'").replace("&#39;", "'")
}

#[sqlx::test]
async fn a_developer_calls_the_sandbox_as_an_app_without_any_key(db: PgPool) {
    let portal = with_demo(db, &[]).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Web shop").await;

    let page = tom.get(&format!("{CALLS}/new")).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    assert!(text(&page).contains("Web shop") && page.body.contains(&app), "{}", page.body);

    let called = tom.post(CALLS, &[("to", "app"), ("app", &app), ("query.limit", "5")]).await;
    let shown = text(&called);
    assert_eq!(called.status, StatusCode::OK, "{shown}");
    for part in ["200 OK", "Matches the document", "\"next_cursor\"", "ratelimit", "req_", "limit=5"] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    assert!(called.body.contains(r#"value="5""#), "what was typed is kept");

    let part = tom.post(&format!("{CALLS}?fragment=answer"), &[("to", "app"), ("app", &app)]).await;
    assert_eq!((part.header("x-fragment"), part.header("cache-control")), ("true", "no-store"));
    assert!(text(&part).contains("200 OK") && !part.body.contains("<html"));
}

#[sqlx::test]
async fn nobody_calls_as_an_app_that_they_do_not_act_for(db: PgPool) {
    let portal = with_demo(db, &[]).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Web shop").await;
    let form = [("to", "app"), ("app", app.as_str())];

    let elsewhere = portal.organization("Harrow Lane").await;
    let mut stranger = portal.member(elsewhere, Role::Owner).await;
    assert_eq!(stranger.post(CALLS, &form).await.status, StatusCode::NOT_FOUND);
    let mut viewer = portal.member(organization, Role::Viewer).await;
    assert_eq!(viewer.post(CALLS, &form).await.status, StatusCode::FORBIDDEN);
    assert!(!viewer.get(&format!("{CALLS}/new")).await.body.contains(&app));
    assert_eq!(portal.visitor().post(CALLS, &form).await.status, StatusCode::FORBIDDEN);
    let mut staff = portal.staff(StaffRole::Admin).await;
    assert_eq!(staff.post(CALLS, &form).await.status, StatusCode::FORBIDDEN);

    let refused = portal.visitor().post(&format!("{CALLS}?fragment=answer"), &form).await;
    assert_eq!((refused.status, refused.header("x-fragment")), (StatusCode::FORBIDDEN, "true"));
    assert!(text(&refused).contains("role developer"), "{}", refused.body);

    let request = Request::post(CALLS)
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let forged = tom.send_with(request, Body::from(format!("to=app&app={app}"))).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert!(!text(&forged).contains("200 OK"));
}

#[sqlx::test]
async fn calls_as_an_app_have_a_limit(db: PgPool) {
    let portal = with_demo(db, &[("VESTIBULE_KEY_RATE_LIMIT", "2")]).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Web shop").await;
    for expected in ["200 OK", "200 OK", "429 Too Many Requests"] {
        let called = tom.post(CALLS, &[("to", "app"), ("app", &app)]).await;
        assert!(text(&called).contains(expected), "{expected}: {}", text(&called));
    }
}

#[sqlx::test]
async fn anybody_calls_with_a_key_that_is_shown_nowhere(db: PgPool) {
    let portal = with_demo(db, &[]).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Web shop").await;
    let secret = key(&mut tom, &app).await;

    let mut anybody = portal.visitor();
    for path in [CALLS.to_owned(), format!("{CALLS}?fragment=answer")] {
        let called = anybody.post(&path, &[("to", "key"), ("key", &secret)]).await;
        assert!(text(&called).contains("200 OK"), "{}", text(&called));
        assert!(!called.body.contains(&secret), "{}", called.body);
    }
    let create = CALLS.replace("listShipments", "cancelShipment");
    let path = ("path.shipment_id", "shp_01kaj8f3t2e6v9q4m7x0");
    let refused = anybody.post(&create, &[("to", "key"), ("key", &secret), path, ("anyway", "yes")]).await;
    let shown = text(&refused);
    for part in ["403 Forbidden", "insufficient_scope", "What insufficient_scope means"] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    assert!(refused.body.contains("/errors#insufficient_scope"));

    let missing = anybody.post(CALLS, &[("to", "key"), ("key", "")]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(&missing).contains("Paste the key to call with."));
    let wrong = anybody.post(CALLS, &[("to", "key"), ("key", "vst_sandbox_nonsense")]).await;
    assert!(text(&wrong).contains("401 Unauthorized") && text(&wrong).contains("key_malformed"), "{}", text(&wrong));
}

#[sqlx::test]
async fn what_the_document_does_not_allow_is_sent_on_demand(db: PgPool) {
    let portal = with_demo(db, &[]).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Web shop").await;
    let calls = CALLS.replace("listShipments", "createShipment");
    let form = |body: &'static str| {
        [
            ("to", "app"),
            ("app", app.as_str()),
            ("header.Idempotency-Key", "k-1"),
            ("body.type", "0"),
            ("body.0.text", body),
        ]
    };
    let held = tom.post(&calls, &form(r#"{"reference": 7}"#)).await;
    let shown = text(&held);
    assert_eq!(held.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in [
        "Nothing was sent yet",
        "/reference This must be string.",
        "The property service is missing.",
        "Send it anyway",
    ] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    assert!(held.body.contains("aria-invalid=\"true\"") && !shown.contains("201 Created"));

    let unread = tom.post(&calls, &form("{\n  oops")).await;
    assert!(text(&unread).contains("Line 2, column 3:"), "{}", text(&unread));

    let mut meant = form("{\n  oops").to_vec();
    meant.push(("anyway", "yes"));
    assert!(text(&tom.post(&calls, &meant).await).contains("201 Created"));

    let filled = tom.post(&calls, &[form("{}").as_slice(), &[("fill", "0.1")]].concat()).await;
    assert!(filled.body.contains("BW-0147") && !text(&filled).contains("201 Created"), "the example is in the editor");
}

#[sqlx::test]
async fn the_line_for_a_shell_follows_the_form(db: PgPool) {
    let portal = with_demo(db, &[]).await;
    let mut anybody = portal.visitor();
    let form = [("to", "key"), ("query.state", "booked"), ("query.reference", "it's"), ("key", "vst_sandbox_secret")];
    let line = anybody.post(&format!("{CALLS}/sample"), &form).await;
    let shown = text(&line);
    assert!(shown.contains("/sandbox/parcels/2026-09/shipments?state=booked&amp;reference=it%27s"), "{shown}");
    assert!(shown.contains("Bearer $SANDBOX_KEY") && !shown.contains("vst_sandbox_secret"), "{shown}");
    let elsewhere = anybody.post(&format!("{CALLS}/sample"), &[("to", "server.0")]).await;
    assert!(text(&elsewhere).contains("https://api.larkfield.example/v1/shipments"), "{}", text(&elsewhere));
}

#[sqlx::test]
async fn what_cannot_be_seen_or_called_has_no_form(db: PgPool) {
    let portal = with_demo(db, &[]).await;
    let mut anybody = portal.visitor();
    for operation in ["nowhere/1/operations/x", "parcels/2026-09/operations/nothing"] {
        let path = format!("/docs/{operation}/calls");
        assert_eq!(anybody.get(&format!("{path}/new")).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(anybody.post(&path, &[("to", "key")]).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(anybody.post(&format!("{path}/sample"), &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let own = portal.portal.catalogue.current().find_api("vestibule").unwrap();
    let operation = &own.versions[0].document.operations()[0].id;
    let page = anybody.get(&format!("/docs/vestibule/v1/operations/{operation}")).await;
    assert!(page.status == StatusCode::OK && !page.body.contains("calls/new"), "its calls are real");
    let form = anybody.get(&format!("/docs/vestibule/v1/operations/{operation}/calls/new")).await;
    assert_eq!(form.status, StatusCode::NOT_FOUND);
}

/// A server that answers one call; gives its port, and what it was asked.
async fn server(answer: &'static str) -> (u16, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = vec![0; 4096];
        let length = stream.read(&mut asked).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&asked[..length]).into_owned()
    });
    (port, asked)
}

/// Publishes an API that is served on this machine.
async fn publish(portal: &TestPortal, port: u16) {
    let document = format!(
        r##"{{"openapi": "3.1.0", "info": {{"title": "Local", "version": "1"}},
            "servers": [{{"url": "http://127.0.0.1:{port}"}}],
            "components": {{"securitySchemes": {{"key": {{"type": "apiKey", "in": "header", "name": "X-Key"}}}}}},
            "paths": {{"/things": {{"get": {{"operationId": "list", "security": [{{"key": []}}],
                "responses": {{"200": {{"description": "x", "content": {{"application/json": {{"schema": {{"type": "array"}}}}}}}}}}}}}}}}}}"##
    );
    let request = ImportRequest {
        slug: "local".to_owned(),
        version: Some("1".to_owned()),
        file_name: "local.json".to_owned(),
        bytes: document.into(),
        publish: true,
        ..ImportRequest::default()
    };
    let actor = vestibule::audit::Actor::system("test");
    reference::import(&portal.portal.db, &actor, request).await.unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
}

const LOCAL: &str = "/docs/local/1/operations/list/calls";
const TO_SERVER: [(&str, &str); 2] = [("to", "server.0"), ("server.0.credential.0", "k-secret-1")];

#[sqlx::test]
async fn another_server_is_called_by_the_portal_for_people_it_knows(db: PgPool) {
    let portal = TestPortal::with(db, &[("VESTIBULE_OUTBOUND_ALLOW", "127.0.0.0/8")]).await;
    let (port, asked) = server("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: r-1\r\ncontent-length: 11\r\n\r\n{\"a\":\"<b>\"}").await;
    publish(&portal, port).await;
    assert_eq!(portal.visitor().post(LOCAL, &TO_SERVER).await.status, StatusCode::FORBIDDEN);

    let organization = portal.organization("Quillmere Books").await;
    let mut viewer = portal.member(organization, Role::Viewer).await;
    let called = viewer.post(LOCAL, &TO_SERVER).await;
    let asked = asked.await.unwrap();
    assert!(asked.starts_with("GET /things HTTP/1.1\r\n") && asked.contains("x-key: k-secret-1"), "{asked}");
    assert!(!asked.contains("cookie"), "the visitor's session stays here: {asked}");
    let shown = text(&called);
    for part in ["200 OK", "Differs from the document", "This must be array.", "r-1"] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    assert!(!called.body.contains("k-secret-1") && !called.body.contains("<b>"), "{}", called.body);
}

#[sqlx::test]
async fn a_long_answer_can_be_read_whole(db: PgPool) {
    let portal = TestPortal::with(db, &[("VESTIBULE_OUTBOUND_ALLOW", "127.0.0.0/8")]).await;
    let body = format!("{}<the end>", "line\n".repeat(20_000));
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length";
    let (port, _) = server(format!("{head}: {}\r\n\r\n{body}", body.len()).leak()).await;
    publish(&portal, port).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut viewer = portal.member(organization, Role::Viewer).await;
    let called = viewer.post(LOCAL, &TO_SERVER).await;
    let (beginning, rest) = called.body.split_once("Show all of it, 100.0 kB").expect("a way to read all of it");
    assert!(text(&called).contains("These are the first 65.5 kB. Download all 100.0 kB"), "{}", text(&called));
    assert!(rest.contains("&lt;the end&gt;") && !beginning.contains("the end"));
}

#[sqlx::test]
async fn a_server_inside_is_not_called(db: PgPool) {
    let portal = TestPortal::new(db).await;
    publish(&portal, 1).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut viewer = portal.member(organization, Role::Viewer).await;
    let refused = text(&viewer.post(LOCAL, &TO_SERVER).await);
    assert!(refused.contains("There is no answer") && !refused.contains("200 OK"), "{refused}");
}
