//! What an owner does with a key: settings, rotation on evidence, switching off, by page and by the HTTP API.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::PgPool;
use vestibule::{
    audit::{self, Filter},
    db::OrganizationId,
    web::{Role, StaffRole},
};

use crate::{
    keys::{app, call, code, get, key, post, secret_in, token, with_demo},
    portal::{Answer, TestPortal, Visitor},
};

async fn flush(portal: &TestPortal) {
    portal.portal.key_ring.flush(&portal.portal.db).await.unwrap();
}

async fn rotate(visitor: &mut Visitor<'_>, path: &str, overlap: &str) -> String {
    assert_eq!(visitor.post(&format!("{path}/rotation"), &[("overlap", overlap)]).await.location(), path);
    secret_in(&visitor.get(path).await).unwrap()
}

/// Form fields that leave a key as it is, but for these.
fn settings<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let all =
        [("name", "Staging"), ("scopes", "shipments:read"), ("networks", ""), ("expires_on", ""), ("rate_limit", "")];
    let changed = |name: &str| changes.iter().find(|(of, _)| *of == name).map(|(_, value)| *value);
    all.map(|(name, value)| (name, changed(name).unwrap_or(value))).to_vec()
}

async fn actions(portal: &TestPortal, organization: OrganizationId) -> Vec<String> {
    let filter = Filter { organization: Some(organization), ..Filter::default() };
    audit::list(&portal.portal.db, filter, 100).await.unwrap().into_iter().map(|entry| entry.action).collect()
}

#[sqlx::test]
async fn the_page_says_whether_the_old_secret_can_go(db: PgPool) {
    let portal = with_demo(db).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Checkout").await;
    let (path, old) = key(&mut tom, &app, "Staging").await;
    let new = rotate(&mut tom, &path, "86400").await;
    let (old_name, new_name) = (format!("…{}", &old[old.len() - 4..]), format!("…{}", &new[new.len() - 4..]));

    let page = tom.get(&path).await.body;
    assert!(page.contains("Neither is used since the rotation: nobody may have taken the new one over yet."));
    call(&portal, &new).await;
    flush(&portal).await;
    let page = tom.get(&path).await.body;
    assert!(page.contains(&format!("{old_name} was not used since the rotation, and {new_name} is in use: safe.")));
    call(&portal, &old).await;
    flush(&portal).await;
    let page = tom.get(&path).await.body;
    assert!(page.contains(&format!("{old_name} was last used just now by 127.0.0.1: not yet.")), "{page}");
    assert!(page.contains("1 in the last hour") || page.contains("1<!> in the last hour"), "{page}");

    let viewer = portal.member(organization, Role::Viewer).await.get(&path).await.body;
    assert!(viewer.contains("Who uses which secret") && !viewer.contains("action=\"/dashboard"));
}

#[sqlx::test]
async fn a_rotation_is_extended_cancelled_and_made_again(db: PgPool) {
    let portal = with_demo(db).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Checkout").await;
    let (path, old) = key(&mut tom, &app, "Staging").await;
    let new = rotate(&mut tom, &path, "86400").await;

    let shorter = tom.post(&format!("{path}/extension"), &[("overlap", "3600")]).await;
    assert_eq!(shorter.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shorter.body.contains("That would end the old secret sooner than it ends now."));
    assert_eq!(tom.post(&format!("{path}/extension"), &[("overlap", "604800")]).await.location(), path);
    assert!(tom.get(&path).await.body.contains("The old secret works until"));

    assert_eq!(tom.post(&format!("{path}/cancellation"), &[]).await.location(), path);
    let with_old = call(&portal, &old).await;
    assert_eq!((with_old.status, with_old.header("sunset")), (StatusCode::OK, ""), "it has no end any more");
    assert_eq!(code(&call(&portal, &new).await), (StatusCode::UNAUTHORIZED, Some("key_expired".into())));
    let again = tom.post(&format!("{path}/cancellation"), &[]).await;
    assert_eq!(again.location(), path);
    assert!(tom.get(&path).await.body.contains("Nothing changed."));

    let newest = rotate(&mut tom, &path, "60").await;
    for works in [&old, &newest] {
        assert_eq!(call(&portal, works).await.status, StatusCode::OK);
    }
    let recorded = actions(&portal, organization).await;
    assert_eq!(recorded[..4], ["key.rotated", "key.rotation_cancelled", "key.overlap_extended", "key.rotated"]);
}

