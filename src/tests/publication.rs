//! From a file to what partners read: preview, publication, corrections, states, and whom an API is for.

use axum::http::{Method, StatusCode};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sqlx::PgPool;
use vestibule::{
    audit::{self, Actor, Filter},
    name::Name,
    tokens::{self, Holder, NewToken, Scope},
    web::{Role, StaffRole},
};

use crate::{
    portal::{Answer, TestPortal, Visitor},
    reference::{demo, upload},
};

const FIRST: &str = r##"
openapi: 3.1.0
info: {title: Books API, version: "1"}
paths:
  /books: {get: {operationId: listBooks, summary: List books, responses: {"200": {description: Some.}}}}
  /authors: {get: {operationId: listAuthors, summary: List authors, responses: {"200": {description: Some.}}}}
"##;

const SECOND: &str = r##"
openapi: 3.1.0
info: {title: Books API, version: "1"}
paths:
  /books:
    get:
      operationId: listBooks
      summary: List books
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses: {"200": {description: Some.}}
  /genres: {get: {operationId: listGenres, summary: List genres, responses: {"200": {description: Some.}}}}
"##;

const PATH: &str = "/admin/apis/books/versions/1";

async fn import(editor: &mut Visitor<'_>, version: &str, document: &str) -> Answer {
    let answer = upload(editor, "books", version, "books.yaml", document.as_bytes()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer
}

async fn post(visitor: &mut Visitor<'_>, path: &str, form: &[(&str, &str)]) -> Answer {
    let answer = visitor.post(path, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
    answer
}

/// What the trail says that was done, the newest first.
async fn trail(portal: &TestPortal, action: &str) -> Vec<(Option<Value>, Option<Value>)> {
    let filter = Filter { action: Some(action.into()), ..Filter::default() };
    let entries = audit::list(&portal.portal.db, filter, 100).await.unwrap();
    entries.into_iter().map(|entry| (entry.before, entry.after)).collect()
}

/// The texts, in this order and all of them.
#[track_caller]
fn assert_in_order(body: &str, texts: &[&str]) {
    let mut rest = body;
    for text in texts {
        let at = rest.find(text).unwrap_or_else(|| panic!("{text} is missing or in another place: {body}"));
        rest = &rest[at + text.len()..];
    }
}

#[sqlx::test]
async fn a_new_version_is_previewed_against_the_one_that_is_stable(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    import(&mut editor, "1", FIRST).await;
    let first = editor.get(PATH).await.body;
    assert!(!first.contains("What changes"), "there is nothing to compare it with");
    post(&mut editor, &format!("{PATH}/publication"), &[]).await;

    let answer = import(&mut editor, "2", SECOND).await;
    assert_eq!(answer.location(), "/admin/apis/books/versions/2");
    let preview = editor.get("/admin/apis/books/versions/2").await.body;
    assert_in_order(
        &preview,
        &["What changes", "against version 1", "Operations: 1 removed, 1 changed, 1 added", "/authors", "/books"],
    );
    assert!(preview.contains("parameter query limit added"), "{preview}");

    let refused = editor.post("/admin/apis/books/versions/2/publication", &[("state", "retired")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("A new version is beta or stable."), "{}", refused.body);
    post(&mut editor, "/admin/apis/books/versions/2/publication", &[("state", "beta")]).await;
    let page = portal.visitor().get("/docs/books/2").await.body;
    assert!(page.contains("Version 2 is a preview"), "{page}");
    let (_, after) = trail(&portal, "api_version.published").await.remove(0);
    assert_eq!(after.unwrap()["state"], "beta");
}

#[sqlx::test]
async fn a_draft_is_seen_by_staff_as_partners_will_and_by_nobody_else(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    let mut member = portal.member(portal.organization("Quillmere").await, Role::Owner).await;
    import(&mut editor, "1", FIRST).await;
    let pages = ["", "/operations/listBooks", "/schemas", "/errors", "/openapi.json", "/openapi.yaml"];
    for page in pages {
        let path = format!("/docs/books/1~draft{page}");
        let seen = editor.get(&path).await;
        assert_eq!(seen.status, StatusCode::OK, "{path}");
        assert_eq!(portal.visitor().get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(member.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let operation = editor.get("/docs/books/1~draft/operations/listBooks").await.body;
    assert!(operation.contains("Draft of version 1: only staff see this"), "{operation}");
    assert!(operation.contains("/sandbox/books/1/books"), "samples show where calls will go");
    assert!(!editor.get("/docs").await.body.contains("Books API"), "a draft is in no list");

    import(&mut editor, "1", SECOND).await;
    let replaced = editor.get("/docs/books/1~draft/operations/listGenres").await;
    assert_eq!(replaced.status, StatusCode::OK, "another draft took its place");
    post(&mut editor, &format!("{PATH}/publication"), &[]).await;
    assert_eq!(editor.get("/docs/books/1~draft").await.status, StatusCode::NOT_FOUND, "it is no draft any more");
    assert_eq!(member.get("/docs/books/1/operations/listGenres").await.status, StatusCode::OK);
}

#[sqlx::test]
async fn a_published_version_is_corrected_by_a_revision_that_says_why(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    import(&mut editor, "1", FIRST).await;
    post(&mut editor, &format!("{PATH}/publication"), &[]).await;
    let draft = import(&mut editor, "1", SECOND).await.location().to_owned();
    assert_eq!(draft, format!("{PATH}/draft"));

    let mut visitor = portal.visitor();
    assert_eq!(visitor.get("/docs/books/1/operations/listGenres").await.status, StatusCode::NOT_FOUND);
    assert!(editor.get(PATH).await.body.contains("A correction waits to be published"));
    let preview = editor.get(&draft).await.body;
    assert_in_order(&preview, &["Draft of revision 2", "against revision 1 of 1", "Publish it as revision 2 of 1"]);
    let silent = editor.post(&format!("{PATH}/publication"), &[("note", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.body.contains("Say why what is published is corrected"), "{}", silent.body);
    let stale = editor.post(&format!("{PATH}/publication"), &[("note", "x"), ("sha256", "00")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "another file than the one in view");

    post(&mut editor, &format!("{PATH}/publication"), &[("note", "Genres were missing")]).await;
    assert_eq!(visitor.get("/docs/books/1/operations/listGenres").await.status, StatusCode::OK);
    assert_eq!(visitor.get("/docs/books/1/operations/listAuthors").await.status, StatusCode::NOT_FOUND);
    let history = editor.get(PATH).await.body;
    assert_in_order(&history, &["Revisions", "counts now", "Genres were missing", "was replaced", "first publication"]);

    let revisions = ["?revision=1", "?revision=2", ""];
    let has = [false, true, true];
    for (revision, has) in revisions.iter().zip(has) {
        for format in ["yaml", "json"] {
            let document = visitor.get(&format!("/docs/books/1/openapi.{format}{revision}")).await;
            assert_eq!(document.status, StatusCode::OK, "{revision}");
            assert_eq!(document.body.contains("listGenres"), has, "{revision} as {format}");
        }
    }
    assert_eq!(visitor.get("/docs/books/1/openapi.yaml?revision=1").await.body, FIRST, "byte for byte");
    assert_eq!(visitor.get("/docs/books/1/openapi.yaml?revision=3").await.status, StatusCode::NOT_FOUND);

    let (before, after) = trail(&portal, "api_version.revised").await.remove(0);
    let (before, after) = (before.unwrap(), after.unwrap());
    assert_eq!((&before["revision"], &after["revision"]), (&json!(1), &json!(2)));
    assert_eq!(after["note"], "Genres were missing");
    assert_eq!(after["changes"], "operations: 1 removed, 1 changed, 1 added");
    assert_ne!(before["sha256"], after["sha256"]);
}

#[sqlx::test]
async fn a_correction_that_waits_is_for_nobody_but_staff(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    import(&mut editor, "1", FIRST).await;
    post(&mut editor, &format!("{PATH}/publication"), &[]).await;
    import(&mut editor, "1", SECOND).await;
    let mut visitor = portal.visitor();
    for path in ["/docs/books/1/openapi.yaml?revision=2", "/docs/books/1~draft", "/docs/books/1~draft/openapi.yaml"] {
        assert_eq!(visitor.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let draft = editor.get("/docs/books/1~draft/openapi.yaml").await;
    assert_eq!(draft.body, SECOND);
    assert!(editor.get("/docs/books/1").await.body.contains("List authors"), "what is published stays in view");

    let mut support = portal.staff(StaffRole::Support).await;
    let seen = support.get(&format!("{PATH}/draft")).await;
    assert!(seen.status == StatusCode::OK && !seen.body.contains("Publish revision"), "{}", seen.body);
}

#[sqlx::test]
async fn a_document_that_was_meant_as_a_new_version_becomes_one(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    import(&mut editor, "1", FIRST).await;
    post(&mut editor, &format!("{PATH}/publication"), &[]).await;
    import(&mut editor, "1", SECOND).await;
    let action = format!("{PATH}/draft/version");
    for (name, why) in [("1", "There is a version 1 already."), ("1 2", "The name must be 1 to 64 letters")] {
        let refused = editor.post(&action, &[("version", name)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.body.contains(why), "{name}: {}", refused.body);
    }
    let made = post(&mut editor, &action, &[("version", "2")]).await;
    assert_eq!(made.location(), "/admin/apis/books/versions/2");
    assert!(!editor.get(PATH).await.body.contains("A correction waits"));
    assert_eq!(editor.get(&format!("{PATH}/draft")).await.status, StatusCode::NOT_FOUND);
    post(&mut editor, "/admin/apis/books/versions/2/publication", &[]).await;
    let old = portal.visitor().get("/docs/books/1/operations/listBooks").await.body;
    assert!(old.contains("There is a newer version, 2"), "{old}");
}

#[sqlx::test]
async fn a_correction_is_discarded(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    import(&mut editor, "1", FIRST).await;
    let whole = editor.post(&format!("{PATH}/draft/deletion"), &[]).await;
    assert_eq!(whole.status, StatusCode::CONFLICT, "a first draft is deleted with its version");
    post(&mut editor, &format!("{PATH}/publication"), &[]).await;
    import(&mut editor, "1", SECOND).await;
    assert_eq!(editor.get("/docs/books/1~draft").await.status, StatusCode::OK);
    post(&mut editor, &format!("{PATH}/draft/deletion"), &[]).await;
    for gone in ["/docs/books/1~draft", "/docs/books/1~draft/operations/listBooks"] {
        assert_eq!(editor.get(gone).await.status, StatusCode::NOT_FOUND, "{gone} was looked at before");
    }
    assert_eq!(editor.get(&format!("{PATH}/draft")).await.status, StatusCode::NOT_FOUND);
    let late = editor.post(&format!("{PATH}/publication"), &[("note", "x")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
    assert_eq!(portal.visitor().get("/docs/books/1/operations/listAuthors").await.status, StatusCode::OK);
    assert_eq!(trail(&portal, "api_version.draft_discarded").await.len(), 1);
}

#[sqlx::test]
async fn the_demos_versions_are_compared_in_the_preview(db: PgPool) {
    let portal = demo(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/content/apis/parcels/2026-09.yaml");
    let answer = upload(&mut editor, "parcels", "2026-03", "2026-09.yaml", &std::fs::read(file).unwrap()).await;
    let preview = editor.get(answer.location()).await;
    assert_eq!(preview.status, StatusCode::OK);
    assert_in_order(&preview.body, &["What changes", "against revision 1 of 2026-03", "Operations:", "Schemas:"]);
}

#[sqlx::test]
async fn whom_an_api_is_for_is_chosen_recorded_and_takes_effect_at_once(db: PgPool) {
    let portal = demo(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    let (named, other) = (portal.organization("Quillmere").await, portal.organization("Elsewhere").await);
    let mut insider = portal.member(named, Role::Viewer).await;
    let mut outsider = portal.member(other, Role::Owner).await;
    let path = "/admin/apis/parcels";
    let form = editor.get(path).await.body;
    assert!(form.contains("Quillmere") && form.contains("For everybody"), "{form}");

    let choice = [("visibility", "organizations"), ("organization", &*named.to_string())];
    post(&mut editor, &format!("{path}/visibility"), &choice).await;
    assert_eq!(insider.get("/docs/parcels").await.status, StatusCode::OK);
    assert_eq!(outsider.get("/docs/parcels").await.status, StatusCode::NOT_FOUND);
    assert_eq!(portal.visitor().get("/docs/parcels").await.status, StatusCode::NOT_FOUND);
    assert!(editor.get("/admin/apis").await.body.contains("For named organizations"));

    let (before, after) = trail(&portal, "api.visibility_changed").await.remove(0);
    assert_eq!(before.unwrap(), json!({ "visibility": "public", "organizations": [] }));
    assert_eq!(after.unwrap(), json!({ "visibility": "organizations", "organizations": ["Quillmere"] }));
    post(&mut editor, &format!("{path}/visibility"), &choice).await;
    assert_eq!(trail(&portal, "api.visibility_changed").await.len(), 1, "nothing changed, nothing is recorded");

    post(&mut editor, &format!("{path}/visibility"), &[("visibility", "partners")]).await;
    assert_eq!(outsider.get("/docs/parcels").await.status, StatusCode::OK);
    let refused = editor.post(&format!("{path}/visibility"), &[("visibility", "friends")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Choose whom the API is for."), "{}", refused.body);
}

#[sqlx::test]
async fn one_of_many_partners_is_found_by_name(db: PgPool) {
    let portal = demo(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    for number in 10..45 {
        portal.organization(&format!("Partner {number}")).await;
    }
    let named = portal.organization("Zeppelin Books").await;
    let first = editor.get("/admin/apis/parcels").await.body;
    assert!(first.contains("Find partners") && !first.contains("Zeppelin Books"), "{first}");
    let found = editor.get("/admin/apis/parcels?partner=zeppelin").await.body;
    assert!(found.contains("Zeppelin Books") && !found.contains("Partner 10"), "{found}");
    let form = [("visibility", "organizations"), ("organization", &*named.to_string())];
    post(&mut editor, "/admin/apis/parcels/visibility", &form).await;
    let chosen = editor.get("/admin/apis/parcels").await.body;
    assert!(chosen.contains("Zeppelin Books"), "what is chosen is always in view");
}

#[sqlx::test]
async fn an_api_is_described(db: PgPool) {
    let portal = demo(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    let refused = editor.post("/admin/apis/parcels", &[("name", " "), ("summary", "Kept words")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Kept words"), "{}", refused.body);
    post(&mut editor, "/admin/apis/parcels", &[("name", "Parcels & more"), ("summary", "All of it.")]).await;
    let page = portal.visitor().get("/docs").await.body;
    assert!(page.contains("Parcels &amp; more") && page.contains("All of it."), "{page}");
    let (before, _) = trail(&portal, "api.described").await.remove(0);
    assert_eq!(before.unwrap()["name"], "Parcels API");
    assert_eq!(editor.get("/admin/apis/nobody").await.status, StatusCode::NOT_FOUND);
    let import = editor.get("/admin/apis/new?api=parcels&version=2027-01").await.body;
    assert!(import.contains(r#"value="parcels""#) && import.contains(r#"value="2027-01""#), "{import}");
}

#[sqlx::test]
async fn a_retired_version_keeps_its_pages_and_answers_no_calls(db: PgPool) {
    let portal = demo(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    let secret = sandbox_key(&portal).await;
    let call = async || portal.visitor().call(Method::GET, "/sandbox/parcels/2026-03/shipments", &secret, None).await;
    assert_eq!(call().await.status, StatusCode::OK);
    post(&mut editor, "/admin/apis/parcels/versions/2026-03/state", &[("state", "retired"), ("sunset_on", "")]).await;
    let gone = call().await;
    assert_eq!((gone.status, &gone.json()["code"]), (StatusCode::GONE, &json!("version_retired")), "{}", gone.body);
    let page = portal.visitor().get("/docs/parcels/2026-03/operations/createShipment").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Version 2026-03 is retired"), "{}", page.body);
}

#[sqlx::test]
async fn callers_of_what_is_deprecated_are_told_since_when_and_until_when(db: PgPool) {
    let portal = demo(db).await;
    let mut editor = portal.staff(StaffRole::Editor).await;
    let ending = r#"deprecated: true, x-deprecated-at: "2026-01-31", x-sunset: "2026-12-24""#;
    let document = format!(
        "openapi: 3.1.0\ninfo: {{title: Lockers, version: '1'}}\npaths:\n  /old: {{get: {{responses: {{}}, {ending}}}}}\n  /new: {{get: {{responses: {{}}}}}}\n  /undated: {{get: {{responses: {{}}, deprecated: true}}}}\n"
    );
    upload(&mut editor, "lockers", "1", "lockers.yaml", document.as_bytes()).await;
    let path = "/admin/apis/lockers/versions/1";
    post(&mut editor, &format!("{path}/publication"), &[]).await;
    let secret = sandbox_key(&portal).await;
    let call = async |path: &str| {
        let answer = portal.visitor().call(Method::GET, &format!("/sandbox/lockers/1{path}"), &secret, None).await;
        (answer.header("deprecation").to_owned(), answer.header("sunset").to_owned())
    };
    let nothing = (String::new(), String::new());
    assert_eq!(call("/new").await, nothing, "nothing is deprecated");
    assert_eq!(call("/undated").await, nothing, "no date is made up");
    assert_eq!(call("/old").await, ("@1769817600".into(), "Thu, 24 Dec 2026 23:59:59 GMT".into()));

    let deprecated = [("state", "deprecated"), ("sunset_on", "2027-03-31")];
    post(&mut editor, &format!("{path}/state"), &deprecated).await;
    let (since, until) = call("/new").await;
    assert!(since.starts_with('@') && until == "Wed, 31 Mar 2027 23:59:59 GMT", "{since} {until}");
    assert_eq!(call("/nowhere").await, (since.clone(), until), "an error is an answer too");
    let old = call("/old").await;
    assert_eq!(old, ("@1769817600".into(), "Thu, 24 Dec 2026 23:59:59 GMT".into()), "what comes first is told");

    post(&mut editor, &format!("{path}/state"), &[("state", "deprecated"), ("sunset_on", "2027-06-30")]).await;
    assert_eq!(call("/new").await, (since, "Wed, 30 Jun 2027 23:59:59 GMT".into()), "another last day moves only that");
    post(&mut editor, &format!("{path}/state"), &[("state", "stable"), ("sunset_on", "")]).await;
    assert_eq!(call("/new").await, nothing);
}

async fn sandbox_key(portal: &TestPortal) -> String {
    let organization = portal.organization("Caller").await;
    let scopes = vec![Scope::AppsWrite, Scope::KeysWrite];
    let new = NewToken { holder: Holder::Organization(organization), name: Name::parse("Sync").unwrap(), scopes };
    let mut tx = portal.portal.db.begin().await.unwrap();
    let token = tokens::issue(&mut tx, &portal.portal.vault, "vst", &Actor::system("test"), new).await.unwrap();
    tx.commit().await.unwrap();
    let token = token.secret.expose_secret();
    let mut program = portal.visitor();
    let app = program.call(Method::POST, "/api/v1/apps", token, Some(json!({ "name": "Till" }))).await.json();
    let keys = format!("/api/v1/apps/{}/keys", app["id"].as_str().unwrap());
    let wish = json!({ "name": "Staging", "scopes": ["shipments:read"], "environment": "sandbox" });
    let issued = program.call(Method::POST, &keys, token, Some(wish)).await;
    issued.json()["secret"].as_str().unwrap_or_else(|| panic!("{}", issued.body)).to_owned()
}
