//! A partner's way from an app to a call, and back: on the pages, by the HTTP API, through the sandbox.

use axum::http::{Method, StatusCode};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sqlx::PgPool;
use vestibule::{
    audit::Actor,
    db::OrganizationId,
    name::Name,
    reference,
    tokens::{self, Holder, NewToken, Scope},
    web::Role,
};

use crate::portal::{Answer, TestPortal, Visitor};

const SCOPES: [(&str, &str); 1] = [("scopes", "shipments:read")];

/// A portal with the demo's API.
pub async fn with_demo(db: PgPool) -> TestPortal {
    let portal = TestPortal::new(db).await;
    reference::load_demo(&portal.portal.db, &portal.portal.config.content_dir).await.unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
    portal
}

pub async fn app(visitor: &mut Visitor<'_>, name: &str) -> String {
    let made = visitor.post("/dashboard/apps", &[("name", name)]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    made.location().to_owned()
}

/// Issues a key on the app's page; gives the key's path and its secret.
pub async fn key(visitor: &mut Visitor<'_>, app: &str, name: &str) -> (String, String) {
    let form = [("name", name), SCOPES[0]];
    let issued = visitor.post(&format!("{app}/keys"), &form).await;
    assert_eq!(issued.status, StatusCode::SEE_OTHER, "{}", issued.body);
    let path = issued.location().to_owned();
    let secret = secret_in(&visitor.get(&path).await).unwrap();
    (path, secret)
}

/// The whole secret that a page shows.
pub fn secret_in(answer: &Answer) -> Option<String> {
    let rests = answer.body.match_indices("vst_sandbox_").map(|(at, _)| &answer.body[at..]);
    let words =
        rests.map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>());
    words.into_iter().find(|word| word.len() == "vst_sandbox_".len() + 36)
}

pub async fn call(portal: &TestPortal, secret: &str) -> Answer {
    portal.visitor().call(Method::GET, "/sandbox/parcels/2026-09/shipments", secret, None).await
}

pub fn code(answer: &Answer) -> (StatusCode, Option<String>) {
    (answer.status, answer.json()["code"].as_str().map(str::to_owned))
}

#[sqlx::test]
async fn a_partner_goes_from_an_app_to_a_call_and_revokes_the_key(db: PgPool) {
    let portal = with_demo(db).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    assert!(tom.get("/dashboard").await.body.contains("0 of 3 steps done"));

    let app = app(&mut tom, "Checkout").await;
    assert!(tom.get("/dashboard").await.body.contains(&format!("{app}#issue")));
    let issued = tom.post(&format!("{app}/keys"), &[("name", "Staging"), SCOPES[0]]).await;
    let path = issued.location().to_owned();
    let shown = tom.get(&path).await;
    let secret = secret_in(&shown).unwrap();
    assert_eq!(shown.header("cache-control"), "no-store");
    assert!(shown.body.contains("/sandbox/parcels/2026-09/"), "the page has a call to copy");
    assert!(shown.body.matches(&secret).count() >= 2, "the call has the secret in it");
    let again = tom.get(&path).await;
    assert_eq!(secret_in(&again), None, "it is shown once");
    assert!(again.body.contains("$SANDBOX_KEY") && again.body.contains(&secret[secret.len() - 4..]));

    let answer = call(&portal, &secret).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("ratelimit"), "\"default\";r=59;t=60");
    portal.portal.key_ring.flush(&portal.portal.db).await.unwrap();
    assert!(tom.get(&path).await.body.contains("from 127.0.0.1"));
    assert!(!tom.get("/dashboard").await.body.contains("steps done"), "the road is behind them");

    let revocation = format!("{path}/revocation");
    let unconfirmed = tom.post(&revocation, &[("confirm", "staging")]).await;
    assert_eq!(unconfirmed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(call(&portal, &secret).await.status, StatusCode::OK);
    assert_eq!(tom.post(&revocation, &[("confirm", "Staging")]).await.location(), path);
    assert_eq!(code(&call(&portal, &secret).await), (StatusCode::UNAUTHORIZED, Some("key_revoked".into())));
    let ended = tom.get(&path).await.body;
    assert!(ended.contains("This key is revoked") && !ended.contains("Live"));
}

