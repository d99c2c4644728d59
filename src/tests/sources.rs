//! Documents that are fetched from where they are published: by hand, on a schedule, and at first.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use sqlx::PgPool;
use vestibule::{
    audit::{self, Actor, Filter},
    jobs,
    reference::{ImportRequest, import, source},
    web::StaffRole,
};

use crate::portal::{Answer, TestPortal, Visitor};

const SOURCE: &str = "/admin/apis/books/source";
const LOOK: &str = "/admin/apis/books/source/checks";

fn books(version: &str, title: &str) -> String {
    format!("openapi: 3.1.0\ninfo: {{title: {title}, version: \"{version}\"}}\npaths: {{}}\n")
}

/// Where the document is published: what it answers with, and what it was asked.
#[derive(Clone)]
struct Publisher {
    address: SocketAddr,
    state: Arc<Mutex<Published>>,
}

struct Published {
    status: StatusCode,
    document: String,
    asked: Vec<HeaderMap>,
}

impl Publisher {
    async fn of(document: String) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(Published { status: StatusCode::OK, document, asked: Vec::new() }));
        let publisher = Self { address, state };
        let answering = publisher.clone();
        let handler = move |headers: HeaderMap| async move { answering.answer(headers) };
        let router = axum::Router::new().fallback(handler);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        publisher
    }

    fn answer(&self, headers: HeaderMap) -> Response {
        let mut state = self.state.lock().unwrap();
        let tag = format!("\"{}\"", state.document.len());
        let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
        state.asked.push(headers);
        match is_known && state.status == StatusCode::OK {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => (state.status, [(header::ETAG, tag)], state.document.clone()).into_response(),
        }
    }

    fn publish(&self, document: String) {
        self.state.lock().unwrap().document = document;
    }

    fn fail(&self, status: StatusCode) {
        self.state.lock().unwrap().status = status;
    }

    fn asked(&self) -> usize {
        self.state.lock().unwrap().asked.len()
    }

    fn url(&self) -> String {
        format!("http://{}/books.yaml", self.address)
    }
}

async fn portal(db: PgPool) -> TestPortal {
    TestPortal::with(db, &[("VESTIBULE_OUTBOUND_ALLOW", "127.0.0.1")]).await
}

/// An API whose version 1 partners read.
async fn with_books(portal: &TestPortal) {
    let request = ImportRequest {
        slug: "books".into(),
        file_name: "books.yaml".into(),
        bytes: books("1", "Books").into_bytes(),
        publish: true,
        ..ImportRequest::default()
    };
    import(&portal.portal.db, &Actor::system("test"), request).await.unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
}

async fn set(visitor: &mut Visitor<'_>, url: &str, every: &str, policy: &str) -> Answer {
    visitor.post(SOURCE, &[("url", url), ("every", every), ("policy", policy)]).await
}

/// Asks for a look, and gives the page that shows its result.
async fn look(visitor: &mut Visitor<'_>) -> String {
    let answer = visitor.post(LOOK, &[]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, SOURCE), "{}", answer.body);
    visitor.get(SOURCE).await.body
}

async fn stored(portal: &TestPortal) -> Vec<(String, bool)> {
    sqlx::query_as("select name, published_at is not null from api_version order by id")
        .fetch_all(&portal.portal.db)
        .await
        .unwrap()
}

async fn actions(portal: &TestPortal) -> Vec<String> {
    let entries = audit::list(&portal.portal.db, Filter::default(), 100).await.unwrap();
    entries.into_iter().map(|entry| entry.action).collect()
}

#[sqlx::test]
async fn a_new_version_becomes_a_draft_and_what_is_known_is_not_sent_again(db: PgPool) {
    let portal = portal(db).await;
    with_books(&portal).await;
    let publisher = Publisher::of(books("2", "Books")).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    assert!(editor.get("/admin/apis/books").await.body.contains(SOURCE), "the API's page leads to it");
    assert_eq!(set(&mut editor, &publisher.url(), "daily", "draft").await.location(), SOURCE);

    let page = look(&mut editor).await;
    assert!(page.contains("A draft waits"), "{page}");
    assert!(page.contains("The document was imported as the draft 2."), "{page}");
    assert!(page.contains("href=\"/admin/apis/books/versions/2\""), "{page}");
    assert_eq!(stored(&portal).await, [("1".into(), true), ("2".into(), false)]);

    let page = look(&mut editor).await;
    assert!(page.contains("The document has not changed."), "{page}");
    assert!(page.contains("href=\"/admin/apis/books/versions/2\""), "the last change stays in view: {page}");
    let asked = publisher.state.lock().unwrap().asked.clone();
    assert!(asked[0].get(header::IF_NONE_MATCH).is_none() && asked[1].get(header::IF_NONE_MATCH).is_some());
    let actions = actions(&portal).await;
    assert!(actions.contains(&"api_source.set".to_owned()) && actions.contains(&"api_version.imported".to_owned()));
}

