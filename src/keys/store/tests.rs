mod edits;
mod evidence;
mod rotation;

use secrecy::ExposeSecret;
use sqlx::{PgPool, query};
use time::Duration;

use super::*;
use crate::{apps, audit::Filter, config::MasterKey, keys::Overlap};

pub(super) async fn organization(db: &PgPool) -> OrganizationId {
    let id = OrganizationId::new();
    query!("insert into organization (id, name, email) values ($1, 'Quillmere', 'ines@quillmere.example')", id.0)
        .execute(db)
        .await
        .unwrap();
    id
}

pub(super) async fn app(db: &PgPool) -> App {
    let owner = organization(db).await;
    apps::create(db, &actor(), owner, &Name::parse("Checkout").unwrap()).await.unwrap()
}

pub(super) fn actor() -> Actor {
    Actor::system("test")
}

pub(super) fn minted() -> Minted {
    Minted::new(&Vault::new(&[MasterKey([7; 32])]), "vst", Environment::Sandbox)
}

pub(super) fn new_key(name: &str) -> NewKey {
    NewKey {
        name: Name::parse(name).unwrap(),
        environment: Environment::Sandbox,
        scopes: vec!["shipments:write".into()],
    }
}

pub(super) fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

pub(super) async fn actions(db: &PgPool, organization: OrganizationId) -> Vec<String> {
    let filter = Filter { organization: Some(organization), ..Filter::default() };
    let trail = audit::list(db, filter, 100).await.unwrap();
    trail.into_iter().map(|entry| entry.action).collect()
}

#[sqlx::test]
async fn an_issued_key_is_its_organizations_alone(db: PgPool) {
    let app = app(&db).await;
    let issued = issue(&db, &actor(), &app, new_key("Staging"), minted()).await.unwrap();
    let found = by_id(&db, app.organization, issued.key.id).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.app, found.secrets.len()), ("Staging", app.id, 1));
    assert!(issued.secret.expose_secret().ends_with(&found.secrets[0].last_four));
    assert!(by_id(&db, organization(&db).await, issued.key.id).await.unwrap().is_none());
}

#[sqlx::test]
async fn a_secret_is_stored_nowhere(db: PgPool) {
    let app = app(&db).await;
    let issued = issue(&db, &actor(), &app, new_key("Staging"), minted()).await.unwrap();
    let random = issued.secret.expose_secret().rsplit('_').next().unwrap().to_owned();
    let rows = sqlx::query_scalar!(
        r#"
        select row_to_json(s)::text as "row!" from api_key_secret s
        union all select row_to_json(k)::text from api_key k
        union all select row_to_json(e)::text from audit_entry e
        "#
    )
    .fetch_all(&db)
    .await
    .unwrap();
    assert!(rows.len() >= 3 && rows.iter().all(|row| !row.contains(&random)));
}

#[sqlx::test]
async fn two_keys_of_an_app_share_a_name_only_after_a_revocation(db: PgPool) {
    let app = app(&db).await;
    let first = issue(&db, &actor(), &app, new_key("Staging"), minted()).await.unwrap();
    let taken = issue(&db, &actor(), &app, new_key("staging"), minted()).await.err().unwrap();
    assert_eq!(taken.as_database_error().unwrap().constraint(), Some("api_key_name_unique"));
    revoke(&db, &actor(), first.key.id).await.unwrap();
    issue(&db, &actor(), &app, new_key("staging"), minted()).await.unwrap();
}

#[sqlx::test]
async fn a_rotation_leaves_the_old_secret_its_overlap(db: PgPool) {
    let app = app(&db).await;
    let issued = issue(&db, &actor(), &app, new_key("Staging"), minted()).await.unwrap();
    let moment = now();
    let rotated = rotate(&db, &actor(), issued.key.id, Overlap::default(), moment, minted()).await.unwrap().unwrap();
    let [new, old] = &rotated.key.secrets[..] else { panic!("{:?}", rotated.key.secrets) };
    assert!(rotated.secret.expose_secret().ends_with(&new.last_four) && new.ends_at.is_none());
    assert_eq!(old.id, issued.key.secrets[0].id);
    let end = old.ends_at.unwrap();
    assert!((end - moment - Duration::hours(24)).abs() < Duration::milliseconds(1));
    assert!(rotated.key.retiring(end - Duration::seconds(1)).is_some() && rotated.key.retiring(end).is_none());
}

