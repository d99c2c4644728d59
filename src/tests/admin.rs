//! The staff's pages: settings, partners, staff, the audit trail, the outbox.

use axum::http::StatusCode;
use sqlx::PgPool;
use vestibule::{
    audit::{self, Actor, Entry, Filter, Subject},
    db::OrganizationId,
    web::{Role, StaffRole},
};

use crate::portal::{PASSWORD, TestPortal};

const SETTINGS: [(&str, &str); 7] = [
    ("portal_name", "Larkfield"),
    ("headline", "Parcels, by API"),
    ("introduction", "One API for nine carriers."),
    ("accent", "#A8481B"),
    ("logo_letters", "LF"),
    ("support_email", "help@larkfield.example"),
    ("mail_from", ""),
];

async fn actions(portal: &TestPortal) -> Vec<String> {
    let entries = audit::list(&portal.portal.db, Filter::default(), 100).await.unwrap();
    entries.into_iter().map(|entry| entry.action).collect()
}

async fn record(portal: &TestPortal, actor: &str, organization: OrganizationId, action: &'static str) {
    let mut tx = portal.portal.db.begin().await.unwrap();
    let subject = Subject::of(organization, "key", "key_1", format!("subject of {action}"));
    audit::record(&mut tx, &Actor::system(actor), Entry::new(action, subject)).await.unwrap();
    tx.commit().await.unwrap();
}

