//! What a partner sees of the calls of its systems: the log, the counts, and no secret in either.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use secrecy::ExposeSecret;
use serde_json::json;
use sqlx::{PgPool, query_scalar};
use vestibule::{
    audit::Actor,
    db::OrganizationId,
    keys::{self, Environment, Minted, NewKey},
    name::Name,
    reference,
    tokens::{self, Holder, NewToken, Scope},
    web::Role,
};

use crate::portal::{Answer, TestPortal};

const SHIPMENTS: &str = "/sandbox/parcels/2026-09/shipments";

/// A portal with the demo's API, an organization, and a key of an app of it.
struct Scene {
    portal: TestPortal,
    organization: OrganizationId,
    secret: String,
    key: String,
    app: String,
}

impl Scene {
    async fn new(db: PgPool) -> Self {
        let portal = TestPortal::new(db).await;
        reference::load_demo(&portal.portal.db, &portal.portal.config.content_dir).await.unwrap();
        portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
        let organization = portal.organization("Quillmere Books").await;
        let (app, key, secret) = issue(&portal, organization, "Checkout").await;
        Self { portal, organization, secret, key, app }
    }

    async fn call(&self, path: &str) -> Answer {
        self.portal.visitor().call(Method::GET, path, &self.secret, None).await
    }

    async fn flush(&self) {
        let parts = &self.portal.portal;
        parts.usage.flush(&parts.db, &parts.catalogue.current()).await.unwrap();
    }

    /// The page of the newest call.
    async fn newest(&self) -> String {
        let id: uuid::Uuid = query_scalar("select id from sandbox_call order by id desc limit 1")
            .fetch_one(&self.portal.portal.db)
            .await
            .unwrap();
        format!("/dashboard/calls/{}", vestibule::db::CallId(id))
    }

    async fn token(&self, organization: OrganizationId, scopes: &[Scope]) -> String {
        let holder = Holder::Organization(organization);
        let new = NewToken { holder, name: Name::parse("Nightly sync").unwrap(), scopes: scopes.to_vec() };
        let mut tx = self.portal.portal.db.begin().await.unwrap();
        let actor = Actor::system("test");
        let issued = tokens::issue(&mut tx, &self.portal.portal.vault, "vst", &actor, new).await.unwrap();
        tx.commit().await.unwrap();
        issued.secret.expose_secret().to_owned()
    }
}

async fn issue(portal: &TestPortal, organization: OrganizationId, name: &str) -> (String, String, String) {
    let parts = &portal.portal;
    let (actor, name) = (Actor::system("test"), Name::parse(name).unwrap());
    let app = vestibule::apps::create(&parts.db, &actor, organization, &name).await.unwrap();
    let new = NewKey {
        name: Name::parse("Staging").unwrap(),
        environment: Environment::Sandbox,
        scopes: vec!["shipments:read".into()],
    };
    let minted = Minted::new(&parts.vault, "vst", Environment::Sandbox);
    let issued = keys::issue(&parts.db, &Actor::system("test"), &app, new, minted).await.unwrap();
    (app.id.to_string(), issued.key.id.to_string(), issued.secret.expose_secret().to_owned())
}

#[sqlx::test]
async fn a_partner_sees_a_call_with_both_of_its_sides(db: PgPool) {
    let scene = Scene::new(db).await;
    let mut ines = scene.portal.member(scene.organization, Role::Viewer).await;
    let empty = ines.get("/dashboard/calls").await.body;
    assert!(empty.contains("No calls yet") && empty.contains("$SANDBOX_KEY"), "the empty log teaches");
    assert!(ines.get("/dashboard/usage").await.body.contains("No calls in this time"));

    assert_eq!(scene.call(&format!("{SHIPMENTS}?limit=2")).await.status, StatusCode::OK);
    let refused =
        scene.portal.visitor().call(Method::POST, SHIPMENTS, &scene.secret, Some(json!({ "a": "ü<b>" }))).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "the key lacks the scope");
    scene.flush().await;

    let list = ines.get("/dashboard/calls").await.body;
    for shown in
        ["/sandbox/parcels/2026-09/shipments?limit=2", "listShipments", "createShipment", "403", "Checkout", "Staging"]
    {
        assert!(list.contains(shown), "{shown}");
    }
    assert!(list.contains("href=\"/docs/parcels/2026-09/operations/listShipments\""));
    assert!(list.contains("href=\"/docs/vestibule/v1/errors#insufficient_scope\""));

    let path = scene.newest().await;
    assert!(list.contains(&path));
    let shown = ines.get(&path).await.body;
    for part in ["insufficient_scope", "ü&lt;b&gt;", "content-type: application/json", "application/problem+json"] {
        assert!(shown.contains(part), "{part}");
    }
    assert!(shown.contains("$SANDBOX_KEY"), "it can be made again");
    assert!(!shown.contains(&scene.secret[12..]));

    let mut stranger = scene.portal.member(scene.portal.organization("Elsewhere").await, Role::Owner).await;
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    assert!(!stranger.get("/dashboard/calls").await.body.contains("shipments?limit=2"));
}