#[sqlx::test]
async fn settings_are_changed_on_a_page_and_hold_for_the_next_call(db: PgPool) {
    let portal = with_demo(db).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Checkout").await;
    let (path, secret) = key(&mut tom, &app, "Staging").await;
    let form = format!("{path}/settings");

    let elsewhere = settings(&[("networks", "203.0.113.0/24\r\n2001:db8::/32")]);
    assert_eq!(tom.post(&form, &elsewhere).await.location(), path);
    let refused = call(&portal, &secret).await;
    assert_eq!(code(&refused), (StatusCode::FORBIDDEN, Some("address_not_allowed".into())));
    assert!(refused.json()["detail"].as_str().unwrap().contains("from 127.0.0.1"));
    assert!(tom.get(&form).await.body.contains("203.0.113.0/24\n2001:db8::/32"));
    tom.post(&form, &settings(&[("networks", "127.0.0.0/8")])).await;
    assert_eq!(call(&portal, &secret).await.status, StatusCode::OK);

    tom.post(&form, &settings(&[("rate_limit", "2"), ("name", "Till 3"), ("expires_on", "2999-12-31")])).await;
    assert_eq!(call(&portal, &secret).await.header("ratelimit-policy"), "\"default\";q=2;w=60");
    assert_eq!(code(&call(&portal, &secret).await), (StatusCode::TOO_MANY_REQUESTS, Some("rate_limited".into())));
    let page = tom.get(&path).await.body;
    assert!(page.contains("Till 3") && page.contains("1 Jan 3000"), "{page}");
    let shown = tom.get(&form).await.body;
    assert!(shown.contains("value=\"2999-12-31\"") && shown.contains("value=\"2\""));
}