#[sqlx::test]
async fn a_rotated_key_has_two_secrets_until_the_old_one_is_retired(db: PgPool) {
    let portal = with_demo(db).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Checkout").await;
    let (path, old) = key(&mut tom, &app, "Staging").await;

    let odd = tom.post(&format!("{path}/rotation"), &[("overlap", "2592001")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(tom.post(&format!("{path}/rotation"), &[("overlap", "3600")]).await.location(), path);
    let new = secret_in(&tom.get(&path).await).unwrap();
    assert_ne!(old, new);
    let (with_old, with_new) = (call(&portal, &old).await, call(&portal, &new).await);
    assert_eq!((with_old.status, with_new.status), (StatusCode::OK, StatusCode::OK));
    assert!(with_old.header("deprecation").starts_with('@') && with_old.header("sunset").ends_with(" GMT"));
    assert_eq!((with_new.header("deprecation"), with_new.header("sunset")), ("", ""));

    portal.portal.key_ring.flush(&portal.portal.db).await.unwrap();
    assert!(tom.get(&path).await.body.contains("Not yet safe to retire the old secret"));
    assert_eq!(tom.post(&format!("{path}/retirement"), &[]).await.location(), path);
    assert_eq!(code(&call(&portal, &old).await), (StatusCode::UNAUTHORIZED, Some("key_expired".into())));
    assert_eq!(call(&portal, &new).await.status, StatusCode::OK);
}

#[sqlx::test]
async fn what_cannot_be_accepted_is_said_where_it_was_typed(db: PgPool) {
    let portal = with_demo(db).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    assert!(tom.post("/dashboard/apps", &[("name", " ")]).await.body.contains("Enter a name."));
    let app = app(&mut tom, "Checkout").await;
    let taken = tom.post("/dashboard/apps", &[("name", "checkout")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.body.contains("value=\"checkout\"") && taken.body.contains("already used by another of your apps"));

    key(&mut tom, &app, "Staging").await;
    let keys = format!("{app}/keys");
    let forms: [(&[(&str, &str)], &str); 3] = [
        (&[("name", "STAGING"), SCOPES[0]], "already used by another key of this app"),
        (&[("name", "Till")], "Choose at least one scope"),
        (&[("name", "Till"), ("scopes", "everything")], "No published API has the scope everything."),
    ];
    for (form, why) in forms {
        let answer = tom.post(&keys, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{why}");
        assert!(answer.body.contains(why) && answer.body.contains(&format!("value=\"{}\"", form[0].1)), "{why}");
    }
}

#[sqlx::test]
async fn an_app_is_renamed_and_deleted_with_its_keys(db: PgPool) {
    let portal = with_demo(db).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Checkout").await;
    let (path, secret) = key(&mut tom, &app, "Staging").await;
    assert_eq!(tom.post(&format!("{app}/name"), &[("name", "Till")]).await.location(), app);
    let deletion = format!("{app}/deletion");
    assert_eq!(tom.post(&deletion, &[("confirm", "Checkout")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(tom.post(&deletion, &[("confirm", "Till")]).await.location(), "/dashboard/apps");
    for gone in [&app, &path] {
        assert_eq!(tom.get(gone).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(code(&call(&portal, &secret).await), (StatusCode::UNAUTHORIZED, Some("key_revoked".into())));
}

#[sqlx::test]
async fn a_viewer_reads_keys_and_sees_no_way_to_change_them(db: PgPool) {
    let portal = with_demo(db).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Checkout").await;
    let (path, _) = key(&mut tom, &app, "Staging").await;
    let mut vera = portal.member(organization, Role::Viewer).await;
    for page in ["/dashboard", "/dashboard/apps", &app, &path] {
        let answer = vera.get(page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert!(!answer.body.contains("action=\"/dashboard"), "{page} has a form");
    }
    assert_eq!(vera.post(&format!("{app}/keys"), &[("name", "x"), SCOPES[0]]).await.status, StatusCode::FORBIDDEN);

    let elsewhere = portal.organization("Elsewhere").await;
    let mut stranger = portal.member(elsewhere, Role::Owner).await;
    for page in [&app, &path] {
        assert_eq!(stranger.get(page).await.status, StatusCode::NOT_FOUND, "{page}");
    }
}

#[sqlx::test]
async fn a_new_secret_is_shown_on_its_own_keys_page_only(db: PgPool) {
    let portal = with_demo(db).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Checkout").await;
    let (first, _) = key(&mut tom, &app, "Staging").await;
    let issued = tom.post(&format!("{app}/keys"), &[("name", "Till"), SCOPES[0]]).await;
    assert_eq!(secret_in(&tom.get(&first).await), None);
    assert!(secret_in(&tom.get(issued.location()).await).is_some());
}

pub async fn token(portal: &TestPortal, organization: OrganizationId) -> String {
    let scopes = vec![Scope::AppsRead, Scope::AppsWrite, Scope::KeysRead, Scope::KeysWrite];
    let holder = Holder::Organization(organization);
    let new = NewToken { holder, name: Name::parse("Nightly sync").unwrap(), scopes };
    let mut tx = portal.portal.db.begin().await.unwrap();
    let issued = tokens::issue(&mut tx, &portal.portal.vault, "vst", &Actor::system("test"), new).await.unwrap();
    tx.commit().await.unwrap();
    issued.secret.expose_secret().to_owned()
}

pub async fn post(portal: &TestPortal, token: &str, path: &str, body: Value) -> Answer {
    portal.visitor().call(Method::POST, path, token, Some(body)).await
}

pub async fn get(portal: &TestPortal, token: &str, path: &str) -> Answer {
    portal.visitor().call(Method::GET, path, token, None).await
}

#[sqlx::test]
async fn a_program_makes_an_app_and_a_key_rotates_it_and_revokes_it(db: PgPool) {
    let portal = with_demo(db).await;
    let token = token(&portal, portal.organization("Quillmere Books").await).await;
    let app = post(&portal, &token, "/api/v1/apps", json!({ "name": "Checkout" })).await;
    assert_eq!(app.status, StatusCode::CREATED, "{}", app.body);
    assert_eq!(get(&portal, &token, "/api/v1/apps").await.json()["data"], json!([app.json()]));

    let keys = format!("/api/v1/apps/{}/keys", app.json()["id"].as_str().unwrap());
    let wish = json!({ "name": "Staging", "scopes": ["shipments:read"], "environment": "sandbox" });
    let issued = post(&portal, &token, &keys, wish).await;
    assert_eq!(issued.status, StatusCode::CREATED, "{}", issued.body);
    let old = issued.json()["secret"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/keys/{}", issued.json()["id"].as_str().unwrap());
    let shown = get(&portal, &token, &path).await.json();
    assert_eq!((&shown["state"], &shown["scopes"]), (&json!("live"), &json!(["shipments:read"])));
    assert!(shown.get("secret").is_none());
    let mut listed = get(&portal, &token, &keys).await.json()["data"].clone();
    assert!(listed[0]["secrets"][0].get("usage").is_none(), "who uses it is told where one key is read");
    listed[0]["secrets"][0]["usage"] = shown["secrets"][0]["usage"].clone();
    assert_eq!(listed, json!([shown]));
    assert_eq!(call(&portal, &old).await.status, StatusCode::OK);

    let rotated = post(&portal, &token, &format!("{path}/rotate"), json!({ "overlap_seconds": 60 })).await;
    assert_eq!((rotated.status, &rotated.json()["state"]), (StatusCode::OK, &json!("rotating")), "{}", rotated.body);
    let new = rotated.json()["secret"].as_str().unwrap().to_owned();
    assert_eq!(call(&portal, &old).await.status, StatusCode::OK);
    assert_eq!(call(&portal, &new).await.status, StatusCode::OK);
    post(&portal, &token, &format!("{path}/rotate"), json!({ "overlap_seconds": 0 })).await;
    for ended in [&old, &new] {
        assert_eq!(code(&call(&portal, ended).await), (StatusCode::UNAUTHORIZED, Some("key_expired".into())));
    }

    let revoke = format!("{path}/revoke");
    for _ in 0..2 {
        let revoked = portal.visitor().call(Method::POST, &revoke, &token, None).await;
        assert_eq!((revoked.status, &revoked.json()["state"]), (StatusCode::OK, &json!("revoked")), "{}", revoked.body);
    }
    let late = post(&portal, &token, &format!("{path}/rotate"), json!({ "overlap_seconds": 0 })).await;
    assert_eq!(code(&late), (StatusCode::CONFLICT, Some("conflict".into())));
}

#[sqlx::test]
async fn a_program_is_told_what_cannot_be_accepted(db: PgPool) {
    let portal = with_demo(db).await;
    let own = token(&portal, portal.organization("Quillmere Books").await).await;
    let app = post(&portal, &own, "/api/v1/apps", json!({ "name": "Checkout" })).await.json();
    let keys = format!("/api/v1/apps/{}/keys", app["id"].as_str().unwrap());
    let refused = [
        ("/api/v1/apps", json!({ "name": "CHECKOUT" }), "/name"),
        ("/api/v1/apps", json!({ "name": "Till", "colour": "red" }), ""),
        (&keys, json!({ "name": "", "scopes": [], "environment": "sandbox" }), "/name"),
        (&keys, json!({ "name": "Till", "scopes": ["everything"], "environment": "sandbox" }), "/scopes"),
        (&keys, json!({ "name": "Till", "scopes": [], "environment": "moon" }), "/environment"),
    ];
    for (path, body, pointer) in refused {
        let answer = post(&portal, &own, path, body).await;
        assert_eq!(
            code(&answer),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("validation_failed".into())),
            "{}",
            answer.body
        );
        let found = answer.json()["errors"][0]["pointer"].as_str().unwrap().to_owned();
        assert!(found.starts_with(pointer), "{found} is not {pointer}");
    }
    let production = json!({ "name": "Live", "scopes": [], "environment": "production" });
    assert_eq!(code(&post(&portal, &own, &keys, production).await), (StatusCode::FORBIDDEN, Some("forbidden".into())));

    let other = token(&portal, portal.organization("Elsewhere").await).await;
    assert_eq!(get(&portal, &other, &keys).await.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&portal, &other, "/api/v1/apps").await.json()["data"], json!([]));
}
