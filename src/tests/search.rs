//! The search: its page, and what appears while somebody types.

use std::path::Path;

use axum::http::StatusCode;
use sqlx::PgPool;
use vestibule::{reference::load_demo, search, web::Role};

use crate::portal::TestPortal;

async fn demo(db: PgPool) -> TestPortal {
    let portal = TestPortal::new(db).await;
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    load_demo(&portal.portal.db, &content).await.unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    search::refresh(&portal.portal).await.unwrap();
    portal
}

#[sqlx::test]
async fn the_page_finds_marks_and_says_where_things_are_from(db: PgPool) {
    let portal = demo(db).await;
    let page = portal.visitor().get("/search?q=create+shipment").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(r#"href="/docs/parcels/2026-09/operations/createShipment""#), "{}", page.body);
    assert!(page.body.contains("<mark>Create</mark>"), "{}", page.body);
    assert!(page.body.contains("Parcels API 2026-09"));
    assert!(!page.body.contains("/docs/parcels/2026-03/operations/createShipment"), "the older one is folded in");
}

#[sqlx::test]
async fn the_page_teaches_before_and_helps_after(db: PgPool) {
    let portal = demo(db).await;
    let empty = portal.visitor().get("/search").await.body;
    assert!(empty.contains("/search?q=") && empty.contains("For example:"), "{empty}");
    let nothing = portal.visitor().get("/search?q=zebracrossing&kind=guide").await.body;
    assert!(nothing.contains("Nothing found for “zebracrossing”"), "{nothing}");
    assert!(nothing.contains("Searched: guides") && nothing.contains("Search everything"), "{nothing}");
    let corrected = portal.visitor().get("/search?q=shipmnt").await.body;
    assert!(corrected.contains("Found with shipment instead of shipmnt."), "{corrected}");
}

#[sqlx::test]
async fn filters_are_in_the_address_and_pages_go_on(db: PgPool) {
    let portal = demo(db).await;
    let page = portal.visitor().get("/search?q=s&api=parcels").await;
    assert_eq!(page.status, StatusCode::OK);
    let first = portal.visitor().get("/search?q=id").await.body;
    assert!(first.contains("/search?q=id&amp;page=2") && first.contains("Results 21 to"), "{first}");
    let second = portal.visitor().get("/search?q=id&page=2").await.body;
    assert!(second.contains("Results 1 to 20"), "{second}");
    let schemas = portal.visitor().get("/search?q=shipment&kind=schema&api=parcels").await.body;
    assert!(schemas.contains("/docs/parcels/2026-09/schemas/Shipment"), "{schemas}");
    assert!(!schemas.contains("/docs/parcels/2026-09/operations/createShipment"), "{schemas}");
    let unknown = portal.visitor().get("/search?q=shipment&api=hidden&kind=odd&page=-3").await;
    assert!(unknown.body.contains("createShipment"), "what is no filter filters nothing");
}

#[sqlx::test]
async fn suggestions_are_options_with_a_count(db: PgPool) {
    let portal = demo(db).await;
    let answer = portal.visitor().get("/search/suggestions?q=ship").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.body.matches(r#"role="option""#).count(), 9, "eight, and all: {}", answer.body);
    assert!(answer.body.contains(r#"data-said="8 of"#), "{}", answer.body);
    assert!(!answer.body.contains("<html"), "{}", answer.body);
    let menu =
        portal.visitor().get("/search/suggestions?in=menu&kind=operation&api=parcels&version=2026-03&q=create").await;
    assert!(menu.body.contains("/docs/parcels/2026-03/operations/createShipment"), "{}", menu.body);
    assert!(!menu.body.contains("/docs/parcels/2026-09/"), "{}", menu.body);
    assert!(!portal.visitor().get("/search/suggestions?q=").await.body.contains("option"));
}

#[sqlx::test]
async fn any_text_is_a_question(db: PgPool) {
    let portal = demo(db).await;
    let long = format!("/search?q={}", "x".repeat(10_000));
    let paths = [
        "/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/search?q=%00&api=%00",
        "/search?q=%27%20%26%20%7C%20%21%20%3A*%20%28",
        "/search?q=%F0%9F%98%80&page=99999999999999999999",
        "/search?q=%ff%fe",
        long.as_str(),
    ];
    for path in paths {
        for path in [path.to_owned(), path.replace("/search?", "/search/suggestions?")] {
            let answer = portal.visitor().get(&path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert!(!answer.body.contains("<script>alert"), "{path}");
        }
    }
}

#[sqlx::test]
async fn an_api_for_partners_is_found_by_partners_only(db: PgPool) {
    let portal = demo(db).await;
    sqlx::query("update api set visibility = 'partners' where slug = 'parcels'")
        .execute(&portal.portal.db)
        .await
        .unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    for path in
        ["/search?q=createShipment", "/search/suggestions?q=createShipment", "/search?q=createShipmnt", "/search"]
    {
        let answer = portal.visitor().get(path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(
            !answer.body.contains("/docs/parcels") && !answer.body.contains("Parcels API"),
            "{path}: {}",
            answer.body
        );
    }
    let organization = portal.organization("Quillmere").await;
    let mut partner = portal.member(organization, Role::Viewer).await;
    let found = partner.get("/search?q=createShipment").await.body;
    assert!(found.contains("/docs/parcels/2026-09/operations/createShipment"), "{found}");
}
