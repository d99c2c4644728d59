//! The pool, the migrations, and ids.
//!
//! An id is a UUIDv7 with a name of its own type. In the database it is a plain `uuid`; everywhere else it is
//! written with the prefix of its kind in Crockford's base32, e.g. `key_01kaj7w2c9m0v6fsq8xe1h3t5r`, which sorts by time.

use std::{fmt, sync::LazyLock, time::Duration};

use anyhow::Context;
use data_encoding::{Encoding, Specification};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use tokio::sync::watch;
use uuid::Uuid;

use crate::config::DATABASE_PATIENCE;

/// More would only queue inside Postgres: pages take a connection for a few milliseconds each.
const CONNECTIONS: u32 = 20;

/// Every migration, in the program itself.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// A pool for `url`. Fails at once when the database cannot be reached.
pub async fn connect(url: &SecretString) -> anyhow::Result<PgPool> {
    let options: PgConnectOptions = url.expose_secret().parse().context("the database URL cannot be read")?;
    PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(DATABASE_PATIENCE)
        .connect_with(options.application_name("vestibule"))
        .await
        .context("the database cannot be reached")
}

/// Brings the schema up to date, under a lock: several instances may start at once.
pub async fn migrate(db: &PgPool) -> anyhow::Result<()> {
    MIGRATIONS.run(db).await.context("the migrations could not be run")
}

/// How many migrations the database lacks.
pub async fn pending_migrations(db: &PgPool) -> sqlx::Result<usize> {
    let has_table =
        sqlx::query_scalar!(r#"select to_regclass('_sqlx_migrations') is not null as "exists!""#).fetch_one(db).await?;
    if !has_table {
        return Ok(MIGRATIONS.iter().count());
    }
    let applied: Vec<i64> =
        sqlx::query_scalar("select version from _sqlx_migrations where success").fetch_all(db).await?;
    Ok(MIGRATIONS.iter().filter(|migration| !applied.contains(&migration.version)).count())
}

/// How many seconds the database's clock is ahead of ours.
pub async fn clock_difference(db: &PgPool) -> sqlx::Result<f64> {
    let theirs =
        sqlx::query_scalar!(r#"select extract(epoch from clock_timestamp())::float8 as "now!""#).fetch_one(db).await?;
    let ours = time::OffsetDateTime::now_utc();
    Ok(theirs - ours.unix_timestamp_nanos() as f64 / 1e9)
}

/// Between two attempts to listen: a database that is away is not asked in a tight loop.
const PAUSE: Duration = Duration::from_secs(1);

/// Keeps what is in memory as it is in the database, until `stop` turns true: calls `refresh` at first, after each
/// notification on `channel`, and after each lost connection, since what was notified meanwhile is unknown.
pub async fn follow<F>(db: PgPool, channel: &'static str, mut stop: watch::Receiver<bool>, refresh: impl Fn() -> F)
where
    F: Future<Output = sqlx::Result<()>>,
{
    while !*stop.borrow() {
        tokio::select! {
            // The other end is gone: the portal is going down.
            changed = stop.changed() => if changed.is_err() { return },
            () = follow_and_pause(&db, channel, &refresh) => {}
        }
    }
}

async fn follow_and_pause<F>(db: &PgPool, channel: &'static str, refresh: &impl Fn() -> F)
where
    F: Future<Output = sqlx::Result<()>>,
{
    let followed = async || -> sqlx::Result<()> {
        let mut listener = PgListener::connect_with(db).await?;
        listener.listen(channel).await?;
        refresh().await?;
        while listener.try_recv().await?.is_some() {
            refresh().await?;
        }
        Ok(())
    };
    if let Err(error) = followed().await {
        tracing::warn!(%error, channel, "changes in the database are not followed");
    }
    tokio::time::sleep(PAUSE).await;
}

static CROCKFORD: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
    specification.encoding().expect("32 distinct symbols make an encoding")
});

/// Writes an id with its prefix.
pub fn write_id(f: &mut fmt::Formatter<'_>, prefix: &str, id: &Uuid) -> fmt::Result {
    write!(f, "{prefix}_{}", CROCKFORD.encode(id.as_bytes()))
}

/// Reads an id of the given prefix; `None` for anything else.
pub fn read_id(prefix: &str, text: &str) -> Option<Uuid> {
    let encoded = text.strip_prefix(prefix)?.strip_prefix('_')?;
    let bytes = CROCKFORD.decode(encoded.as_bytes()).ok()?;
    Uuid::from_slice(&bytes).ok()
}

/// A text that is not an id of the kind that was asked for.
#[derive(Debug, thiserror::Error)]
#[error("is not an id of this kind")]
pub struct NotAnId;

/// Defines the id of one kind of thing: `id!(AppId, "app", "An app of an organization.")`.
#[macro_export]
macro_rules! id {
    ($name:ident, $prefix:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
        #[sqlx(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A new id, later than every id made before it.
            #[allow(clippy::new_without_default, reason = "an id is never a default")]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::db::write_id(f, $prefix, &self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::db::NotAnId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::db::read_id($prefix, text).map(Self).ok_or($crate::db::NotAnId)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(AccountId, "usr", "A person's account.");
id!(OrganizationId, "org", "A partner organization.");
id!(SessionId, "ses", "One sign-in of an account.");
id!(SignUpId, "sup", "A sign-up that waits for its address to be confirmed.");
id!(InvitationId, "inv", "An invitation into an organization.");
id!(AppId, "app", "An app of an organization.");
id!(KeyId, "key", "A key of an app.");
id!(SecretId, "sec", "One secret of a key.");
id!(TokenId, "tok", "A management token.");
id!(ApiId, "api", "An API that the portal shows.");
id!(VersionId, "ver", "A version of an API.");
id!(AuditId, "aud", "An entry of the audit trail.");
id!(JobId, "job", "Something to be done later.");
id!(CallId, "call", "A call that was logged.");
id!(MailId, "msg", "A mail message.");

#[cfg(test)]
mod tests {
    use super::*;

    id!(TestId, "tst", "An id in tests.");

    #[test]
    fn an_id_reads_back_what_it_writes() {
        let id = TestId::new();
        assert_eq!(id.to_string().parse::<TestId>().unwrap(), id);
        assert_eq!(id.to_string().len(), "tst_".len() + 26);
    }

    #[test]
    fn an_id_of_another_kind_is_not_read() {
        let id = TestId::new().to_string();
        assert!(read_id("key", &id).is_none());
        assert!(id.to_uppercase().parse::<TestId>().is_err());
        assert!("tst_".parse::<TestId>().is_err());
    }

    #[test]
    fn later_ids_sort_later_as_text() {
        let ids: Vec<String> = (0..500).map(|_| TestId::new().to_string()).collect();
        assert!(ids.is_sorted());
    }
}
