//! The reference for programs: Markdown, Postman, what crawlers and language models ask for.

use std::path::Path;

use axum::http::{Request, StatusCode, header};
use sqlx::PgPool;
use vestibule::{audit::Actor, reference::ImportRequest};

use crate::portal::TestPortal;

const OPERATION: &str = "/docs/parcels/2026-09/operations/createShipment";
const MARKDOWN: &str = "text/markdown; charset=utf-8";

async fn demo(db: PgPool) -> TestPortal {
    let portal = TestPortal::new(db).await;
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    vestibule::reference::load_demo(&portal.portal.db, &content).await.unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    portal
}

async fn publish(portal: &TestPortal, slug: &str, document: &str) {
    let bytes = document.as_bytes().to_vec();
    let request = ImportRequest {
        slug: slug.into(),
        file_name: "a.yaml".into(),
        bytes,
        publish: true,
        ..ImportRequest::default()
    };
    vestibule::reference::import(&portal.portal.db, &Actor::system("test"), request).await.unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
}

#[sqlx::test]
async fn every_page_of_the_reference_and_every_guide_is_markdown_too(db: PgPool) {
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
    for path in paths {
        let page = visitor.get(&path).await;
        assert!(
            page.body.contains(&format!("type=\"text/markdown\" href=\"{path}.md\"")),
            "{path} does not name its text"
        );
        let text = visitor.get(&format!("{path}.md")).await;
        assert_eq!((text.status, text.header("content-type")), (StatusCode::OK, MARKDOWN), "{path}");
        assert!(text.body.starts_with("# ") && text.body.ends_with('\n'), "{path}: {}", text.body);
    }
}

#[sqlx::test]
async fn links_between_texts_lead_to_texts(db: PgPool) {
    let portal = demo(db).await;
    let mut visitor = portal.visitor();
    let mut open = vec!["/docs.md".to_owned()];
    let mut seen = open.clone();
    while let Some(path) = open.pop() {
        let text = visitor.get(&path).await;
        assert_eq!(text.status, StatusCode::OK, "{path}");
        for link in text.body.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let is_text = link.starts_with('/') && link.ends_with(".md");
            if is_text && !seen.iter().any(|known| known == link) {
                seen.push(link.to_owned());
                open.push(link.to_owned());
            }
        }
    }
    assert!(seen.iter().any(|path| path == &format!("{OPERATION}.md")), "{seen:?}");
    assert!(seen.len() > 100, "{}", seen.len());
}

#[sqlx::test]
async fn a_text_says_what_a_caller_needs_and_is_sent_once(db: PgPool) {
    let portal = demo(db).await;
    let mut visitor = portal.visitor();
    let text = visitor.get(&format!("{OPERATION}.md")).await;
    for part in [
        "# Create a shipment\n",
        "`POST /shipments`",
        "`shipments:write`",
        "- `Idempotency-Key` (string",
        "/sandbox/parcels/2026-09/shipments",
        "](/docs/parcels/2026-09/schemas/NewShipment.md)",
        "- `reference_taken` (409",
        "```json\n",
        "curl -X POST",
    ] {
        assert!(text.body.contains(part), "{part} is missing: {}", text.body);
    }
    let known = Request::get(format!("{OPERATION}.md")).header(header::IF_NONE_MATCH, text.header("etag"));
    let again = visitor.send(known).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
}

#[sqlx::test]
async fn who_asks_for_markdown_gets_it_at_the_pages_own_address(db: PgPool) {
    let portal = demo(db).await;
    let mut visitor = portal.visitor();
    for path in [OPERATION, "/docs", "/docs/parcels", "/guides/quickstart", "/guides"] {
        let text = visitor.send(Request::get(path).header(header::ACCEPT, "text/markdown, */*;q=0.1")).await;
        assert_eq!(text.header("content-type"), MARKDOWN, "{path}");
        assert!(text.headers.get_all("vary").iter().any(|vary| vary == "accept"), "{path}");
        let page = visitor.send(Request::get(path).header(header::ACCEPT, "text/html,*/*;q=0.8")).await;
        assert!(page.body.starts_with("<!DOCTYPE html>"), "{path}");
        assert!(page.headers.get_all("vary").iter().any(|vary| vary == "accept"), "{path}");
    }
}

#[sqlx::test]
async fn a_version_that_is_named_like_a_text_is_the_version(db: PgPool) {
    let portal = TestPortal::new(db).await;
    for version in ["1", "1.md"] {
        publish(
            &portal,
            "files",
            &format!("openapi: 3.1.0\ninfo: {{title: Files, version: '{version}'}}\npaths: {{}}\n"),
        )
        .await;
    }
    let mut visitor = portal.visitor();
    let page = visitor.get("/docs/files/1.md").await;
    assert!(page.body.starts_with("<!DOCTYPE html>"), "{}", page.body);
    let text = visitor.get("/docs/files/1.md.md").await;
    assert!(text.body.contains("Files 1.md (stable)"), "{}", text.body);
    let other = visitor.send(Request::get("/docs/files/1").header(header::ACCEPT, "text/markdown")).await;
    assert!(other.body.contains("Files 1 (stable)"), "{}", other.body);
}

