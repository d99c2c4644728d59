//! Making the cluster once, and the portal's database in it.

use std::{
    fs::{self, DirBuilder, File},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::time::timeout;

use super::{home::Home, installation::Installation, system_user::SystemUser};

pub(super) const SUPERUSER: &str = "postgres";
/// Owns the database of the same name; no superuser, so a fault in the portal cannot become one in the machine.
pub(super) const ROLE: &str = "vestibule";

const INITDB: Duration = Duration::from_secs(180); // seconds on a disk, more on a slow network volume

/// Sized for a portal on a small machine. `log_error_verbosity` keeps values out of the log: details quote rows.
const SETTINGS: &str = "\
# The embedded database of Vestibule. Written once; edits stay and take effect at the next start.
# The portal sets the socket, the port and fsync itself.
include 'cluster/postgresql.conf'

max_connections = 100
shared_buffers = 64MB
effective_cache_size = 256MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 512MB
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_checkpoints = off
log_error_verbosity = terse
log_min_error_statement = panic
";

pub(super) async fn create_if_missing(home: &Home, user: &SystemUser, installation: &Installation) -> Result<()> {
    write_settings(home)?;
    if home.cluster().exists() {
        return Ok(());
    }
    let draft = home.draft();
    match fs::remove_dir_all(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    DirBuilder::new().mode(0o700).create(&draft)?;
    user.give(&draft).with_context(|| format!("cannot give {} to {}", draft.display(), user.name()))?;

    tracing::info!(postgres = installation.major, "making the embedded database");
    let mut initdb = user.command(&installation.initdb());
    initdb
        .arg("--pgdata")
        .arg(&draft)
        .args(["--encoding=UTF8", "--no-instructions"])
        // Who may use the database is decided by the socket's directory, which only one account may enter.
        .args(["--auth-local=trust", "--auth-host=reject"])
        .arg(format!("--username={SUPERUSER}"))
        .args(locale(installation.major))
        .kill_on_drop(true);
    let output = timeout(INITDB, initdb.output())
        .await
        .with_context(|| format!("initdb took longer than {} s", INITDB.as_secs()))?
        .context("cannot run initdb")?;
    if !output.status.success() {
        bail!("initdb failed: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
    fs::rename(&draft, home.cluster())?;
    Ok(())
}

/// Makes the portal's role and database where they are missing.
pub(super) async fn create_database(superuser: &PgConnectOptions) -> Result<()> {
    let mut db = superuser.connect().await?;
    let has_role = "select exists (select from pg_roles where rolname = $1)";
    if !exists(&mut db, has_role).await? {
        // `createdb` is for tests, each of which makes a database of its own.
        sqlx::query("create role vestibule login createdb").execute(&mut db).await?;
    }
    let has_database = "select exists (select from pg_database where datname = $1)";
    if !exists(&mut db, has_database).await? {
        sqlx::query("create database vestibule owner vestibule").execute(&mut db).await?;
    }
    db.close().await?;
    Ok(())
}

async fn exists(db: &mut PgConnection, question: &'static str) -> sqlx::Result<bool> {
    sqlx::query_scalar(question).bind(ROLE).fetch_one(db).await
}

fn write_settings(home: &Home) -> Result<()> {
    let path = home.settings();
    if path.exists() {
        return Ok(());
    }
    let mut file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(SETTINGS.as_bytes())?;
    file.set_permissions(PermissionsExt::from_mode(0o644))?;
    Ok(())
}

/// Sorting by code point, the same on every machine: an index stays valid when the system's locales change.
fn locale(major: u32) -> &'static [&'static str] {
    if major >= 17 {
        &["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    } else if cfg!(target_os = "macos") {
        &["--locale=C"] // has no C.UTF-8
    } else {
        &["--locale=C.UTF-8"]
    }
}
