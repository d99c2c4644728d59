//! The embedded database: without a `DATABASE_URL` the portal keeps a private Postgres under its data directory.
//!
//! It listens on a Unix socket in a directory that only its own account may enter, never on a network address.
//! The server outlives a portal that is killed: the next one adopts it. Every portal process on one data directory
//! (the server and any command beside it) shares it, and the last one to leave stops it.

mod cluster;
mod home;
mod installation;
mod lock;
mod pid_file;
mod postmaster;
mod server;
mod socket;
mod system_user;
#[cfg(test)]
mod tests;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tokio::{sync::Mutex, time::sleep};

use self::{home::Home, installation::Installation, postmaster::Postmaster, server::Server, system_user::SystemUser};

const LOOK: Duration = Duration::from_millis(500); // how soon a death is noticed
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30); // a database that is well again must not wait long for us
const STEADY: Duration = Duration::from_secs(60); // having lived this long, the next death is a new fault

/// A running Postgres that belongs to this data directory.
///
/// Dropping it leaves the server running, to be adopted by the next start; [`Embedded::stop`] ends it.
pub struct Embedded {
    server: Server,
    url: String,
    running: Mutex<Option<Postmaster>>,
    start_lock: PathBuf,
    in_use: File,
}

impl Embedded {
    /// Starts the database of `data_dir`, or adopts the one that runs there already; makes the directory and the
    /// cluster on first use. Returns once the database `vestibule` accepts connections.
    ///
    /// # Errors
    /// Says what to do: which package to install, which directory Postgres cannot enter, what Postgres logged.
    pub async fn start(data_dir: &Path) -> Result<Self> {
        Self::start_with(data_dir, &installation::usual_folders().await).await
    }

    async fn start_with(data_dir: &Path, programs: &[PathBuf]) -> Result<Self> {
        let data_dir = made(data_dir)?;
        let start_lock = data_dir.join("postgres.lock");
        let _starting = lock::exclusive(&start_lock).await?;

        let user = SystemUser::for_home(&data_dir.join("postgres")).await?;
        let made_by = home::major_version(&data_dir)?;
        let installation = Installation::find(programs, made_by, &user).await?;
        let home = Home::open(&data_dir, &user, &installation).await?;
        cluster::create_if_missing(&home, &user, &installation).await?;

        let in_use = lock::open(&home.in_use_lock())?;
        in_use
            .try_lock_shared() // taken alone only under the start lock, which is ours now
            .context("cannot mark the embedded database as in use")?;
        let server = Server::new(home, user, installation, data_dir.join("postgres.log"))?;
        let mut running = None;
        server.run(&mut running).await?;
        cluster::create_database(&server.as_superuser())
            .await
            .context("Postgres runs but the portal's database could not be made")?;
        Ok(Self { url: server.url(), server, running: Mutex::new(running), start_lock, in_use })
    }

    /// Where sqlx and libpq reach the database `vestibule`; stays the same over restarts.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Starts the server again whenever it dies, until this future is dropped; never returns.
    pub async fn supervise(&self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let begun = Instant::now();
            self.death().await;
            if begun.elapsed() > STEADY {
                pause = FIRST_PAUSE;
            }
            tracing::warn!("the embedded Postgres died; starting it again");
            loop {
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
                match self.start_again().await {
                    Ok(()) => break,
                    Err(error) => tracing::error!(
                        error = format!("{error:#}"),
                        retry_in_ms = pause.as_millis(),
                        "the embedded Postgres did not start"
                    ),
                }
            }
            tracing::info!("the embedded Postgres is running again");
        }
    }

    /// Stops the server, adopted or not, unless another process of the portal still uses it. Close the pool first.
    ///
    /// # Errors
    /// When the server is still running after a fast and an immediate shutdown.
    pub async fn stop(&self) -> Result<()> {
        let mut running = self.running.lock().await;
        let Some(own) = running.take() else {
            return Ok(());
        };
        let _stopping = lock::exclusive(&self.start_lock).await?;
        self.in_use.unlock()?;
        if self.in_use.try_lock().is_err() {
            tracing::info!("the embedded Postgres stays up: another process uses it");
            return Ok(());
        }
        // Another process may have replaced the server that this one knew.
        let mut last = self.server.current()?.unwrap_or(own);
        let outcome = last.shut_down().await;
        self.in_use.unlock()?;
        outcome?;
        tracing::info!("the embedded Postgres has stopped");
        Ok(())
    }

    async fn death(&self) {
        loop {
            sleep(LOOK).await;
            let dead = match self.running.lock().await.as_mut() {
                Some(postmaster) => postmaster.has_exited(),
                None => false,
            };
            if dead {
                return;
            }
        }
    }

    async fn start_again(&self) -> Result<()> {
        let mut running = self.running.lock().await;
        if running.is_none() {
            return Ok(()); // stopped on purpose while the pause lasted
        }
        let _starting = lock::exclusive(&self.start_lock).await?;
        self.server.run(&mut running).await
    }
}

fn made(data_dir: &Path) -> Result<PathBuf> {
    fs::create_dir_all(data_dir)
        .and_then(|()| data_dir.canonicalize())
        .with_context(|| format!("cannot make the data directory {}", data_dir.display()))
}
