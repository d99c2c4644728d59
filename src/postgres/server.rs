//! Bringing the server of a cluster up, whatever state the last one left behind.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::{
    ConnectOptions, Connection,
    postgres::{PgConnectOptions, PgSslMode},
};
use tokio::time::{sleep, timeout};

use super::{
    cluster::{ROLE, SUPERUSER},
    home::Home,
    installation::Installation,
    pid_file::{self, Holder},
    postmaster::Postmaster,
    socket,
    system_user::SystemUser,
};

const START: Duration = Duration::from_secs(120); // replaying the log after a crash takes its time
const CONNECT: Duration = Duration::from_secs(5);
const ORPHANS: Duration = Duration::from_secs(15); // backends of a killed server end when they next look up
const LARGEST_LOG: u64 = 16 * 1024 * 1024;

/// Everything needed to run the server, again and again.
pub(super) struct Server {
    home: Home,
    user: SystemUser,
    installation: Installation,
    socket_dir: PathBuf,
    log: PathBuf,
}

impl Server {
    pub(super) fn new(home: Home, user: SystemUser, installation: Installation, log: PathBuf) -> Result<Self> {
        let running = pid_file::read(&home.cluster())?
            .filter(|file| pid_file::holder(file.pid, &home.cluster()) == Holder::Ours)
            .and_then(|file| file.socket_dir)
            .filter(|directory| socket::file(directory).exists());
        let socket_dir = match running {
            Some(directory) => directory,
            None => socket::choose(&home, &user)?,
        };
        Ok(Self { home, user, installation, socket_dir, log })
    }

    /// Adopts the server that runs on the cluster or starts one; returns when it accepts connections. `slot` holds the
    /// process from its first moment, so that a caller who gives up can still end it.
    pub(super) async fn run(&self, slot: &mut Option<Postmaster>) -> Result<()> {
        if self.adopt(slot).await? {
            return Ok(());
        }
        let begun = Instant::now();
        let was_killed = pid_file::path(&self.home.cluster()).exists();
        loop {
            match self.start(slot).await {
                Ok(()) => return Ok(()),
                Err(error) if was_killed && begun.elapsed() < ORPHANS => {
                    tracing::debug!(error = format!("{error:#}"), "trying again");
                    sleep(Duration::from_secs(1)).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The server that runs on the cluster now, whoever started it.
    pub(super) fn current(&self) -> Result<Option<Postmaster>> {
        let cluster = self.home.cluster();
        let file = pid_file::read(&cluster)?;
        Ok(file
            .filter(|file| pid_file::holder(file.pid, &cluster) == Holder::Ours)
            .map(|file| Postmaster::adopted(file.pid, cluster)))
    }

    pub(super) fn as_superuser(&self) -> PgConnectOptions {
        // Everything is said, for sqlx takes what is left out from PGPORT and the like.
        PgConnectOptions::new_without_pgpass()
            .socket(&self.socket_dir)
            .port(socket::PORT)
            .username(SUPERUSER)
            .database("postgres")
            .ssl_mode(PgSslMode::Disable)
    }

    pub(super) fn url(&self) -> String {
        let directory = self.socket_dir.to_str().expect("a socket's directory is text");
        format!(
            "postgres:///{ROLE}?host={}&port={}&user={ROLE}&sslmode=disable",
            utf8_percent_encode(directory, NON_ALPHANUMERIC),
            socket::PORT
        )
    }

    async fn adopt(&self, slot: &mut Option<Postmaster>) -> Result<bool> {
        let cluster = self.home.cluster();
        let begun = Instant::now();
        while let Some(file) = pid_file::read(&cluster)? {
            match pid_file::holder(file.pid, &cluster) {
                Holder::Stale => return Ok(false),
                Holder::Unclear => bail!(
                    "Process {} is a Postgres, and {} names it, but the system does not tell whether it runs on this \
                     database. Stop it, or remove the file if it has nothing to do with the portal.",
                    file.pid,
                    pid_file::path(&cluster).display()
                ),
                Holder::Ours => {}
            }
            let mut found = Postmaster::adopted(file.pid, cluster.clone());
            match self.answer().await {
                Ok(()) => {
                    tracing::info!(pid = %file.pid, "adopted the embedded Postgres that was running");
                    *slot = Some(found);
                    return Ok(true);
                }
                Err(_) if file.is_ready && !socket::file(&self.socket_dir).exists() => {
                    tracing::warn!(pid = %file.pid, "the running Postgres has lost its socket; stopping it");
                    found.shut_down().await?;
                }
                Err(error) if begun.elapsed() > START => {
                    return Err(error)
                        .with_context(|| format!("Postgres runs as process {} but does not answer", file.pid));
                }
                Err(_) => sleep(Duration::from_millis(100)).await,
            }
        }
        Ok(false)
    }

    async fn start(&self, slot: &mut Option<Postmaster>) -> Result<()> {
        let cluster = self.home.cluster();
        pid_file::disown_if_in_the_way(&cluster, &self.user)?;
        socket::prepare(&self.socket_dir, &self.user)?;
        socket::clear(&self.socket_dir)?;
        let log = self.open_log()?;
        let log_start = log.metadata()?.len();
        let child = self
            .user
            .command(&self.installation.postgres())
            .args(self.arguments())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0) // a terminal's Ctrl-C must not reach it before the portal has closed its connections
            .spawn()
            .context("cannot run postgres")?;
        let postmaster = slot.insert(Postmaster::spawned(child, cluster));

        let begun = Instant::now();
        loop {
            if postmaster.has_exited() {
                bail!(
                    "Postgres did not start. Its log, {}, ends with:\n{}",
                    self.log.display(),
                    last_lines(&self.log, log_start)?
                );
            }
            match self.answer().await {
                Ok(()) => return Ok(()),
                Err(error) if begun.elapsed() > START => {
                    postmaster.shut_down().await?;
                    return Err(error).context("Postgres started but does not answer");
                }
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    }

    async fn answer(&self) -> Result<()> {
        let options = self.as_superuser();
        let db = timeout(CONNECT, options.connect()).await??;
        timeout(CONNECT, db.close()).await??;
        Ok(())
    }

    fn arguments(&self) -> Vec<OsString> {
        let socket_dir = self.socket_dir.to_str().expect("a socket's directory is text");
        let mut settings = OsString::from("config_file=");
        settings.push(self.home.settings());
        let mut arguments = vec!["-D".into(), self.home.cluster().into(), "-c".into(), settings];
        for setting in [
            "listen_addresses=".to_owned(),
            // A list, in which a quoted name may hold commas and spaces.
            format!("unix_socket_directories=\"{}\"", socket_dir.replace('"', "\"\"")),
            "unix_socket_permissions=0700".to_owned(),
            format!("port={}", socket::PORT),
            "fsync=on".to_owned(),
            "logging_collector=off".to_owned(),
        ] {
            arguments.extend(["-c".into(), setting.into()]);
        }
        arguments
    }

    fn open_log(&self) -> Result<File> {
        if fs::metadata(&self.log).is_ok_and(|log| log.len() > LARGEST_LOG) {
            fs::rename(&self.log, self.log.with_extension("log.1"))?;
        }
        OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&self.log)
            .with_context(|| format!("cannot write {}", self.log.display()))
    }
}

fn last_lines(log: &Path, start: u64) -> io::Result<String> {
    const MOST: usize = 20;
    let mut text = Vec::new();
    let mut file = File::open(log)?;
    file.seek(SeekFrom::Start(start))?;
    file.read_to_end(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    Ok(lines[lines.len().saturating_sub(MOST)..].join("\n"))
}
