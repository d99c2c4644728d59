//! What is found, and in which order, on a real database.

use std::{path::Path, sync::Arc};

use sqlx::PgPool;

use super::{
    find::{self, Found, How},
    index,
    model::{Filter, Kind, Slice, Within},
    store,
};
use crate::{
    audit::Actor,
    config::BaseUrl,
    guides::Guides,
    reference::{Catalogue, ImportRequest, Published, import},
};

const BOOKS: &str = r##"
openapi: 3.1.0
info: {title: Books API, version: "1"}
paths:
  /books:
    get: {operationId: listBooks, summary: List books, tags: [Shelf], parameters: [{name: page_size, in: query, schema: {type: integer}}], responses: {"200": {description: x}}}
    post:
      operationId: createBook
      summary: Add a book
      description: Puts it on a shelf.
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/NewBook"}}}}
      responses:
        "201": {description: x}
        "409": {description: x, content: {application/problem+json: {example: {code: isbn_taken, title: The ISBN is taken, status: 409}}}}
  /loans/{loanId}:
    delete: {operationId: endLoan, summary: Give back, responses: {"204": {description: x}}}
webhooks:
  book.lent: {post: {summary: Somebody took one, requestBody: {content: {application/json: {schema: {properties: {borrower: {type: string}}}}}}, responses: {}}}
components:
  schemas:
    NewBook: {type: object, properties: {isbn: {type: string}, shelfMark: {type: string}, binding: {enum: [hardcover, paperback]}}}
    Book: {allOf: [{$ref: "#/components/schemas/NewBook"}], description: One book.}
"##;

const EVERYTHING: Slice = Slice { limit: 50, offset: 0 };

struct Library {
    db: PgPool,
    published: Arc<Published>,
}

impl Library {
    /// The documents, published and indexed; a name is an API and its version.
    async fn with(db: PgPool, documents: &[(&str, &str, &str)]) -> Self {
        for (slug, version, text) in documents {
            let request = ImportRequest {
                slug: (*slug).into(),
                version: Some((*version).into()),
                file_name: "a.yaml".into(),
                bytes: text.as_bytes().to_vec(),
                publish: true,
                ..ImportRequest::default()
            };
            import(&db, &Actor::system("test"), request).await.unwrap();
        }
        let published = catalogue(&db).await.current();
        index::write_missing(&db, &published, &guides()).await.unwrap();
        Self { db, published }
    }

    async fn find(&self, typed: &str) -> Found {
        self.find_only(typed, &Filter::default()).await
    }

    async fn find_only(&self, typed: &str, filter: &Filter) -> Found {
        find::find(&self.db, &Within::of(&self.published), typed, filter, EVERYTHING).await.unwrap()
    }

    async fn titles(&self, typed: &str) -> Vec<String> {
        self.find(typed).await.hits.into_iter().map(|hit| hit.title).collect()
    }

    async fn first(&self, typed: &str) -> String {
        self.titles(typed).await.into_iter().next().unwrap_or_default()
    }
}

async fn catalogue(db: &PgPool) -> Catalogue {
    Catalogue::load(db, &base_url()).await.unwrap()
}

fn base_url() -> BaseUrl {
    BaseUrl::parse("http://localhost").unwrap()
}

fn guides() -> Guides {
    Guides::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), &base_url()).unwrap()
}

#[sqlx::test]
async fn things_are_found_by_any_of_their_names(db: PgPool) {
    let library = Library::with(db, &[("books", "1", BOOKS)]).await;
    for (typed, title) in [
        ("Add a book", "Add a book"),
        ("createBook", "Add a book"),
        ("post /books", "Add a book"),
        ("/loans/{loanId}", "Give back"),
        ("loan id", "Give back"),
        ("page_size", "List books"),
        ("newbook", "NewBook"),
        ("isbn taken", "isbn_taken"),
        ("book.lent", "book.lent"),
        ("borrower", "book.lent"),
        ("books api", "Books API"),
        ("verify webhook signatures", "Webhooks"),
    ] {
        assert_eq!(library.first(typed).await, title, "{typed}: {:?}", library.titles(typed).await);
    }
    for typed in ["shelfMark", "shelf_mark", "shelf mark", "paperback"] {
        assert!(library.titles(typed).await.contains(&"Add a book".to_owned()), "{typed}");
    }
}

