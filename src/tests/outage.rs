//! What visitors see while the database is away.

use axum::http::{Method, StatusCode};
use sqlx::PgPool;
use vestibule::web::StaffRole;

use crate::portal::TestPortal;

#[sqlx::test]
async fn without_its_database_the_portal_says_so_and_when_to_come_back(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut admin = portal.staff(StaffRole::Admin).await;
    portal.portal.db.close().await;

    let page = admin.get("/admin").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.header("retry-after"), "5");
    assert!(page.body.contains("The portal is away for a moment"), "{}", page.body);

    let token = vestibule::credential::generate("vst", "staff");
    let token = secrecy::ExposeSecret::expose_secret(&token);
    let answer = portal.visitor().call(Method::GET, "/api/v1/organizations", token, None).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!((&answer.json()["code"], &answer.json()["retryable"]), (&"unavailable".into(), &true.into()));
}

#[sqlx::test]
async fn what_needs_no_database_goes_on_without_it(db: PgPool) {
    let portal = TestPortal::new(db).await;
    portal.portal.db.close().await;
    for path in ["/", "/docs", "/docs/vestibule", "/guides", "/login", "/healthz"] {
        assert_eq!(portal.visitor().get(path).await.status, StatusCode::OK, "{path}");
    }
    let ready = portal.visitor().get("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.json()["dependencies"]["database"]["status"], "unavailable");
}
