use std::time::Duration as StdDuration;

use secrecy::ExposeSecret;
use sqlx::query;
use tokio::{sync::watch, time::sleep};

use super::*;
use crate::{
    apps::{self, App},
    audit::Actor,
    config::MasterKey,
    credential,
    db::OrganizationId,
    keys::{Environment, Issued, Key, Minted, NewKey, Overlap},
    name::Name,
};

struct Fixture {
    db: PgPool,
    vault: Vault,
    app: App,
}

impl Fixture {
    async fn new(db: PgPool) -> Self {
        let owner = OrganizationId::new();
        query!(
            "insert into organization (id, name, email) values ($1, 'Quillmere', 'ines@quillmere.example')",
            owner.0
        )
        .execute(&db)
        .await
        .unwrap();
        let name = Name::parse("Checkout").unwrap();
        let app = apps::create(&db, &actor(), owner, &name).await.unwrap();
        Self { db, vault: Vault::new(&[MasterKey([7; 32])]), app }
    }

    async fn issue(&self) -> Issued {
        let new =
            NewKey { name: Name::parse("Staging").unwrap(), environment: Environment::Sandbox, scopes: Vec::new() };
        store::issue(&self.db, &actor(), &self.app, new, self.mint()).await.unwrap()
    }

    async fn rotate(&self, key: &Key, overlap_seconds: i64) -> Issued {
        let overlap = Overlap::from_seconds(overlap_seconds).unwrap();
        let now = OffsetDateTime::now_utc();
        store::rotate(&self.db, &actor(), key.id, overlap, now, self.mint()).await.unwrap().unwrap()
    }

    async fn revoke(&self, key: &Key) {
        store::revoke(&self.db, &actor(), key.id).await.unwrap();
    }

    async fn code(&self, ring: &KeyRing, issued: &Issued) -> Option<Code> {
        let secret = Credential::parse(issued.secret.expose_secret()).unwrap();
        ring.verify(&self.db, &self.vault, secret).await.err().map(|error| error.code())
    }

    fn mint(&self) -> Minted {
        Minted::new(&self.vault, "vst", Environment::Sandbox)
    }
}

fn actor() -> Actor {
    Actor::system("test")
}

/// A ring whose listener runs until the sender is dropped or says so.
async fn listening(db: &PgPool) -> (Arc<KeyRing>, watch::Sender<bool>) {
    let ring = Arc::new(KeyRing::new(60));
    let (stop, stopped) = watch::channel(false);
    let (heard, pool) = (ring.clone(), db.clone());
    tokio::spawn(async move { heard.listen(&pool, stopped).await });
    while ring.changes.proved_at.load(SeqCst) == 0 {
        sleep(StdDuration::from_millis(5)).await;
    }
    (ring, stop)
}

/// Verification without the database: whatever is not remembered is not there.
fn remembered(fixture: &Fixture, ring: &KeyRing, issued: &Issued) -> Option<web::Result<Arc<VerifiedKey>>> {
    ring.remembered(&fixture.vault.fingerprint(issued.secret.expose_secret()))
}

#[sqlx::test]
async fn a_known_key_is_verified_with_all_that_the_sandbox_asks(db: PgPool) {
    let fixture = Fixture::new(db).await;
    let issued = fixture.issue().await;
    let ring = KeyRing::new(60);
    let secret = Credential::parse(issued.secret.expose_secret()).unwrap();
    let key = ring.verify(&fixture.db, &fixture.vault, secret).await.unwrap();
    assert_eq!((key.id, key.app, key.organization), (issued.key.id, fixture.app.id, fixture.app.organization));
    assert_eq!((key.app_name.as_str(), key.organization_name.as_str()), ("Checkout", "Quillmere"));
    assert!(key.retirement.is_none());
}