#[sqlx::test]
async fn the_beginning_of_a_word_will_do(db: PgPool) {
    let library = Library::with(db, &[("books", "1", BOOKS)]).await;
    for typed in ["is", "isb", "isbn_t", "isbn_taken"] {
        assert!(library.titles(typed).await.contains(&"isbn_taken".to_owned()), "{typed}");
    }
}

#[sqlx::test]
async fn names_come_before_what_is_inside_and_that_before_prose(db: PgPool) {
    let library = Library::with(db, &[("books", "1", BOOKS)]).await;
    let titles = library.titles("shelf").await;
    let place = |title: &str| titles.iter().position(|found| found == title).unwrap_or_else(|| panic!("{titles:?}"));
    assert!(place("List books") < place("Add a book"), "a tag says more than prose: {titles:?}");
    assert_eq!(library.first("add paperback").await, "Add a book", "a word of the name says more than two inside");
    let titles = library.titles("book").await;
    assert_eq!(titles[0], "Book", "what is called so comes first: {titles:?}");
}

#[sqlx::test]
async fn typos_are_forgiven_and_told(db: PgPool) {
    let library = Library::with(db, &[("books", "1", BOOKS)]).await;
    for (typed, title) in [("isbn_takn", "isbn_taken"), ("borower", "book.lent"), ("hardcovr", "NewBook")] {
        let found = library.find(typed).await;
        assert!(matches!(found.how, How::Corrected(_)), "{typed}: {:?}", found.how);
        assert!(found.hits.iter().any(|hit| hit.title == title), "{typed}: {:?}", found.hits);
    }
    assert_eq!(library.find("hardcover").await.how, How::AsTyped);
}

#[sqlx::test]
async fn without_the_extension_words_are_taken_as_typed(db: PgPool) {
    let library = Library::with(db, &[("books", "1", BOOKS)]).await;
    sqlx::raw_sql("drop extension pg_trgm cascade").execute(&library.db).await.unwrap();
    assert!(!store::forgives_typos(&library.db).await.unwrap());
    assert_eq!(library.find("hardcovr").await.total, 0);
    assert_eq!(library.first("newbook").await, "NewBook");
}

#[sqlx::test]
async fn where_nothing_has_all_words_some_will_do(db: PgPool) {
    let library = Library::with(db, &[("books", "1", BOOKS)]).await;
    let found = library.find("paperback zebra").await;
    assert_eq!(found.how, How::AnyWord);
    assert!(found.total > 0);
    assert_eq!(library.find("zebra").await.total, 0);
}

#[sqlx::test]
async fn the_same_thing_of_several_versions_is_found_once_in_the_one_to_build_on(db: PgPool) {
    let older = BOOKS.replace("endLoan", "endLoan2");
    let library = Library::with(db, &[("books", "1", BOOKS), ("books", "2", BOOKS), ("books", "0", &older)]).await;
    let created: Vec<_> = library.find("createBook").await.hits;
    let created: Vec<_> =
        created.iter().filter(|hit| hit.kind == Kind::Operation).map(|hit| hit.href.as_str()).collect();
    assert_eq!(created, ["/docs/books/2/operations/createBook"]);
    assert_eq!(library.find("endLoan2").await.hits[0].href, "/docs/books/0/operations/endLoan2");
}

#[sqlx::test]
async fn what_somebody_may_not_see_is_neither_found_nor_counted_nor_guessed(db: PgPool) {
    let secret = BOOKS.replace("Book", "Vault").replace("book", "vault").replace("isbn", "combination");
    let mut library = Library::with(db, &[("books", "1", BOOKS), ("vaults", "1", &secret)]).await;
    assert!(library.find("combination").await.total > 0);
    let apis = library.published.apis.iter().filter(|api| api.slug != "vaults").cloned().collect();
    let mut published = Published::clone(&library.published);
    published.apis = apis;
    library.published = Arc::new(published);
    for typed in ["combination", "combinaton", "createVault", "post /vaults", "vaults api"] {
        let found = library.find(typed).await;
        assert!(found.hits.iter().all(|hit| !hit.href.contains("vault/") && !hit.href.contains("vaults")), "{typed}");
        assert!(found.near.is_empty(), "{typed}: {:?}", found.near);
        let within = Within::of(&library.published);
        let counts = store::counts(&library.db, &within, &found.question, found.demand()).await.unwrap();
        assert!(counts.iter().all(|count| count.api != "vaults"), "{typed}");
    }
}

