//! Every feature of OpenAPI that the reference promises, shown on the page of one operation of a document of our own.

mod elsewhere;
mod operation;

use std::path::Path;

use axum::http::StatusCode;
use sqlx::PgPool;
use vestibule::{
    audit::Actor,
    reference::{ImportRequest, import},
};

use self::{
    elsewhere::ELSEWHERE,
    operation::{FEATURES, LATER},
};
use crate::{html::Page, portal::TestPortal};

/// A feature, the element whose words show it (empty for the whole page), and the words.
type Row = (&'static str, &'static str, &'static [&'static str]);

const OPERATION: &str = "operations/createBooking";

async fn ferries(db: PgPool, file: &str) -> TestPortal {
    let portal = TestPortal::new(db).await;
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/documents").join(file)).unwrap();
    let request = ImportRequest {
        slug: "ferries".into(),
        file_name: file.into(),
        bytes,
        publish: true,
        ..ImportRequest::default()
    };
    let report = import(&portal.portal.db, &Actor::system("test"), request).await.unwrap();
    assert_eq!(report.reading.doubts, [], "the document has no doubtful part");
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    portal
}

async fn check(portal: &TestPortal, path: &str, rows: &[Row]) {
    let answer = portal.visitor().get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    let page = Page::parse(&answer.body);
    assert_eq!(page.faults(), [""; 0], "{path}");
    let mut missing = Vec::new();
    for (feature, id, words) in rows {
        let shown = if id.is_empty() { page.words() } else { page.words_of(id).unwrap_or_default() };
        for words in words.iter().filter(|words| !shown.contains(**words)) {
            let shown: String = shown.chars().take(600).collect();
            missing.push(format!("{feature}: #{id} does not say {words:?} but {shown:?}"));
        }
    }
    assert!(missing.is_empty(), "{path}\n{}", missing.join("\n"));
}

#[sqlx::test]
async fn every_feature_of_3_0_is_shown_on_one_page(db: PgPool) {
    let portal = ferries(db, "features-3.0.yaml").await;
    check(&portal, &format!("/docs/ferries/3.0/{OPERATION}"), FEATURES).await;
    for (path, row) in ELSEWHERE {
        check(&portal, &format!("/docs/ferries/3.0{path}"), &[*row]).await;
    }
}

#[sqlx::test]
async fn every_feature_of_3_1_is_shown_on_one_page(db: PgPool) {
    let portal = ferries(db, "features-3.1.yaml").await;
    let rows: Vec<Row> = FEATURES.iter().chain(LATER).copied().collect();
    check(&portal, &format!("/docs/ferries/3.1/{OPERATION}"), &rows).await;
    for (path, row) in ELSEWHERE {
        check(&portal, &format!("/docs/ferries/3.1{path}"), &[*row]).await;
    }
}

#[sqlx::test]
async fn what_does_not_travel_is_hidden(db: PgPool) {
    let portal = ferries(db, "features-3.1.yaml").await;
    let page = Page::parse(&portal.visitor().get(&format!("/docs/ferries/3.1/{OPERATION}")).await.body);
    assert!(page.words_of("body.booked_at").is_none(), "a read-only property is not in a request");
    assert!(page.words_of("201.secret").is_none(), "a write-only property is not in a response");
    assert!(page.words_of("201.booked_at").is_some() && page.words_of("body.secret").is_some());
}

#[sqlx::test]
async fn what_a_page_has_no_room_for_is_fetched_as_a_list(db: PgPool) {
    let portal = ferries(db, "features-3.1.yaml").await;
    let page = Page::parse(&portal.visitor().get(&format!("/docs/ferries/3.1/{OPERATION}")).await.body);
    let sources = page.values("details", "data-source");
    assert!(!sources.is_empty());
    for source in sources {
        let list = portal.visitor().get(source).await;
        assert_eq!(list.status, StatusCode::OK, "{source}");
        assert!(list.body.contains("class=\"props\"") && !list.body.contains("<html"), "{}", list.body);
        assert_eq!(Page::parse_body(&list.body).faults(), [""; 0], "{source}");
        assert!(!list.body.contains(" id="), "a fetched list brings no ids that the page may have");
    }
    for nowhere in ["/nowhere", "", "x", "/info/title"] {
        let path = format!("/docs/ferries/3.1/properties?at={}", nowhere.replace('/', "%2F"));
        let status = portal.visitor().get(&path).await.status;
        assert!(status == StatusCode::NOT_FOUND || nowhere.is_empty(), "{path} is {status}");
    }
}

#[sqlx::test]
async fn an_older_version_says_so_and_leads_to_the_newest_even_where_an_operation_is_gone(db: PgPool) {
    let portal = ferries(db, "features-3.1.yaml").await;
    let text = "openapi: 3.1.0\ninfo: {title: Ferries, version: '4'}\npaths: {/ports: {get: {operationId: listPorts, responses: {}}}}\n";
    let request = ImportRequest {
        slug: "ferries".into(),
        file_name: "4.yaml".into(),
        bytes: text.into(),
        publish: true,
        ..ImportRequest::default()
    };
    import(&portal.portal.db, &Actor::system("test"), request).await.unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    let kept = portal.visitor().get("/docs/ferries/3.1/operations/listPorts").await.body;
    assert!(
        kept.contains("There is a newer version, 4") && kept.contains("href=\"/docs/ferries/4/operations/listPorts\"")
    );
    let gone = portal.visitor().get(&format!("/docs/ferries/3.1/{OPERATION}")).await.body;
    assert!(gone.contains("This operation is not in 4: go to its overview"), "{gone}");
}