#[sqlx::test]
async fn a_published_version_does_not_change_and_what_differs_waits_beside_it(db: PgPool) {
    let portal = portal(db).await;
    with_books(&portal).await;
    let publisher = Publisher::of(books("1", "Books and more")).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    set(&mut editor, &publisher.url(), "", "publish").await;
    let page = look(&mut editor).await;
    assert!(page.contains("The document of version 1, which partners read, has changed."), "{page}");
    let waiting = "/admin/apis/books/versions/1/draft";
    assert_eq!(editor.get(waiting).await.status, StatusCode::OK, "a correction whatever the policy");
    let correction = async || {
        let text = "select convert_from(document, 'utf8') from api_revision where number = 2 and published_at is null";
        sqlx::query_scalar::<_, String>(text).fetch_one(&portal.portal.db).await.unwrap()
    };
    assert!(correction().await.contains("Books and more"));
    let read = |portal: &TestPortal| {
        portal.portal.catalogue.current().find("books", "1").unwrap().1.document.api().title.clone()
    };
    assert_eq!(read(&portal), "Books");

    publisher.publish(books("1", "Books and even more"));
    look(&mut editor).await;
    assert!(correction().await.contains("Books and even more"), "the newest document waits");
    assert_eq!(stored(&portal).await, [("1".into(), true)]);
}

#[sqlx::test]
async fn a_source_may_publish_what_is_new(db: PgPool) {
    let portal = portal(db).await;
    with_books(&portal).await;
    let publisher = Publisher::of(books("2", "Books")).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    set(&mut editor, &publisher.url(), "", "publish").await;
    assert!(look(&mut editor).await.contains("Version 2 was imported and published."));
    assert_eq!(portal.visitor().get("/docs/books/2").await.status, StatusCode::OK);
    publisher.publish(books("the next one", "Books"));
    let page = look(&mut editor).await;
    assert!(page.contains("cannot be part of an address"), "{page}");
    let day = time::OffsetDateTime::now_utc().date().to_string();
    assert_eq!(stored(&portal).await[2], (day, true));
}

#[sqlx::test]
async fn a_source_that_fails_says_why_and_changes_nothing(db: PgPool) {
    let portal = portal(db).await;
    with_books(&portal).await;
    let publisher = Publisher::of("openapi: 3.1.0\npaths: [\n".into()).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    set(&mut editor, &publisher.url(), "hourly", "publish").await;
    let page = look(&mut editor).await;
    assert!(page.contains("The document cannot be taken in") && page.contains("is not valid YAML"), "{page}");
    let page = look(&mut editor).await;
    assert!(page.contains("is not valid YAML"), "unchanged is still refused: {page}");

    publisher.fail(StatusCode::NOT_FOUND);
    let page = look(&mut editor).await;
    assert!(page.contains("answered 404 Not Found. Check the address."), "{page}");
    let page = look(&mut editor).await;
    assert!(page.contains("2 times"), "{page}");
    let soon: bool =
        sqlx::query_scalar("select next_check_at between now() + '50 min' and now() + '61 min' from api_source")
            .fetch_one(&portal.portal.db)
            .await
            .unwrap();
    assert!(soon, "after the second failure an hour is waited");
    assert_eq!(stored(&portal).await, [("1".into(), true)]);

    publisher.fail(StatusCode::OK);
    publisher.publish(books("2", "Books"));
    assert!(look(&mut editor).await.contains("Version 2 was imported and published."));
}