#[sqlx::test]
async fn every_page_of_the_administration_has_one_heading_even_while_nothing_is_there(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut admin = portal.staff(StaffRole::Admin).await;
    let places = ["", "/partners", "/mail", "/audit", "/audit?verify=1", "/staff", "/settings"];
    for place in places {
        let answer = admin.get(&format!("/admin{place}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{place}");
        assert_eq!(answer.body.matches("<h1").count(), 1, "{place}");
        assert!(!answer.body.contains(" style=\""), "{place}");
    }
    // It shows the page of a failure among its pieces, heading and all.
    assert_eq!(admin.get("/admin/styleguide").await.status, StatusCode::OK);
}

#[sqlx::test]
async fn new_settings_are_in_force_on_the_next_page_and_recorded(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut admin = portal.staff(StaffRole::Admin).await;
    assert_eq!(admin.post("/admin/settings", &SETTINGS).await.location(), "/admin/settings");
    let page = admin.get("/admin/settings").await.body;
    assert!(page.contains("The settings were saved."));
    let front = portal.visitor().get("/").await.body;
    for shown in [
        "Larkfield",
        "Parcels, by API",
        "One API for nine carriers.",
        ">LF<",
        "--brand:#a8481b",
        "mailto:help@larkfield.example",
    ] {
        assert!(front.contains(shown), "{shown}");
    }
    let entry = audit::list(&portal.portal.db, Filter { action: Some("settings".into()), ..Filter::default() }, 1)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(entry.before.unwrap()["portal_name"], "Vestibule");
    let after = entry.after.unwrap();
    assert_eq!(after["accent"], "#a8481b");
    assert!(after.get("mail_from").is_none(), "what did not change is not recorded");
}

#[sqlx::test]
async fn settings_saved_again_without_a_change_leave_no_entry(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut admin = portal.staff(StaffRole::Admin).await;
    admin.post("/admin/settings", &SETTINGS).await;
    let recorded = actions(&portal).await;
    assert_eq!(admin.post("/admin/settings", &SETTINGS).await.status, StatusCode::SEE_OTHER);
    assert_eq!(actions(&portal).await, recorded);
}

#[sqlx::test]
async fn settings_that_cannot_be_accepted_change_nothing_and_are_shown_again(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut admin = portal.staff(StaffRole::Admin).await;
    let form = [("portal_name", "Larkfield"), ("accent", "red;}"), ("support_email", "nobody")];
    let answer = admin.post("/admin/settings", &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("id=\"accent-error\"") && answer.body.contains("id=\"support_email-error\""));
    assert!(answer.body.contains("value=\"Larkfield\"") && answer.body.contains("value=\"nobody\""));
    assert_eq!(portal.portal.settings.current().portal_name, "Vestibule");
}

#[sqlx::test]
async fn a_suspended_partner_is_shut_out_until_it_is_reinstated(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let id = portal.organization("Quillmere").await;
    let mut member = portal.member(id, Role::Owner).await;
    let mut admin = portal.staff(StaffRole::Admin).await;
    let page = format!("/admin/partners/{id}");
    assert!(admin.get("/admin/partners?q=quill").await.body.contains(&page));
    assert!(admin.get("/admin/partners?q=nobody").await.body.contains("No partner fits"));

    assert_eq!(admin.post(&format!("{page}/suspension"), &[]).await.location(), page);
    assert!(admin.get(&page).await.body.contains("Quillmere was suspended."));
    assert_eq!(member.get("/dashboard").await.status, StatusCode::FORBIDDEN);
    admin.post(&format!("{page}/suspension"), &[]).await;

    assert_eq!(admin.post(&format!("{page}/reinstatement"), &[]).await.location(), page);
    assert_eq!(member.get("/dashboard").await.status, StatusCode::OK);
    let suspensions = actions(&portal).await;
    let count = |action: &str| suspensions.iter().filter(|recorded| *recorded == action).count();
    assert_eq!((count("organization.suspended"), count("organization.reinstated")), (1, 1));
}

#[sqlx::test]
async fn a_partner_that_does_not_exist_is_not_found(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut admin = portal.staff(StaffRole::Admin).await;
    let nobody = format!("/admin/partners/{}", OrganizationId::new());
    assert_eq!(admin.get(&nobody).await.status, StatusCode::NOT_FOUND);
    assert_eq!(admin.get("/admin/partners/nonsense").await.status, StatusCode::NOT_FOUND);
    assert_eq!(admin.post(&format!("{nobody}/suspension"), &[]).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test]
async fn support_reads_partners_and_cannot_suspend_them(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let id = portal.organization("Quillmere").await;
    let mut support = portal.staff(StaffRole::Support).await;
    let page = support.get(&format!("/admin/partners/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("Suspend partner"));
    let refused = support.post(&format!("/admin/partners/{id}/suspension"), &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[sqlx::test]
async fn somebody_who_is_appointed_sets_a_password_and_enters_the_administration(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut admin = portal.staff(StaffRole::Admin).await;
    let form = [("name", "Ada Marsh"), ("email", "ada@larkfield.example"), ("role", "support")];
    assert_eq!(admin.post("/admin/staff", &form).await.location(), "/admin/staff");

    let link = portal.link_to("ada@larkfield.example", "/reset-password").await.unwrap();
    let token = link.split_once("token=").unwrap().1.to_owned();
    portal.visitor().post("/reset-password", &[("token", &token), ("password", PASSWORD)]).await;
    let mut ada = portal.signed_in("ada@larkfield.example").await;
    assert_eq!(ada.get("/admin").await.status, StatusCode::OK);
    assert_eq!(ada.get("/admin/staff").await.status, StatusCode::FORBIDDEN);
}

#[sqlx::test]
async fn somebody_with_an_account_keeps_their_password_when_appointed_and_loses_the_role_at_once(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let account = portal.account("tom@larkfield.example").await;
    let mut tom = portal.signed_in("tom@larkfield.example").await;
    assert_eq!(tom.get("/admin").await.status, StatusCode::NOT_FOUND);

    let mut admin = portal.staff(StaffRole::Admin).await;
    admin.post("/admin/staff", &[("name", "Tom"), ("email", "TOM@larkfield.example"), ("role", "editor")]).await;
    assert_eq!(tom.get("/admin").await.status, StatusCode::OK);
    portal.signed_in("tom@larkfield.example").await;
    assert!(portal.link_to("tom@larkfield.example", "/reset-password").await.is_none());

    admin.post(&format!("/admin/staff/{account}/dismissal"), &[]).await;
    assert_eq!(tom.get("/admin").await.status, StatusCode::NOT_FOUND);
    assert_eq!(actions(&portal).await.first().map(String::as_str), Some("staff.dismissed"));
}

#[sqlx::test]
async fn an_administrator_cannot_leave_the_portal_without_one(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut admin = portal.staff(StaffRole::Admin).await;
    let own: uuid::Uuid = sqlx::query_scalar("select id from account").fetch_one(&portal.portal.db).await.unwrap();
    let own = vestibule::db::AccountId(own);
    assert_eq!(admin.post(&format!("/admin/staff/{own}/dismissal"), &[]).await.status, StatusCode::FORBIDDEN);
    let demotion = [("name", "Me"), ("email", "admin@staff.example"), ("role", "support")];
    assert_eq!(admin.post("/admin/staff", &demotion).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(admin.get("/admin/staff").await.status, StatusCode::OK);
}

#[sqlx::test]
async fn the_trail_is_read_in_pages_and_narrowed(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let organization = portal.organization("Quillmere").await;
    let mut support = portal.staff(StaffRole::Support).await;
    record(&portal, "the first job", organization, "key.revoked").await;
    for _ in 0..51 {
        record(&portal, "another job", organization, "key.issued").await;
    }
    let first = support.get("/admin/audit").await.body;
    assert!(!first.contains("the first job"));
    let older = first.split("href=\"").find(|part| part.starts_with("/admin/audit?before=")).unwrap();
    let older = older.split('"').next().unwrap().to_owned();
    assert!(support.get(&older).await.body.contains("the first job"));

    let narrowed = support.get("/admin/audit?actor=first&action=key").await.body;
    assert!(narrowed.contains("subject of key.revoked") && !narrowed.contains("subject of key.issued"));
    let other = OrganizationId::new();
    assert!(support.get(&format!("/admin/audit?organization={other}")).await.body.contains("No entry fits"));
    assert!(support.get(&format!("/admin/audit?organization={organization}")).await.body.contains("Quillmere"));
}

#[sqlx::test]
async fn the_chain_is_verified_on_demand(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let mut support = portal.staff(StaffRole::Support).await;
    for action in ["key.issued", "key.revoked"] {
        record(&portal, "a job", OrganizationId::new(), action).await;
    }
    let newest = audit::list(&portal.portal.db, Filter::default(), 1).await.unwrap()[0].seq;
    assert!(!support.get("/admin/audit").await.body.contains("The chain holds"));
    let holds = format!("The chain holds up to entry {newest}");
    assert!(support.get("/admin/audit?verify=1").await.body.contains(&holds));

    let mut behind = portal.portal.db.begin().await.unwrap();
    sqlx::query("set local session_replication_role = replica").execute(&mut *behind).await.unwrap();
    sqlx::query("update audit_entry set actor_label = 'nobody' where seq = $1")
        .bind(newest)
        .execute(&mut *behind)
        .await
        .unwrap();
    behind.commit().await.unwrap();
    let broken = format!("The chain is broken at entry {newest}");
    assert!(support.get("/admin/audit?verify=1").await.body.contains(&broken));
}

#[sqlx::test]
async fn an_owner_reads_the_entries_of_their_own_organization_only(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let (own, other) = (portal.organization("Quillmere").await, portal.organization("Tannery").await);
    record(&portal, "a job", own, "key.issued").await;
    record(&portal, "a job", other, "key.revoked").await;
    let mut owner = portal.member(own, Role::Owner).await;
    for path in ["/dashboard/audit".to_owned(), format!("/dashboard/audit?organization={other}")] {
        let page = owner.get(&path).await.body;
        assert!(page.contains("subject of key.issued"), "{path}");
        assert!(!page.contains("subject of key.revoked") && !page.contains("/admin/"), "{path}");
    }
    let mut viewer = portal.member(own, Role::Viewer).await;
    assert_eq!(viewer.get("/dashboard/audit").await.status, StatusCode::FORBIDDEN);
}

#[sqlx::test]
async fn administrators_read_whole_messages_and_support_reads_no_link_that_acts(db: PgPool) {
    let portal = TestPortal::new(db).await;
    portal.account("ines@quillmere.example").await;
    portal.visitor().post("/forgot-password", &[("email", "ines@quillmere.example")]).await;
    let link = portal.link_to("ines@quillmere.example", "/reset-password").await.unwrap();
    let token = link.split_once("token=").unwrap().1.to_owned();

    let mut admin = portal.staff(StaffRole::Admin).await;
    let list = admin.get("/admin/mail").await.body;
    assert!(list.contains("ines@quillmere.example") && list.contains("Kept here") && !list.contains(&token));
    let letter = list.split("href=\"").find(|part| part.starts_with("/admin/mail/msg_")).unwrap();
    let letter = letter.split('"').next().unwrap().to_owned();
    assert!(admin.get(&letter).await.body.contains(&token));

    let mut support = portal.staff(StaffRole::Support).await;
    let read = support.get(&letter).await;
    assert_eq!(read.status, StatusCode::OK);
    assert!(read.body.contains("Links are shortened") && !read.body.contains(&token));
    assert_eq!(support.get("/admin/mail/msg_00000000000000000000000000").await.status, StatusCode::NOT_FOUND);
}