#[sqlx::test]
async fn at_most_two_secrets_live(db: PgPool) {
    let app = app(&db).await;
    let issued = issue(&db, &actor(), &app, new_key("Staging"), minted()).await.unwrap();
    let longest = Overlap::from_seconds(Overlap::LONGEST.whole_seconds()).unwrap();
    for _ in 0..4 {
        let rotated = rotate(&db, &actor(), issued.key.id, longest, now(), minted()).await.unwrap().unwrap();
        assert_eq!(rotated.key.secrets.iter().filter(|secret| secret.is_live(now())).count(), 2);
    }
    let rotated = rotate(&db, &actor(), issued.key.id, Overlap::from_seconds(0).unwrap(), now(), minted())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(rotated.key.secrets.iter().filter(|secret| secret.is_live(now())).count(), 1);
}

#[sqlx::test]
async fn rotations_at_the_same_time_take_turns(db: PgPool) {
    let app = app(&db).await;
    let key = issue(&db, &actor(), &app, new_key("Staging"), minted()).await.unwrap().key;
    let rotations: Vec<_> = (0..6)
        .map(|_| {
            let (db, id) = (db.clone(), key.id);
            tokio::spawn(async move { rotate(&db, &actor(), id, Overlap::default(), now(), minted()).await })
        })
        .collect();
    for rotation in rotations {
        rotation.await.unwrap().unwrap().unwrap();
    }
    let key = by_id(&db, app.organization, key.id).await.unwrap().unwrap();
    assert_eq!(key.secrets.len(), 7);
    assert_eq!(key.secrets.iter().filter(|secret| secret.is_live(now())).count(), 2);
    assert_eq!(key.secrets.iter().filter(|secret| secret.ends_at.is_none()).count(), 1);
}

#[sqlx::test]
async fn an_older_secret_can_be_retired_before_its_end(db: PgPool) {
    let app = app(&db).await;
    let key = issue(&db, &actor(), &app, new_key("Staging"), minted()).await.unwrap().key;
    assert!(retire(&db, &actor(), key.id, now()).await.unwrap().is_none());
    rotate(&db, &actor(), key.id, Overlap::default(), now(), minted()).await.unwrap().unwrap();
    assert_eq!(retire(&db, &actor(), key.id, now()).await.unwrap().unwrap().id, key.secrets[0].id);
    let key = by_id(&db, app.organization, key.id).await.unwrap().unwrap();
    assert_eq!(key.state(now()), super::super::KeyState::Live);
    assert_eq!(actions(&db, app.organization).await[..2], ["key.secret_retired", "key.rotated"]);
}

#[sqlx::test]
async fn a_revoked_or_expired_key_has_nothing_to_rotate(db: PgPool) {
    let app = app(&db).await;
    let revoked = issue(&db, &actor(), &app, new_key("Staging"), minted()).await.unwrap().key;
    revoke(&db, &actor(), revoked.id).await.unwrap();
    assert!(rotate(&db, &actor(), revoked.id, Overlap::default(), now(), minted()).await.unwrap().is_none());
    let expired = issue(&db, &actor(), &app, new_key("Till"), minted()).await.unwrap().key;
    query!("update api_key set expires_at = now() where id = $1", expired.id.0).execute(&db).await.unwrap();
    assert!(rotate(&db, &actor(), expired.id, Overlap::default(), now(), minted()).await.unwrap().is_none());
}

#[sqlx::test]
async fn revoking_twice_is_recorded_once(db: PgPool) {
    let app = app(&db).await;
    let key = issue(&db, &actor(), &app, new_key("Staging"), minted()).await.unwrap().key;
    let first = revoke(&db, &actor(), key.id).await.unwrap();
    let second = revoke(&db, &actor(), key.id).await.unwrap();
    assert_eq!(first.revoked_at, second.revoked_at);
    assert_eq!(actions(&db, app.organization).await, ["key.revoked", "key.issued", "app.created"]);
}

#[sqlx::test]
async fn a_list_goes_on_after_the_last_key_seen(db: PgPool) {
    let app = app(&db).await;
    for name in ["one", "two", "three"] {
        issue(&db, &actor(), &app, new_key(name), minted()).await.unwrap();
    }
    let first = of_app(&db, app.id, None, 2).await.unwrap();
    let rest = of_app(&db, app.id, Some(first[1].id), 2).await.unwrap();
    let names: Vec<&str> = first.iter().chain(&rest).map(|key| key.name.as_str()).collect();
    assert_eq!(names, ["three", "two", "one"]);
}