#[sqlx::test]
async fn filters_narrow_what_is_found(db: PgPool) {
    let library = Library::with(db, &[("books", "1", BOOKS)]).await;
    let filter = Filter { api: Some("books".into()), kind: Some(Kind::Schema) };
    let found = library.find_only("book", &filter).await;
    assert!(found.total >= 2 && found.hits.iter().all(|hit| hit.kind == Kind::Schema), "{:?}", found.hits);
    let none = library.find_only("book", &Filter { api: Some("vestibule".into()), kind: Some(Kind::Webhook) }).await;
    assert_eq!((none.total, none.how), (0, How::AsTyped), "what is outside of the filter is no typo");
}

#[sqlx::test]
async fn whatever_is_asked_is_answered(db: PgPool) {
    let library = Library::with(db, &[("books", "1", BOOKS)]).await;
    let long = "x ".repeat(5000);
    for typed in
        ["", " ", "'", "a'b:*&|!()<->\\", "\0", "a\0b", "😀", "%", "_", "' or 1=1 --", "ａ", "İ ß ŉ", long.as_str()]
    {
        library.find(typed).await;
    }
}

#[sqlx::test]
async fn what_did_not_change_is_not_written_again(db: PgPool) {
    let library = Library::with(db, &[("books", "1", BOOKS)]).await;
    let ids = || async {
        sqlx::query_scalar::<_, i32>("select id from search_source order by id").fetch_all(&library.db).await.unwrap()
    };
    let before = ids().await;
    assert_eq!(before.len(), 3, "the books, the portal's own API, the guides");
    index::write_missing(&library.db, &library.published, &guides()).await.unwrap();
    assert_eq!(ids().await, before);

    sqlx::query("update search_source set format = 0").execute(&library.db).await.unwrap();
    index::write_missing(&library.db, &library.published, &guides()).await.unwrap();
    assert!(ids().await.iter().all(|id| !before.contains(id)), "an older program's entries are made anew");
    assert_eq!(library.find("createBook").await.hits.iter().filter(|hit| hit.kind == Kind::Operation).count(), 1);

    sqlx::query("update api set name = 'Novels API' where slug = 'books'").execute(&library.db).await.unwrap();
    let published = catalogue(&library.db).await.current();
    index::write_missing(&library.db, &published, &guides()).await.unwrap();
    assert_eq!(library.first("novels").await, "Novels API");
    // What is published is not deleted; a database that is cut down by hand is.
    sqlx::raw_sql("alter table api_revision disable trigger api_revision_immutable; delete from api")
        .execute(&library.db)
        .await
        .unwrap();
    assert_eq!(ids().await.len(), 2, "what is deleted is not found");
}

#[sqlx::test]
async fn several_instances_index_at_once_and_write_once(db: PgPool) {
    let library = Library::with(db, &[("books", "1", BOOKS)]).await;
    sqlx::query("delete from search_source").execute(&library.db).await.unwrap();
    let guides = guides();
    let write = || index::write_missing(&library.db, &library.published, &guides);
    let (one, two, three) = tokio::join!(write(), write(), write());
    for written in [one, two, three] {
        written.unwrap();
    }
    assert_eq!(library.find("createBook").await.hits.iter().filter(|hit| hit.kind == Kind::Operation).count(), 1);
}

#[sqlx::test]
async fn a_name_without_end_does_not_keep_its_version_out(db: PgPool) {
    let endless: String = (0..400).map(|_| uuid::Uuid::new_v4().simple().to_string()).collect();
    let document = BOOKS.replace("Book: {allOf", &format!("{endless}: {{type: object}}\n    Book: {{allOf"));
    let library = Library::with(db, &[("books", "1", &document)]).await;
    assert!(library.find("list books").await.total > 0);
}