#[sqlx::test]
async fn the_log_is_searched_and_walked_by_its_address(db: PgPool) {
    let scene = Scene::new(db).await;
    let mut ines = scene.portal.member(scene.organization, Role::Viewer).await;
    for number in 0..60 {
        scene.call(&format!("{SHIPMENTS}?number={number:02}x")).await;
    }
    scene.call("/sandbox/parcels/2026-09/nothing").await;
    scene.flush().await;

    let first = ines.get("/dashboard/calls").await.body;
    assert!(first.contains("number=59x") && !first.contains("number=00x") && first.contains("Older calls"));
    let rest = first.split("href=\"/dashboard/calls?before=").nth(1).unwrap();
    let older = format!("/dashboard/calls?before={}", &rest[..rest.find('"').unwrap()]);
    let second = ines.get(&older).await.body;
    assert!(second.contains("number=00x") && !second.contains("number=59x") && second.contains("Newest calls"));

    // The limit of the key is 60 a minute: the last call was one too many.
    let count = |page: &str| page.matches("/dashboard/calls/call_").count();
    for (query, found) in [
        ("q=number%3D07x", 1),
        ("status=429", 1),
        ("status=4xx", 0),
        ("operation=listShipments&q=number%3D1", 10),
        ("operation=none", 0),
    ] {
        let page = ines.get(&format!("/dashboard/calls?{query}")).await.body;
        assert_eq!(count(&page), found, "{query}");
    }
    for query in [format!("key={}", scene.key), format!("app={}&q=number%3D00", scene.app)] {
        assert!(count(&ines.get(&format!("/dashboard/calls?{query}")).await.body) > 0, "{query}");
    }
    for odd in ["q=%00", "before=x&app=%00&key=..", "status=%27", "q=%25&operation=%3Cimg%20src%3Dx%3E"] {
        let page = ines.get(&format!("/dashboard/calls?{odd}")).await;
        assert_eq!(page.status, StatusCode::OK, "{odd}");
        assert!(!page.body.contains("<img src=x>"), "{odd}");
    }
}

#[sqlx::test]
async fn usage_is_drawn_with_its_numbers_behind_it(db: PgPool) {
    let scene = Scene::new(db).await;
    let mut ines = scene.portal.member(scene.organization, Role::Viewer).await;
    for _ in 0..60 {
        scene.call(SHIPMENTS).await;
    }
    scene.call(SHIPMENTS).await;
    scene.flush().await;

    for range in ["24h", "7d", "30d", "12m", "nonsense"] {
        let page = ines.get(&format!("/dashboard/usage?range={range}&key={}", scene.key)).await;
        assert_eq!(page.status, StatusCode::OK, "{range}");
        assert_eq!(page.body.matches("role=\"img\"").count(), 2, "{range}");
        assert!(page.body.contains("61 calls in the last"), "{range}");
        assert!(
            page.body.contains("fill=\"url(#calls-ok)\"") && page.body.contains("fill=\"url(#calls-none)\""),
            "{range}"
        );
        assert!(page.body.contains("as a table") && page.body.contains("UTC"), "{range}");
        assert!(!page.body.contains("style="), "the policy would refuse it");
    }
    let page = ines.get("/dashboard/usage").await.body;
    assert!(page.contains("listShipments") && page.contains("Last errors") && page.contains("/dashboard/calls/call_"));
    let key = ines.get(&format!("/dashboard/keys/{}", scene.key)).await.body;
    assert!(key.contains("Calls in 24 hours") && key.contains(&format!("/dashboard/usage?key={}", scene.key)));

    let mut stranger = scene.portal.member(scene.portal.organization("Elsewhere").await, Role::Owner).await;
    assert!(stranger.get(&format!("/dashboard/usage?key={}", scene.key)).await.body.contains("No calls in this time"));
}

#[sqlx::test]
async fn the_csv_has_a_head_and_no_formula(db: PgPool) {
    let scene = Scene::new(db).await;
    let (_, _, hostile) = issue(&scene.portal, scene.organization, "=HYPERLINK(\"x\",\"y\")").await;
    scene.portal.visitor().call(Method::GET, SHIPMENTS, &hostile, None).await;
    scene.call(SHIPMENTS).await;
    scene.flush().await;
    let mut ines = scene.portal.member(scene.organization, Role::Viewer).await;
    let file = ines.get("/dashboard/usage.csv?range=24h").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"usage-24h.csv\"");
    let lines: Vec<&str> = file.body.split("\r\n").collect();
    assert_eq!(
        lines[0],
        "start_utc,app,app_name,key,key_name,api,version,operation,status_class,calls,p50_ms,p95_ms,p99_ms"
    );
    assert_eq!((lines.len(), lines[3]), (4, ""), "{}", file.body);
    assert!(file.body.contains(",\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\",") && !file.body.contains(",="), "{}", file.body);
    assert!(file.body.contains(",Checkout,") && file.body.contains(",parcels,2026-09,listShipments,2xx,1,"));
}