#[sqlx::test]
async fn each_way_to_end_has_its_own_code(db: PgPool) {
    let fixture = Fixture::new(db).await;
    let issued = fixture.issue().await;
    let changes = [
        ("update organization set suspended_at = null", None),
        ("update api_key set disabled_at = now()", Some(Code::KeyDisabled)),
        ("update api_key set disabled_at = null, expires_at = now()", Some(Code::KeyExpired)),
        ("update api_key set expires_at = null", None),
        ("update organization set suspended_at = now()", Some(Code::KeyDisabled)),
        ("update app set deleted_at = now()", Some(Code::KeyRevoked)),
        ("delete from organization", Some(Code::KeyNotFound)),
    ];
    for (change, code) in changes {
        sqlx::query(change).execute(&fixture.db).await.unwrap();
        assert_eq!(fixture.code(&KeyRing::new(60), &issued).await, code, "{change}");
    }
}

#[sqlx::test]
async fn both_secrets_of_a_rotation_work_until_the_older_ends(db: PgPool) {
    let fixture = Fixture::new(db).await;
    let old = fixture.issue().await;
    let ring = KeyRing::new(60);
    assert_eq!(fixture.code(&ring, &old).await, None);
    let new = fixture.rotate(&old.key, 1).await;
    ring.forget(old.key.id);
    assert_eq!((fixture.code(&ring, &old).await, fixture.code(&ring, &new).await), (None, None));
    let retirement = remembered(&fixture, &ring, &old).unwrap().unwrap().retirement.unwrap();
    assert!((retirement.ends_at - retirement.since).abs() <= time::Duration::seconds(2));

    // Nothing in the database changes at the end: it is checked at every use.
    ring.prove(Instant::now() + StdDuration::from_secs(60));
    sleep(StdDuration::from_millis(1100)).await;
    assert_eq!(remembered(&fixture, &ring, &old).unwrap().unwrap_err().code(), Code::KeyExpired);
    assert_eq!(fixture.code(&ring, &new).await, None);
    assert_eq!(fixture.code(&KeyRing::new(60), &old).await, Some(Code::KeyExpired));
}

#[sqlx::test]
async fn an_unknown_key_is_asked_for_once(db: PgPool) {
    let fixture = Fixture::new(db.clone()).await;
    let ring = KeyRing::new(60);
    let issued = Issued { key: fixture.issue().await.key, secret: credential::generate("vst", "sandbox") };
    assert_eq!(fixture.code(&ring, &issued).await, Some(Code::KeyNotFound));
    db.close().await;
    assert_eq!(fixture.code(&ring, &issued).await, Some(Code::KeyNotFound));
}

#[sqlx::test]
async fn a_warm_ring_needs_no_database_while_its_listener_is_heard(db: PgPool) {
    let fixture = Fixture::new(db.clone()).await;
    let issued = fixture.issue().await;
    let (ring, _stop) = listening(&db).await;
    assert_eq!(fixture.code(&ring, &issued).await, None);
    sleep(UNPROVED + StdDuration::from_millis(200)).await;
    assert!(remembered(&fixture, &ring, &issued).is_some_and(|verdict| verdict.is_ok()));
}

#[sqlx::test]
async fn a_ring_without_a_listener_asks_again_within_a_second(db: PgPool) {
    let fixture = Fixture::new(db).await;
    let issued = fixture.issue().await;
    let ring = KeyRing::new(60);
    assert_eq!(fixture.code(&ring, &issued).await, None);
    assert!(remembered(&fixture, &ring, &issued).is_some());
    fixture.revoke(&issued.key).await;
    sleep(UNPROVED).await;
    assert!(remembered(&fixture, &ring, &issued).is_none());
    assert_eq!(fixture.code(&ring, &issued).await, Some(Code::KeyRevoked));
}

#[sqlx::test]
async fn a_revocation_reaches_every_instance_within_a_second(db: PgPool) {
    let fixture = Fixture::new(db.clone()).await;
    let issued = fixture.issue().await;
    let (here, _stop_here) = listening(&db).await;
    let (there, _stop_there) = listening(&db).await;
    for ring in [&here, &there] {
        assert_eq!(fixture.code(ring, &issued).await, None);
    }
    fixture.revoke(&issued.key).await;
    let revoked_at = Instant::now();
    for ring in [&here, &there] {
        while fixture.code(ring, &issued).await != Some(Code::KeyRevoked) {
            assert!(revoked_at.elapsed() < StdDuration::from_secs(1), "the key still works");
            sleep(StdDuration::from_millis(5)).await;
        }
    }
}