#[sqlx::test]
async fn settings_that_cannot_be_accepted_are_shown_where_they_were_typed(db: PgPool) {
    let portal = with_demo(db).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Checkout").await;
    let (path, _) = key(&mut tom, &app, "Staging").await;
    key(&mut tom, &app, "Till").await;
    let cases = [
        (("networks", "example.com"), "example.com is no network"),
        (("expires_on", "2001-01-01"), "must lie in the future"),
        (("expires_on", "tomorrow"), "Write a day as 2026-12-31."),
        (("rate_limit", "61"), "must be a number of calls from 1 to 60"),
        (("rate_limit", "many"), "Write a number of calls"),
        (("name", "till"), "already used by another key"),
        (("scopes", "everything"), "No published API has the scope everything."),
    ];
    for (change, why) in cases {
        let answer = tom.post(&format!("{path}/settings"), &settings(&[change])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{why}");
        assert!(answer.body.contains(why), "{why}: {}", answer.body);
        assert!(change.0 == "scopes" || answer.body.contains(change.1), "{why}: what was typed is lost");
    }
    assert_eq!(actions(&portal, organization).await.iter().filter(|action| *action == "key.changed").count(), 0);
}

#[sqlx::test]
async fn a_key_is_switched_off_and_on(db: PgPool) {
    let portal = with_demo(db).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Checkout").await;
    let (path, secret) = key(&mut tom, &app, "Staging").await;
    assert_eq!(tom.post(&format!("{path}/deactivation"), &[]).await.location(), path);
    assert_eq!(code(&call(&portal, &secret).await), (StatusCode::UNAUTHORIZED, Some("key_disabled".into())));
    assert!(tom.get(&path).await.body.contains("Switch key on"));
    tom.post(&format!("{path}/activation"), &[]).await;
    assert_eq!(call(&portal, &secret).await.status, StatusCode::OK);
}

#[sqlx::test]
async fn staff_set_how_many_calls_the_keys_of_a_partner_may_make(db: PgPool) {
    let portal = with_demo(db).await;
    let organization = portal.organization("Quillmere Books").await;
    let mut tom = portal.member(organization, Role::Developer).await;
    let app = app(&mut tom, "Checkout").await;
    let (path, secret) = key(&mut tom, &app, "Staging").await;
    let mut admin = portal.staff(StaffRole::Admin).await;
    let partner = format!("/admin/partners/{organization}");
    let limit = format!("{partner}/limit");

    let odd = admin.post(&limit, &[("rate_limit", "none")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(odd.body.contains("Write a number of calls from 1") && odd.body.contains("value=\"none\""));
    assert_eq!(admin.post(&limit, &[("rate_limit", "90")]).await.location(), partner);
    portal.portal.key_ring.flush(&portal.portal.db).await.unwrap();
    assert_eq!(call(&portal, &secret).await.header("x-ratelimit-limit"), "90");
    tom.post(&format!("{path}/settings"), &settings(&[("rate_limit", "80")])).await;
    assert_eq!(call(&portal, &secret).await.header("x-ratelimit-limit"), "80");
    let above = tom.post(&format!("{path}/settings"), &settings(&[("rate_limit", "91")])).await;
    assert!(above.body.contains("must be a number of calls from 1 to 90"));
    assert!(actions(&portal, organization).await.contains(&"organization.key_limit_changed".to_owned()));
}

async fn patch(portal: &TestPortal, token: &str, path: &str, body: Value) -> Answer {
    portal.visitor().call(Method::PATCH, path, token, Some(body)).await
}

/// A key that a program made: the token, the key's path in the API, its secret.
async fn made(portal: &TestPortal) -> (String, String, String) {
    let token = token(portal, portal.organization("Quillmere Books").await).await;
    let app = post(portal, &token, "/api/v1/apps", json!({ "name": "Checkout" })).await.json();
    let keys = format!("/api/v1/apps/{}/keys", app["id"].as_str().unwrap());
    let wish = json!({ "name": "Staging", "scopes": ["shipments:read"], "environment": "sandbox" });
    let key = post(portal, &token, &keys, wish).await.json();
    let path = format!("/api/v1/keys/{}", key["id"].as_str().unwrap());
    (token, path, key["secret"].as_str().unwrap().to_owned())
}

#[sqlx::test]
async fn a_program_changes_a_key(db: PgPool) {
    let portal = with_demo(db).await;
    let (token, path, secret) = made(&portal).await;
    let wish = json!({
        "name": "Till", "allowed_networks": ["127.0.0.1", "2001:db8::/32"], "expires_at": "2999-01-01T00:00:00Z", "rate_limit": 30,
    });
    let changed = patch(&portal, &token, &path, wish).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let shown = changed.json();
    assert_eq!(shown["allowed_networks"], json!(["127.0.0.1/32", "2001:db8::/32"]));
    assert_eq!((&shown["rate_limit"], &shown["calls_a_minute"]), (&json!(30), &json!(30)));
    assert_eq!((&shown["expires_at"], &shown["scopes"]), (&json!("2999-01-01T00:00:00Z"), &json!(["shipments:read"])));
    assert_eq!(call(&portal, &secret).await.header("x-ratelimit-limit"), "30");
    let cleared =
        patch(&portal, &token, &path, json!({ "allowed_networks": [], "expires_at": null, "rate_limit": null })).await;
    assert_eq!((&cleared.json()["expires_at"], &cleared.json()["calls_a_minute"]), (&Value::Null, &json!(60)));
    assert_eq!(patch(&portal, &token, &path, json!({})).await.json(), cleared.json());

    let refused = [
        (json!({ "name": null }), "/name"),
        (json!({ "scopes": ["everything"] }), "/scopes"),
        (json!({ "allowed_networks": ["::1", "x"] }), "/allowed_networks/1"),
        (json!({ "expires_at": "2001-01-01T00:00:00Z" }), "/expires_at"),
        (json!({ "rate_limit": 61 }), "/rate_limit"),
        (json!({ "colour": "red" }), ""),
    ];
    for (body, pointer) in refused {
        let answer = patch(&portal, &token, &path, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{pointer}: {}", answer.body);
        assert!(answer.json()["errors"][0]["pointer"].as_str().unwrap().starts_with(pointer), "{}", answer.body);
    }
    post(&portal, &token, &format!("{path}/revoke"), json!({})).await;
    let late = patch(&portal, &token, &path, json!({ "name": "Late" })).await;
    assert_eq!(code(&late), (StatusCode::CONFLICT, Some("conflict".into())));
}

#[sqlx::test]
async fn a_program_sees_the_evidence_and_steers_a_rotation(db: PgPool) {
    let portal = with_demo(db).await;
    let (token, path, old) = made(&portal).await;
    let act = async |what: &str, body: Value| post(&portal, &token, &format!("{path}/{what}"), body).await;
    assert_eq!(code(&act("cancel-rotation", json!({})).await).0, StatusCode::CONFLICT);
    assert_eq!(code(&act("extend", json!({ "overlap_seconds": 60 })).await).0, StatusCode::CONFLICT);
    let new = act("rotate", json!({ "overlap_seconds": 60 })).await.json()["secret"].as_str().unwrap().to_owned();
    for secret in [&old, &old, &new] {
        call(&portal, secret).await;
    }
    flush(&portal).await;
    let shown = get(&portal, &token, &path).await.json();
    assert_eq!((&shown["state"], &shown["rotation"]["advice"]), (&json!("rotating"), &json!("still_used")));
    assert!(shown["rotation"]["in_words"].as_str().unwrap().contains("by 127.0.0.1: not yet"));
    let usage = &shown["secrets"][1]["usage"];
    assert_eq!((&usage["calls_last_hour"], &usage["calls_last_day"]), (&json!(2), &json!(2)));
    assert_eq!((&usage["addresses"][0]["address"], &usage["addresses"][0]["calls"]), (&json!("127.0.0.1"), &json!(2)));
    assert_eq!(shown["secrets"][0]["usage"]["calls_last_day"], json!(1));

    let sooner = act("extend", json!({ "overlap_seconds": 5 })).await;
    assert_eq!(sooner.json()["errors"][0]["pointer"], json!("/overlap_seconds"));
    let extended = act("extend", json!({ "overlap_seconds": 7200 })).await.json();
    assert!(extended["rotation"]["ends_at"].as_str() > shown["rotation"]["ends_at"].as_str());
    let cancelled = act("cancel-rotation", json!({})).await.json();
    assert_eq!((&cancelled["state"], &cancelled["rotation"]), (&json!("live"), &Value::Null));
    assert_eq!(call(&portal, &new).await.status, StatusCode::UNAUTHORIZED);

    let new = act("rotate", json!({ "overlap_seconds": 60 })).await.json()["secret"].as_str().unwrap().to_owned();
    for _ in 0..2 {
        assert_eq!(act("retire", json!({})).await.json()["state"], json!("live"));
    }
    assert_eq!(call(&portal, &old).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(act("disable", json!({})).await.json()["state"], json!("disabled"));
    assert_eq!(call(&portal, &new).await.json()["code"], json!("key_disabled"));
    assert_eq!(act("enable", json!({})).await.json()["state"], json!("live"));
    assert_eq!(call(&portal, &new).await.status, StatusCode::OK);
}