#[sqlx::test]
async fn programs_read_calls_and_usage(db: PgPool) {
    let scene = Scene::new(db).await;
    for _ in 0..3 {
        scene.call(SHIPMENTS).await;
    }
    scene.flush().await;
    let both = scene.token(scene.organization, &[Scope::CallsRead, Scope::UsageRead]).await;
    let get = async |path: &str, token: &str| scene.portal.visitor().call(Method::GET, path, token, None).await;

    let first = get("/api/v1/calls?limit=2", &both).await.json();
    assert_eq!(first["data"].as_array().unwrap().len(), 2);
    assert_eq!((&first["data"][0]["operation"], &first["data"][0]["status"]), (&json!("listShipments"), &json!(200)));
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = get(&format!("/api/v1/calls?limit=2&cursor={cursor}"), &both).await.json();
    assert_eq!((second["data"].as_array().unwrap().len(), &second["next_cursor"]), (1, &json!(null)));

    let path = format!("/api/v1/calls/{}", first["data"][0]["id"].as_str().unwrap());
    let call = get(&path, &both).await.json();
    let authorization =
        call["request"]["headers"].as_array().unwrap().iter().find(|header| header["name"] == "authorization");
    assert_eq!(authorization.unwrap()["value"], "[redacted]");
    assert!(call["response"]["body"].as_str().unwrap().contains("data"), "{call}");

    let usage = get(&format!("/api/v1/usage?range=7d&key={}", scene.key), &both).await.json();
    assert_eq!(usage["periods"].as_array().unwrap().len(), 28);
    assert_eq!(usage["periods"][27]["calls"]["2xx"], 3);
    assert_eq!(
        (&usage["operations"][0]["operation"], &usage["operations"][0]["calls"]),
        (&json!("listShipments"), &json!(3))
    );
    assert_eq!(get("/api/v1/usage?range=8d", &both).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(get("/api/v1/calls?status=7", &both).await.status, StatusCode::BAD_REQUEST);

    let stranger =
        scene.token(scene.portal.organization("Elsewhere").await, &[Scope::CallsRead, Scope::UsageRead]).await;
    assert_eq!(get(&path, &stranger).await.status, StatusCode::NOT_FOUND);
    assert_eq!(get("/api/v1/calls", &stranger).await.json()["data"], json!([]));
    let counts = scene.token(scene.organization, &[Scope::UsageRead]).await;
    assert_eq!(get("/api/v1/calls", &counts).await.status, StatusCode::FORBIDDEN, "bodies take a scope of their own");
}

#[sqlx::test]
async fn no_table_has_a_secret(db: PgPool) {
    let scene = Scene::new(db).await;
    let (secret, password) = (&scene.secret, "plum-tram-otter-quiz");
    let sent = |method: Method, path: String| Request::builder().method(method).uri(path).header("x-api-key", secret);
    let json = format!(
        r#"{{"key":"{secret}","note":"x {secret} y","password":"{password}","deep":{{"api_key":"{password}"}}}}"#
    );
    let form = format!("password={password}&note={secret}&token={password}");
    let calls = [
        (sent(Method::GET, format!("{SHIPMENTS}?api_key={secret}&x={secret}&password={password}")), Body::empty()),
        (
            sent(Method::GET, format!("{SHIPMENTS}/{secret}"))
                .header("x-note", secret)
                .header("cookie", format!("a={password}")),
            Body::empty(),
        ),
        (sent(Method::GET, format!("/sandbox/{secret}/{secret}/{secret}")), Body::empty()),
        (
            sent(Method::POST, SHIPMENTS.to_owned()).header(header::CONTENT_TYPE, "application/json"),
            Body::from(json.clone()),
        ),
        (sent(Method::POST, SHIPMENTS.to_owned()).header(header::CONTENT_TYPE, "text/plain"), Body::from(json)),
        (
            sent(Method::POST, SHIPMENTS.to_owned()).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
            Body::from(form),
        ),
    ];
    let count = calls.len();
    for (request, body) in calls {
        let status = scene.portal.visitor().send_with(request, body).await.status;
        assert!(!status.is_server_error() || status == StatusCode::NOT_IMPLEMENTED, "{status}");
    }
    scene.call(SHIPMENTS).await;
    scene.flush().await;

    let dump = dump(&scene.portal.portal.db).await;
    let logged = dump.iter().find(|(table, _)| table == "sandbox_call").map(|(_, rows)| rows.lines().count());
    assert!(logged.is_some_and(|rows| rows > count), "the calls were written down");
    let random = &secret["vst_sandbox_".len()..secret.len() - 6];
    for (table, rows) in &dump {
        assert!(!rows.contains(random), "a key is in {table}");
        assert!(!rows.contains(password), "a password is in {table}");
    }
}

/// Every table's rows, as text.
async fn dump(db: &PgPool) -> Vec<(String, String)> {
    let tables: Vec<String> =
        query_scalar("select table_name::text from information_schema.tables where table_schema = 'public'")
            .fetch_all(db)
            .await
            .unwrap();
    let mut dump = Vec::new();
    for table in tables {
        let statement = format!("select coalesce(string_agg(t::text, E'\\n'), '') from {table} t");
        let rows: String = query_scalar(sqlx::AssertSqlSafe(statement)).fetch_one(db).await.unwrap();
        dump.push((table, rows));
    }
    dump
}
