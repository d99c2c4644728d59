//! The reference: import, publication, the pages that partners read, and the guides.

use std::path::Path;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use sqlx::PgPool;
use vestibule::{
    audit::{self, Filter},
    reference::load_demo,
    web::{Code, Role, StaffRole},
};

use crate::portal::{Answer, TestPortal, Visitor};

const BOOKS: &str = r##"
openapi: 3.1.0
info: {title: Books API, version: "1"}
paths:
  /books:
    get:
      operationId: listBooks
      summary: List books
      description: "**All** of them. <script>alert(1)</script>"
      responses:
        "200":
          description: A list.
          content: {application/json: {schema: {$ref: "#/components/schemas/Nobody"}}}
"##;

pub async fn demo(db: PgPool) -> TestPortal {
    let portal = TestPortal::new(db).await;
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    load_demo(&portal.portal.db, &content).await.unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    portal
}

pub async fn upload(visitor: &mut Visitor<'_>, slug: &str, version: &str, file: &str, bytes: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in [("slug", slug), ("version", version)] {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head = format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file}\"\r\n\r\n");
    body.extend(head.bytes());
    body.extend(bytes);
    body.extend(b"\r\n--x--\r\n");
    let request = Request::post("/admin/apis")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    visitor.send_with(request, Body::from(body)).await
}

#[sqlx::test]
async fn an_editor_imports_a_document_sees_the_doubts_and_publishes_it(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    assert!(editor.get("/admin/apis").await.body.contains("No API yet"));
    let answer = upload(&mut editor, "books", "", "books.yaml", BOOKS.as_bytes()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.location(), "/admin/apis/books/versions/1");

    let report = editor.get("/admin/apis/books/versions/1").await.body;
    assert!(report.contains("Its one operation was read."), "{report}");
    assert!(report.contains("Unresolved reference, 1 place"), "{report}");
    assert!(report.contains("/paths/~1books/get/responses/200/content/application~1json/schema"), "{report}");
    assert_eq!(portal.visitor().get("/docs/books").await.status, StatusCode::NOT_FOUND);

    let published = editor.post("/admin/apis/books/versions/1/publication", &[]).await;
    assert_eq!(published.status, StatusCode::SEE_OTHER);
    let page = portal.visitor().get("/docs/books/1/operations/listBooks").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("<strong>All</strong> of them."), "{}", page.body);
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert!(page.body.contains("leads nowhere in this document"), "{}", page.body);

    let entries = audit::list(&portal.portal.db, Filter::default(), 10).await.unwrap();
    let actions: Vec<_> = entries.iter().map(|entry| entry.action.as_str()).collect();
    for action in ["api.created", "api_version.imported", "api_version.published"] {
        assert!(actions.contains(&action), "{actions:?}");
    }
}