#[sqlx::test]
async fn an_address_that_will_never_be_called_is_not_saved(db: PgPool) {
    let portal = portal(db).await;
    with_books(&portal).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    for (url, words) in [
        ("", "Write the address of the document."),
        ("books.yaml", "cannot be read"),
        ("ftp://example.com/books.yaml", "use https"),
        ("http://169.254.169.254/latest", "VESTIBULE_OUTBOUND_ALLOW"),
        ("https://10.0.0.1/books.yaml", "an address of a private network"),
        ("https://user:secret@example.com/", "user name or password"),
        ("http://8.8.8.8/books.yaml", "over https only"),
    ] {
        let answer = set(&mut editor, url, "weekly", "publish").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        assert!(answer.body.contains(words), "{url}: {}", answer.body);
        assert!(answer.body.contains(r#"<option value="weekly" selected"#), "what was chosen is kept");
    }
    let answer = set(&mut editor, "https://8.8.8.8/books.yaml", "often", "perhaps").await;
    assert_eq!(answer.body.matches("Choose one of the list.").count(), 2, "{}", answer.body);
    assert!(look(&mut editor).await.contains("Set the address first."));
    let sources: i64 =
        sqlx::query_scalar("select count(*) from api_source").fetch_one(&portal.portal.db).await.unwrap();
    assert_eq!(sources, 0);
}

#[sqlx::test]
async fn what_is_due_is_looked_at_once_however_many_instances_there_are(db: PgPool) {
    let portal = portal(db).await;
    with_books(&portal).await;
    let publisher = Publisher::of(books("2", "Books")).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    set(&mut editor, &publisher.url(), "hourly", "draft").await;
    let db = &portal.portal.db;
    let (here, there) = tokio::join!(source::schedule(db), source::schedule(db));
    assert_eq!(here.unwrap() + there.unwrap(), 1);
    assert_eq!(jobs::waiting(db).await.unwrap(), 1);
    assert_eq!(jobs::run_one(&portal.portal).await.unwrap(), jobs::Outcome::Done);
    assert_eq!(publisher.asked(), 1);
    assert!(editor.get(SOURCE).await.body.contains("The document was imported as the draft 2."));
    assert_eq!(source::schedule(db).await.unwrap(), 0, "it is due again in an hour");
    let entries = audit::list(db, Filter::default(), 1).await.unwrap();
    assert_eq!(entries[0].actor_label, "re-import on schedule");

    sqlx::query("update api_source set next_check_at = now(), checking_until = now() + '1 min'")
        .execute(db)
        .await
        .unwrap();
    source::schedule(db).await.unwrap();
    assert_eq!(jobs::run_one(&portal.portal).await.unwrap(), jobs::Outcome::Done);
    assert_eq!(publisher.asked(), 1, "somebody else looks at it");
    let page = look(&mut editor).await;
    assert!(page.contains("being looked at right now"), "{page}");
}

#[sqlx::test]
async fn a_source_is_removed_and_its_versions_stay(db: PgPool) {
    let portal = portal(db).await;
    with_books(&portal).await;
    let publisher = Publisher::of(books("2", "Books")).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    set(&mut editor, &publisher.url(), "daily", "draft").await;
    look(&mut editor).await;
    // At another address the result of this one says nothing.
    set(&mut editor, &format!("{}?other", publisher.url()), "daily", "draft").await;
    assert!(editor.get(SOURCE).await.body.contains("Not looked at yet"));
    assert_eq!(editor.post(&format!("{SOURCE}/deletion"), &[]).await.location(), SOURCE);
    let page = editor.get(SOURCE).await.body;
    assert!(!page.contains("Look now"), "{page}");
    assert_eq!(stored(&portal).await.len(), 2);
    assert!(actions(&portal).await.contains(&"api_source.removed".to_owned()));
}

#[sqlx::test]
async fn a_draft_that_was_deleted_comes_back_when_somebody_looks_again(db: PgPool) {
    let portal = portal(db).await;
    with_books(&portal).await;
    let publisher = Publisher::of(books("2", "Books")).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    set(&mut editor, &publisher.url(), "", "draft").await;
    look(&mut editor).await;
    editor.post("/admin/apis/books/versions/2/deletion", &[]).await;
    assert_eq!(stored(&portal).await.len(), 1);
    assert!(look(&mut editor).await.contains("The document was imported as the draft 2."));
}

async fn import_by_form(visitor: &mut Visitor<'_>, slug: &str, url: &str, file: &str) -> Answer {
    let fields = [("slug", slug), ("version", ""), ("url", url)];
    let mut body: String = fields
        .iter()
        .map(|(name, value)| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"))
        .collect();
    let name = if file.is_empty() { "" } else { "books.yaml" };
    body.push_str(&format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{file}\r\n--x--\r\n"
    ));
    let request = Request::post("/admin/apis")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    visitor.send_with(request, Body::from(body)).await
}

#[sqlx::test]
async fn a_document_is_imported_by_its_address_which_is_remembered(db: PgPool) {
    let portal = portal(db).await;
    let publisher = Publisher::of(books("1", "Books")).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    let answer = import_by_form(&mut editor, "books", &publisher.url(), "").await;
    assert_eq!(answer.location(), "/admin/apis/books/versions/1", "{}", answer.body);
    let page = editor.get(SOURCE).await.body;
    assert!(page.contains(&publisher.url()) && page.contains("when you ask for it"), "{page}");
    assert!(look(&mut editor).await.contains("The document has not changed."));

    publisher.fail(StatusCode::FORBIDDEN);
    for (url, file, words) in [
        (publisher.url().as_str(), "", "readable without signing in"),
        ("https://192.168.0.1/", "", "an address of a private network"),
        (publisher.url().as_str(), "openapi: 3.1.0", "not both"),
        ("", "", "Choose a file or write an address."),
    ] {
        let answer = import_by_form(&mut editor, "others", url, file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.body.contains(words), "{words}: {}", answer.body);
    }
    assert_eq!(stored(&portal).await.len(), 1);
}