#[sqlx::test]
async fn what_is_not_there_has_no_text(db: PgPool) {
    let portal = demo(db).await;
    let mut visitor = portal.visitor();
    for path in [
        "/docs/nobody.md",
        "/docs/parcels/1999.md",
        "/docs/parcels/2026-09/operations/nothing.md",
        "/docs/parcels/2026-09/schemas/Nothing.md",
        "/docs/parcels/2026-09/webhooks/nothing.md",
        "/docs/nobody/1/errors.md",
        "/docs/parcels/1999/schemas.md",
        "/docs/parcels/2026-09/openapi.json.md",
        "/docs/parcels/1999/postman.json",
        "/guides/nothing.md",
        "/guides/quickstart.md.md",
        "/sitemap.xml?part=2",
        "/login.md",
    ] {
        assert_eq!(visitor.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[sqlx::test]
async fn a_postman_collection_calls_the_sandbox(db: PgPool) {
    let portal = demo(db).await;
    let mut visitor = portal.visitor();
    let answer = visitor.get("/docs/parcels/2026-09/postman.json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    let collection = answer.json();
    let base = portal.portal.config.base_url.join("/sandbox/parcels/2026-09");
    assert_eq!(collection["variable"][0]["value"], base.as_str());
    assert_eq!(collection["variable"][1]["value"], "", "no secret is in it");
    let known = Request::get("/docs/parcels/2026-09/postman.json").header(header::IF_NONE_MATCH, answer.header("etag"));
    assert_eq!(visitor.send(known).await.status, StatusCode::NOT_MODIFIED);
    assert!(visitor.get("/docs/parcels/2026-09").await.body.contains("/docs/parcels/2026-09/postman.json"));

    sqlx::query("update api set name = 'Parcels, renamed'").execute(&portal.portal.db).await.unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    let renamed = visitor.get("/docs/parcels/2026-09/postman.json").await.json();
    assert_eq!(renamed["info"]["name"], "Parcels, renamed 2026-09", "what is remembered is not out of date");
}

#[sqlx::test]
async fn language_models_find_their_way(db: PgPool) {
    let portal = demo(db).await;
    let mut visitor = portal.visitor();
    let index = visitor.get("/llms.txt").await;
    assert_eq!(index.header("content-type"), "text/plain; charset=utf-8");
    let lines: Vec<&str> = index.body.lines().filter(|line| !line.is_empty()).collect();
    assert!(lines[0].starts_with("# ") && lines[1].starts_with("> "), "{}", index.body);
    let base = portal.portal.config.base_url.as_str().trim_end_matches('/').to_owned();
    let links: Vec<&str> = index
        .body
        .lines()
        .filter(|line| line.starts_with("- ["))
        .filter_map(|line| line.split("](").nth(1)?.split(')').next())
        .collect();
    assert!(links.contains(&format!("{base}{OPERATION}.md").as_str()), "{}", index.body);
    assert!(links.len() > 30);
    for link in links {
        let path = link.strip_prefix(&base).unwrap_or_else(|| panic!("{link} is not absolute"));
        assert_eq!(visitor.get(path).await.status, StatusCode::OK, "{link}");
    }
    let full = visitor.get("/llms-full.txt").await.body;
    let operation = visitor.get(&format!("{OPERATION}.md")).await.body;
    assert!(full.contains(&operation), "an operation is in it as its text is");
    assert!(full.contains("\n# Authentication\n") && full.contains("\n# NewShipment\n"), "guides and schemas are");
    assert!(!full.contains("/docs/parcels/2026-03/operations/createShipment"), "older versions are not");
}

#[sqlx::test]
async fn an_api_that_is_too_large_for_a_menu_is_told_by_its_overview(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let paths: String =
        (0..200).map(|n| format!("  /p{n}: {{get: {{operationId: call{n}, responses: {{}}}}}}\n")).collect();
    publish(&portal, "large", &format!("openapi: 3.1.0\ninfo: {{title: Large, version: '1'}}\npaths:\n{paths}")).await;
    let mut visitor = portal.visitor();
    let index = visitor.get("/llms.txt").await.body;
    assert!(index.contains("/docs/large/1.md") && !index.contains("/operations/call7.md"), "{index}");
    let full = visitor.get("/llms-full.txt").await.body;
    assert!(full.contains("](/docs/large/1/operations/call199.md)") && !full.contains("\n# call7\n"), "{full}");
}

#[sqlx::test]
async fn crawlers_find_every_page_that_everybody_may_see(db: PgPool) {
    let portal = demo(db).await;
    let mut visitor = portal.visitor();
    let base = portal.portal.config.base_url.as_str().trim_end_matches('/').to_owned();
    let robots = visitor.get("/robots.txt").await.body;
    assert!(
        robots.contains("Disallow: /admin\n") && robots.contains(&format!("Sitemap: {base}/sitemap.xml\n")),
        "{robots}"
    );
    let sitemap = visitor.get("/sitemap.xml").await;
    assert_eq!(sitemap.header("content-type"), "application/xml");
    let pages: Vec<&str> = sitemap.body.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next()).collect();
    assert!(pages.contains(&format!("{base}{OPERATION}").as_str()) && pages.len() > 100, "{}", sitemap.body);
    for page in pages {
        let path = page.strip_prefix(&base).unwrap_or_else(|| panic!("{page} is not absolute"));
        assert_eq!(visitor.get(path).await.status, StatusCode::OK, "{page}");
    }
    sqlx::query("update api_version set state = 'retired', sunset_on = '2026-01-01' where name = '2026-03'")
        .execute(&portal.portal.db)
        .await
        .unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    assert!(!visitor.get("/sitemap.xml").await.body.contains("/2026-03/"), "what no longer works is not offered");
}