#[sqlx::test]
async fn a_revocation_is_seen_although_the_listener_was_cut_off(db: PgPool) {
    let fixture = Fixture::new(db.clone()).await;
    let issued = fixture.issue().await;
    let (ring, _stop) = listening(&db).await;
    assert_eq!(fixture.code(&ring, &issued).await, None);
    let cut = r#"
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and (query like 'LISTEN%' or query = 'select 1 as "one!"')
    "#;
    let mut tx = db.begin().await.unwrap();
    let cut = sqlx::query(cut).fetch_all(&mut *tx).await.unwrap();
    assert_eq!(cut.len(), 1);
    query!("update api_key set revoked_at = now() where id = $1", issued.key.id.0).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let revoked_at = Instant::now();
    while fixture.code(&ring, &issued).await != Some(Code::KeyRevoked) {
        assert!(revoked_at.elapsed() < StdDuration::from_secs(1), "the key still works");
        sleep(StdDuration::from_millis(5)).await;
    }
    let before = ring.changes.proved_at.load(SeqCst);
    sleep(StdDuration::from_millis(1500)).await;
    assert!(ring.changes.proved_at.load(SeqCst) > before, "the listener came back");
}

#[sqlx::test]
async fn a_standing_that_was_read_before_a_change_is_not_kept(db: PgPool) {
    let fixture = Fixture::new(db).await;
    let issued = fixture.issue().await;
    let ring = KeyRing::new(60);
    let mac = fixture.vault.fingerprint(issued.secret.expose_secret());
    ring.secrets.insert(mac, Known { key: issued.key.id, secret: issued.key.secrets[0].id });
    type Change = fn(&KeyRing, KeyId);
    let changes: [Change; 2] = [|ring, key| ring.forget(key), |ring, _| ring.forget_all()];
    for change in changes {
        let heard = ring.changes.heard.load(SeqCst);
        let facts = store::facts(&fixture.db, issued.key.id).await.unwrap();
        let read = || Remembered { standing: Arc::new(Standing::of(&facts)), asked_at: Instant::now(), heard };
        // The change is heard while the answer is on its way, and after it was kept.
        change(&ring, issued.key.id);
        ring.remember(issued.key.id, read());
        assert!(ring.remembered(&mac).is_none());
        ring.remember(issued.key.id, Remembered { heard: ring.changes.heard.load(SeqCst), ..read() });
        assert!(ring.remembered(&mac).is_some());
        change(&ring, issued.key.id);
        assert!(ring.remembered(&mac).is_none());
    }
}

#[sqlx::test]
async fn uses_are_written_down_at_the_flush_and_kept_when_it_fails(db: PgPool) {
    let fixture = Fixture::new(db).await;
    let issued = fixture.issue().await;
    let ring = KeyRing::new(60);
    let secret = Credential::parse(issued.secret.expose_secret()).unwrap();
    let key = ring.verify(&fixture.db, &fixture.vault, secret).await.unwrap();
    let noon = OffsetDateTime::from_unix_timestamp(1_795_000_000).unwrap();
    ring.note_use(&key, [203, 0, 113, 7].into(), noon);
    ring.note_use(&key, [203, 0, 113, 8].into(), noon + time::Duration::seconds(1));

    let away = PgPool::connect_lazy("postgres://nobody@localhost/nothing?host=/nonexistent").unwrap();
    assert!(ring.flush(&away).await.is_err());
    ring.flush(&fixture.db).await.unwrap();
    let key = store::by_id(&fixture.db, fixture.app.organization, key.id).await.unwrap().unwrap();
    assert_eq!(key.secrets[0].first_used_at, Some(noon));
    assert_eq!(key.secrets[0].last_used_at, Some(noon + time::Duration::seconds(1)));
    assert_eq!(key.secrets[0].last_used_from.as_deref(), Some("203.0.113.8"));
}

#[test]
fn strangers_do_not_fill_memory() {
    let ring = KeyRing::new(60);
    for n in 0..50_000u32 {
        let mut mac = [0; 32];
        mac[..4].copy_from_slice(&n.to_be_bytes());
        ring.strangers.insert(mac, ());
    }
    ring.strangers.run_pending_tasks();
    assert!(ring.strangers.entry_count() <= STRANGERS);
}