#[sqlx::test]
async fn what_cannot_be_read_is_refused_in_place_and_stores_nothing(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    let cases: [(&[u8], &str); 4] = [
        (b"swagger: '2.0'\ninfo: {}\n", "is a Swagger 2.0 document"),
        (b"openapi: 3.1.0\npaths: [\n", "is not valid YAML"),
        (b"title: not an API\n", "is not an OpenAPI document"),
        (b"", "The file is empty."),
    ];
    for (bytes, sentence) in cases {
        let answer = upload(&mut editor, "books", "1", "books.yaml", bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(sentence), "{sentence}: {}", answer.body);
        assert!(answer.body.contains("Nothing was stored."));
        assert!(answer.body.contains(r#"value="books""#), "what was typed is kept");
    }
    let answer = upload(&mut editor, "My Books", "1", "books.yaml", BOOKS.as_bytes()).await;
    assert!(answer.body.contains("The name must be 1 to 64 lowercase letters"), "{}", answer.body);
    let stored: i64 = sqlx::query_scalar("select count(*) from api").fetch_one(&portal.portal.db).await.unwrap();
    assert_eq!(stored, 0);
}

#[sqlx::test]
async fn a_file_that_is_too_large_is_refused_without_being_read_whole(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    let answer = upload(&mut editor, "books", "1", "books.yaml", &vec![b' '; 66 * 1024 * 1024]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("The file is larger than 64 MiB"), "{}", answer.body);
}

#[sqlx::test]
async fn a_published_version_changes_its_state_and_nothing_else(db: PgPool) {
    let portal = demo(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    let path = "/admin/apis/parcels/versions/2026-09";
    let refused = editor.post(&format!("{path}/state"), &[("state", "stable"), ("sunset_on", "2027-03-31")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let endless = editor.post(&format!("{path}/state"), &[("state", "deprecated"), ("sunset_on", "")]).await;
    assert!(endless.body.contains("Say until when a deprecated version works."), "{}", endless.body);
    assert_eq!(editor.post(&format!("{path}/deletion"), &[]).await.status, StatusCode::FORBIDDEN);

    let form = [("state", "deprecated"), ("sunset_on", "2028-01-31")];
    assert_eq!(editor.post(&format!("{path}/state"), &form).await.status, StatusCode::SEE_OTHER);
    let page = portal.visitor().get("/docs/parcels/2026-09").await.body;
    assert!(page.contains("Version 2026-09 is deprecated and ends on 31 January 2028"), "{page}");
}

#[sqlx::test]
async fn a_draft_can_be_deleted(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    upload(&mut editor, "books", "1", "books.yaml", BOOKS.as_bytes()).await;
    let answer = editor.post("/admin/apis/books/versions/1/deletion", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(editor.get("/admin/apis/books/versions/1").await.status, StatusCode::NOT_FOUND);
    assert!(editor.get("/admin/apis").await.body.contains("No API yet"));
}

#[sqlx::test]
async fn support_reads_reports_and_changes_nothing(db: PgPool) {
    let portal = demo(db).await;
    let mut support = portal.staff(StaffRole::Support).await;
    let report = support.get("/admin/apis/parcels/versions/2026-09").await;
    assert_eq!(report.status, StatusCode::OK);
    assert!(!report.body.contains("Save state"));
    assert_eq!(support.get("/admin/apis/new").await.status, StatusCode::FORBIDDEN);
    let organization = portal.organization("Quillmere Books").await;
    let mut partner = portal.member(organization, Role::Owner).await;
    assert_eq!(partner.get("/admin/apis").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test]
async fn an_operation_shows_what_a_caller_needs(db: PgPool) {
    let portal = demo(db).await;
    let mut visitor = portal.visitor();
    let page = visitor.get("/docs/parcels/2026-09/operations/createShipment").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [
        "<h1>Create a shipment</h1>",
        "/sandbox/parcels/2026-09/shipments",
        "Idempotency-Key",
        "shipments:write",
        "1 to 64 characters",
        "Address, 7 properties",
        "reference_taken",
        "id=\"responses\"",
        "List shipments",
    ] {
        assert!(page.body.contains(part), "{part} is missing");
    }
    assert_eq!(page.body.matches("<h1").count(), 1);
    assert!(!page.body.contains("is deprecated"));
}

#[sqlx::test]
async fn a_page_of_an_older_version_leads_to_the_same_operation_in_the_newest(db: PgPool) {
    let portal = demo(db).await;
    let page = portal.visitor().get("/docs/parcels/2026-03/operations/createShipment").await.body;
    assert!(page.contains("Version 2026-03 is deprecated and ends on 31 March 2027"), "{page}");
    assert!(page.contains("href=\"/docs/parcels/2026-09/operations/createShipment\""), "{page}");
}

#[sqlx::test]
async fn every_page_of_the_demo_and_of_the_portals_own_api_is_there(db: PgPool) {
    let portal = demo(db).await;
    let mut visitor = portal.visitor();
    let mut paths: Vec<String> = vec!["/docs".into(), "/guides".into()];
    for api in &portal.portal.catalogue.current().apis {
        paths.push(format!("/docs/{}", api.slug));
        for version in &api.versions {
            let base = format!("/docs/{}/{}", api.slug, version.name);
            paths.extend(["", "/errors", "/schemas", "/webhooks"].map(|part| format!("{base}{part}")));
            let document = &version.document;
            paths.extend(document.operations().iter().map(|operation| format!("{base}/operations/{}", operation.id)));
            paths.extend(document.schemas().iter().map(|schema| format!("{base}/schemas/{}", schema.id)));
            paths.extend(document.webhooks().iter().map(|webhook| format!("{base}/webhooks/{}", webhook.id)));
        }
    }
    paths.extend(portal.portal.guides.all().iter().map(|guide| guide.path()));
    assert!(paths.len() > 100);
    for path in paths {
        let page = visitor.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.body.matches("<h1").count(), 1, "{path}");
        assert!(page.body.contains("aria-current"), "{path} marks no place in its menus");
    }
}

#[sqlx::test]
async fn links_of_the_guides_into_the_reference_lead_somewhere(db: PgPool) {
    let portal = demo(db).await;
    let mut visitor = portal.visitor();
    for guide in portal.portal.guides.all() {
        for link in guide.html.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next()) {
            if link.starts_with("docs") || link.starts_with("guides") {
                let path = format!("/{}", link.split('#').next().unwrap());
                assert_eq!(visitor.get(&path).await.status, StatusCode::OK, "{path} in {}", guide.slug);
            }
        }
    }
}

#[sqlx::test]
async fn what_is_not_there_is_not_found(db: PgPool) {
    let portal = demo(db).await;
    let mut visitor = portal.visitor();
    for path in [
        "/docs/nobody",
        "/docs/parcels/1999",
        "/docs/parcels/2026-09/operations/nothing",
        "/docs/parcels/2026-09/schemas/Nothing",
        "/docs/parcels/2026-09/webhooks/nothing",
        "/docs/parcels/2026-09?tag=nothing",
        "/docs/nobody/1/openapi.json",
        "/guides/nothing",
        "/guides/..%2f..%2fCargo",
    ] {
        assert_eq!(visitor.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[sqlx::test]
async fn the_document_is_served_as_it_came_and_in_the_other_notation(db: PgPool) {
    let portal = demo(db).await;
    let mut visitor = portal.visitor();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/apis/parcels/2026-09.yaml");
    let yaml = visitor.get("/docs/parcels/2026-09/openapi.yaml").await;
    assert_eq!(yaml.header("content-type"), "application/yaml");
    assert_eq!(yaml.body, std::fs::read_to_string(file).unwrap());

    let json = visitor.get("/docs/parcels/2026-09/openapi.json").await;
    assert_eq!(json.header("content-type"), "application/json");
    assert_eq!(json.json()["paths"]["/shipments"]["post"]["operationId"], "createShipment");
    let known = Request::get("/docs/parcels/2026-09/openapi.json").header(header::IF_NONE_MATCH, json.header("etag"));
    assert_eq!(visitor.send(known).await.status, StatusCode::NOT_MODIFIED);

    let own = visitor.get("/docs/vestibule/v1/openapi.yaml").await;
    assert!(own.status == StatusCode::OK && own.body.contains("openapi:"), "{}", own.body);
}

#[sqlx::test]
async fn every_error_code_of_the_portal_has_its_place_in_the_catalogue(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let page = portal.visitor().get("/docs/vestibule/v1/errors").await.body;
    for code in Code::ALL {
        assert!(page.contains(&format!("<tr id=\"{}\"", code.as_str())), "{} is missing", code.as_str());
    }
}

#[sqlx::test]
async fn an_apis_own_error_codes_are_gathered_from_its_document(db: PgPool) {
    let portal = demo(db).await;
    let page = portal.visitor().get("/docs/parcels/2026-09/errors").await.body;
    for code in ["reference_taken", "rate_limited", "insufficient_scope"] {
        assert!(page.contains(&format!("<tr id=\"{code}\"")), "{code} is missing");
    }
}

#[sqlx::test]
async fn a_page_is_sent_again_until_something_is_published(db: PgPool) {
    let portal = demo(db).await;
    let mut visitor = portal.visitor();
    let path = "/docs/parcels/2026-09/operations/createShipment";
    let first = visitor.get(path).await;
    let again = visitor.get(path).await;
    assert_eq!((first.status, &first.body), (StatusCode::OK, &again.body));
    let tag = first.headers[header::ETAG].clone();
    let known = Request::get(path).header(header::IF_NONE_MATCH, tag.clone());
    assert_eq!(visitor.send_with(known, Body::empty()).await.status, StatusCode::NOT_MODIFIED);

    sqlx::query("update api_version set state = 'deprecated' where name = '2026-09'")
        .execute(&portal.portal.db)
        .await
        .unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    let changed = visitor.get(path).await;
    assert!(changed.body.contains("Deprecated") && changed.headers[header::ETAG] != tag);

    let acme = portal.organization("Acme").await;
    let mut partner = portal.member(acme, Role::Viewer).await;
    let own = partner.get(path).await;
    assert!(
        own.body.contains("Acme") && !visitor.get(path).await.body.contains("Acme"),
        "a reader sees only their own frame"
    );
}
