//! Making and revoking tokens on the pages for it.

use axum::http::{Method, StatusCode};
use sqlx::PgPool;
use vestibule::{
    db::TokenId,
    web::{Role, StaffRole},
};

use crate::portal::{Answer, TestPortal, Visitor};

/// The token that a page shows.
fn secret_in(answer: &Answer, kind: &str) -> Option<String> {
    let start = answer.body.find(&format!("vst_{kind}_"))?;
    Some(answer.body[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect())
}

async fn status_of(portal: &TestPortal, token: &str, path: &str) -> StatusCode {
    portal.visitor().call(Method::GET, path, token, None).await.status
}

async fn only_token(db: &PgPool) -> TokenId {
    sqlx::query_scalar("select id from api_token").fetch_one(db).await.unwrap()
}

/// Makes a token, sees it once, and revokes it.
async fn make_and_revoke(
    portal: &TestPortal,
    visitor: &mut Visitor<'_>,
    desk: &str,
    (kind, scope, call): (&str, &str, &str),
) {
    let made = visitor.post(desk, &[("name", "Nightly sync"), ("scopes", scope)]).await;
    assert_eq!((made.status, made.location()), (StatusCode::SEE_OTHER, desk), "{}", made.body);
    let shown = visitor.get(desk).await;
    let secret = secret_in(&shown, kind).unwrap();
    assert_eq!(shown.header("cache-control"), "no-store");
    assert!(shown.body.contains(&format!("{call} ")), "a first call is offered");
    assert_eq!(secret_in(&visitor.get(desk).await, kind).filter(|text| text.len() > 20), None, "it is shown once");
    assert_eq!(status_of(portal, &secret, call).await, StatusCode::OK);

    let revocation = format!("{desk}/{}/revocation", only_token(&portal.portal.db).await);
    let unconfirmed = visitor.post(&revocation, &[("confirm", "nightly")]).await;
    assert_eq!(unconfirmed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(status_of(portal, &secret, call).await, StatusCode::OK);
    assert_eq!(visitor.post(&revocation, &[("confirm", "Nightly sync")]).await.location(), desk);
    assert_eq!(status_of(portal, &secret, call).await, StatusCode::UNAUTHORIZED);
    assert!(visitor.get(desk).await.body.contains("Revoked"));
}

#[sqlx::test]
async fn an_owner_makes_a_token_sees_it_once_and_revokes_it(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let organization = portal.organization("Quillmere").await;
    let mut owner = portal.member(organization, Role::Owner).await;
    make_and_revoke(&portal, &mut owner, "/dashboard/tokens", ("mgmt", "apps:read", "/api/v1/apps")).await;
}

#[sqlx::test]
async fn an_administrator_makes_a_token_sees_it_once_and_revokes_it(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut admin = portal.staff(StaffRole::Admin).await;
    let staff = ("staff", "organizations:read", "/api/v1/organizations");
    make_and_revoke(&portal, &mut admin, "/admin/tokens", staff).await;
}

#[sqlx::test]
async fn a_form_that_cannot_be_accepted_comes_back_as_it_was_typed(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let organization = portal.organization("Quillmere").await;
    let mut owner = portal.member(organization, Role::Owner).await;
    for form in [
        &[("name", "Deploy & sync")] as &[_],
        &[("name", "Deploy & sync"), ("scopes", "audit:read")],
        &[("name", ""), ("scopes", "apps:read")],
    ] {
        let answer = owner.post("/dashboard/tokens", form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
        assert!(form[0].1.is_empty() || answer.body.contains("Deploy &amp; sync"), "{form:?}");
    }
    let made: i64 = sqlx::query_scalar("select count(*) from api_token").fetch_one(&portal.portal.db).await.unwrap();
    assert_eq!(made, 0);
}

#[sqlx::test]
async fn nobody_revokes_a_token_of_others(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let (own, other) = (portal.organization("Quillmere").await, portal.organization("Elsewhere").await);
    let mut owner = portal.member(own, Role::Owner).await;
    owner.post("/dashboard/tokens", &[("name", "Nightly sync"), ("scopes", "apps:read")]).await;
    let id = only_token(&portal.portal.db).await;
    let mut stranger = portal.member(other, Role::Owner).await;
    let answer = stranger.post(&format!("/dashboard/tokens/{id}/revocation"), &[("confirm", "Nightly sync")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let mut admin = portal.staff(StaffRole::Admin).await;
    let answer = admin.post(&format!("/admin/tokens/{id}/revocation"), &[("confirm", "Nightly sync")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "a partner's token is not the company's");
}
