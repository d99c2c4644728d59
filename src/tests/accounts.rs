//! Signing up, signing in, sessions, passwords, teams.

use axum::http::{Request, StatusCode};
use sqlx::PgPool;
use vestibule::web::Role;

use crate::portal::{PASSWORD, TestPortal};

const EMAIL: &str = "ines@quillmere.example";

fn sign_up_form(email: &str) -> [(&str, &str); 4] {
    [("organization", "Quillmere Books"), ("name", "Ines Halloran"), ("email", email), ("password", PASSWORD)]
}

#[sqlx::test]
async fn a_partner_signs_up_confirms_and_signs_in(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut ines = portal.visitor();
    assert_eq!(ines.post("/signup", &sign_up_form(EMAIL)).await.status, StatusCode::OK);

    let early = ines.post("/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "the address is not confirmed yet");

    let link = portal.link_to(EMAIL, "/verify-email").await.unwrap();
    let token = link.split_once("token=").unwrap().1.to_owned();
    for _ in 0..2 {
        assert_eq!(ines.get(&link).await.status, StatusCode::OK, "opening the link confirms nothing");
    }
    assert_eq!(ines.post("/verify-email", &[("token", &token)]).await.location(), "/login");
    assert_eq!(ines.post("/verify-email", &[("token", &token)]).await.status, StatusCode::NOT_FOUND);

    let signed_in = ines.post("/login", &[("email", "INES@quillmere.example"), ("password", PASSWORD)]).await;
    assert_eq!(signed_in.location(), "/dashboard");
    assert!(ines.get("/dashboard/team").await.body.contains("Ines Halloran"));
}

#[sqlx::test]
async fn what_cannot_be_accepted_keeps_what_was_typed(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut visitor = portal.visitor();
    let form = [("organization", ""), ("name", "Ines"), ("email", "not an address"), ("password", "short")];
    let answer = visitor.post("/signup", &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("value=\"not an address\"") && answer.body.contains("Enter a name."));
    assert!(!answer.body.contains("value=\"short\""), "a password is not sent back");
}

#[sqlx::test]
async fn known_and_unknown_addresses_get_the_same_answers(db: PgPool) {
    let portal = TestPortal::new(db).await;
    portal.account("known@example.com").await;
    let mut visitor = portal.visitor();
    for path in ["/signup", "/forgot-password"] {
        let known = visitor.post(path, &sign_up_form("known@example.com")).await;
        let unknown = visitor.post(path, &sign_up_form("other@example.com")).await;
        assert_eq!(known.status, unknown.status, "{path}");
        let neutral = |answer: &crate::portal::Answer| {
            answer.body.replace("known@example.com", "X").replace("other@example.com", "X")
        };
        assert_eq!(neutral(&known), neutral(&unknown), "{path}");
    }
    let wrong = |email| [("email", email), ("password", "not the right one")];
    let known = visitor.post("/login", &wrong("known@example.com")).await;
    let unknown = visitor.post("/login", &wrong("other@example.com")).await;
    assert_eq!((known.status, unknown.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
    assert!(portal.mail_to("known@example.com").await.unwrap().contains("new password"));
    assert!(portal.mail_to("other@example.com").await.unwrap().contains("Confirm your address"));
}

#[sqlx::test]
async fn guessing_a_password_is_slowed_down_for_the_account(db: PgPool) {
    let portal = TestPortal::new(db).await;
    portal.account(EMAIL).await;
    let mut thief = portal.visitor();
    for _ in 0..10 {
        thief.post("/login", &[("email", EMAIL), ("password", "a guess")]).await;
    }
    let answer = thief.post("/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 60);
}

#[sqlx::test]
async fn a_session_has_a_new_token_after_each_sign_in_and_can_be_ended(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let organization = portal.organization("Quillmere").await;
    let mut laptop = portal.member(organization, Role::Owner).await;
    let email = format!("owner-{organization}@example.com");
    let mut phone = portal.signed_in(&email).await;

    assert!(phone.get("/dashboard/account").await.body.contains("End session"));
    assert_eq!(phone.post("/dashboard/account/sessions/end", &[]).await.status, StatusCode::SEE_OTHER);
    assert!(laptop.get("/dashboard/account").await.location().starts_with("/login"));
    assert_eq!(phone.get("/dashboard/account").await.status, StatusCode::OK);

    phone.post("/logout", &[]).await;
    assert!(phone.get("/dashboard/account").await.location().starts_with("/login"));
    let sessions: i64 = sqlx::query_scalar("select count(*) from session").fetch_one(&portal.portal.db).await.unwrap();
    assert_eq!(sessions, 0);
}

#[sqlx::test]
async fn an_idle_session_has_ended(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut member = portal.member(portal.organization("Quillmere").await, Role::Viewer).await;
    sqlx::query("update session set last_seen_at = now() - interval '8 days'")
        .execute(&portal.portal.db)
        .await
        .unwrap();
    assert!(member.get("/dashboard/account").await.location().starts_with("/login"));
}

#[sqlx::test]
async fn a_new_password_by_mail_ends_every_session(db: PgPool) {
    let portal = TestPortal::new(db).await;
    portal.account(EMAIL).await;
    let mut laptop = portal.signed_in(EMAIL).await;
    let mut visitor = portal.visitor();
    visitor.post("/forgot-password", &[("email", EMAIL)]).await;
    let link = portal.link_to(EMAIL, "/reset-password").await.unwrap();
    let token = link.split_once("token=").unwrap().1.to_owned();
    assert_eq!(visitor.get(&link).await.status, StatusCode::OK);
    let form = [("token", token.as_str()), ("password", "another lane evening boat")];
    assert_eq!(visitor.post("/reset-password", &form).await.location(), "/login");
    assert_eq!(visitor.post("/reset-password", &form).await.status, StatusCode::NOT_FOUND, "a link is good once");
    assert!(laptop.get("/dashboard/account").await.location().starts_with("/login"));
    let old = visitor.post("/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[sqlx::test]
async fn a_form_from_another_site_is_refused(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut member = portal.member(portal.organization("Quillmere").await, Role::Owner).await;
    let foreign: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        // A browser that is too old to say where a form comes from.
        &[],
    ];
    for headers in foreign {
        let mut request = Request::post("/dashboard/account/sessions/end");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        assert_eq!(member.send(request).await.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    let own = Request::post("/dashboard/account/sessions/end").header("origin", "http://127.0.0.1:3000");
    assert_eq!(member.send(own).await.status, StatusCode::SEE_OTHER);
}

#[sqlx::test]
async fn somebody_invited_joins_with_a_new_account(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let organization = portal.organization("Quillmere").await;
    let mut owner = portal.member(organization, Role::Owner).await;
    owner.post("/dashboard/team/invitations", &[("email", "tom@quillmere.example"), ("role", "developer")]).await;
    let link = portal.link_to("tom@quillmere.example", "/invite/").await.unwrap();

    let mut tom = portal.visitor();
    assert!(tom.get(&link).await.body.contains("Join Quillmere"));
    let joined = tom.post(&link, &[("name", "Tom Ashgrove"), ("password", PASSWORD)]).await;
    assert_eq!(joined.location(), "/login");
    assert_eq!(tom.get(&link).await.status, StatusCode::NOT_FOUND, "an invitation is good once");
    let mut tom = portal.signed_in("tom@quillmere.example").await;
    assert!(tom.get("/dashboard/team").await.body.contains("Tom Ashgrove"));
}

#[sqlx::test]
async fn an_invitation_to_a_known_address_needs_its_owner(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let organization = portal.organization("Quillmere").await;
    let mut owner = portal.member(organization, Role::Owner).await;
    portal.account("tom@quillmere.example").await;
    owner.post("/dashboard/team/invitations", &[("email", "tom@quillmere.example"), ("role", "viewer")]).await;
    let link = portal.link_to("tom@quillmere.example", "/invite/").await.unwrap();

    let stranger = portal.visitor().post(&link, &[("name", "Eve"), ("password", PASSWORD)]).await;
    assert!(stranger.location().starts_with("/login"), "whoever has the link is not yet Tom");
    let mut tom = portal.signed_in("tom@quillmere.example").await;
    assert_eq!(tom.post(&link, &[]).await.location(), "/dashboard");
    assert!(tom.get("/dashboard/team").await.body.contains("Quillmere"));
}

#[sqlx::test]
async fn an_organization_keeps_an_owner(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let organization = portal.organization("Quillmere").await;
    let mut owner = portal.member(organization, Role::Owner).await;
    let account: uuid::Uuid =
        sqlx::query_scalar("select account_id from membership").fetch_one(&portal.portal.db).await.unwrap();
    let member = vestibule::db::AccountId(account);
    owner.post(&format!("/dashboard/team/members/{member}/role"), &[("role", "viewer")]).await;
    owner.post(&format!("/dashboard/team/members/{member}/removal"), &[]).await;
    let role: String = sqlx::query_scalar("select role from membership").fetch_one(&portal.portal.db).await.unwrap();
    assert_eq!(role, "owner");
}

#[sqlx::test]
async fn a_removed_member_loses_access_at_once(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let organization = portal.organization("Quillmere").await;
    let mut owner = portal.member(organization, Role::Owner).await;
    let mut viewer = portal.member(organization, Role::Viewer).await;
    let account: uuid::Uuid = sqlx::query_scalar("select account_id from membership where role = 'viewer'")
        .fetch_one(&portal.portal.db)
        .await
        .unwrap();
    assert_eq!(viewer.get("/dashboard/team").await.status, StatusCode::OK);
    let member = vestibule::db::AccountId(account);
    owner.post(&format!("/dashboard/team/members/{member}/removal"), &[]).await;
    assert_eq!(viewer.get("/dashboard/team").await.status, StatusCode::FORBIDDEN);
}
