//! Whom Postgres runs as. It refuses to be root, so a portal that root started hands it to an account with fewer rights.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail};
use tokio::process::Command;

/// Postgres packages make the first; every Unix has the second.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// The account of the database's processes and files.
pub(super) struct SystemUser {
    name: String,
    ids: Ids,
    /// Set where the portal is root and its children must give that up.
    switch: Option<Ids>,
}

#[derive(Clone, Copy)]
struct Ids {
    user: u32,
    group: u32,
}

impl SystemUser {
    /// The portal's own account; for root, the owner of the cluster in `home`, or an unprivileged account.
    pub(super) async fn for_home(home: &Path) -> Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self {
                name: "this account".to_owned(),
                ids: Ids { user: rustix::process::geteuid().as_raw(), group: rustix::process::getegid().as_raw() },
                switch: None,
            });
        }
        match fs::metadata(home.join("cluster")) {
            Ok(cluster) => Self::owner(&cluster, home).await,
            Err(_) => Self::unprivileged().await,
        }
    }

    async fn owner(cluster: &fs::Metadata, home: &Path) -> Result<Self> {
        if cluster.uid() == 0 {
            bail!(
                "The database files in {0} belong to root, and Postgres refuses to run as root. Give them to another \
                 account: chown -R postgres: {0}/cluster",
                home.display()
            );
        }
        let name = id("-nu", &cluster.uid().to_string()).await.unwrap_or_else(|| format!("number {}", cluster.uid()));
        Ok(Self::switching(name, cluster.uid(), cluster.gid()))
    }

    async fn unprivileged() -> Result<Self> {
        for name in UNPRIVILEGED {
            if let (Some(user), Some(group)) = (id("-u", name).await, id("-g", name).await) {
                return Ok(Self::switching(name.to_owned(), user.parse()?, group.parse()?));
            }
        }
        bail!(
            "Postgres refuses to run as root, and this machine has neither a user postgres nor nobody. Start the portal \
             as an ordinary user, or set DATABASE_URL."
        )
    }

    fn switching(name: String, user: u32, group: u32) -> Self {
        let ids = Ids { user, group };
        Self { name, ids, switch: Some(ids) }
    }

    /// For messages.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn is_other(&self) -> bool {
        self.switch.is_some()
    }

    pub(super) fn owns(&self, file: &fs::Metadata) -> bool {
        file.uid() == self.ids.user
    }

    pub(super) fn give(&self, path: &Path) -> io::Result<()> {
        match self.switch {
            Some(Ids { user, group }) => chown(path, Some(user), Some(group)),
            None => Ok(()),
        }
    }

    /// A command under this account. The environment is not passed on: it may hold the portal's secrets, and variables
    /// such as PGDATA would change what Postgres does.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LC_ALL", "C")
            .current_dir("/")
            .stdin(Stdio::null());
        if let Some(Ids { user, group }) = self.switch {
            command.uid(user).gid(group);
        }
        command
    }

    /// The outermost directory on the way to `path` that this account may not enter. Asked of the system, not computed
    /// from modes, so that access lists and mounts count too; `program` is any that this account may run.
    pub(super) async fn barred_from(&self, path: &Path, program: &Path) -> Result<Option<PathBuf>> {
        if !self.is_other() {
            return Ok(None);
        }
        let mut way: Vec<&Path> = path.ancestors().collect();
        way.reverse();
        for directory in way {
            let entered = self.command(program).arg("--version").current_dir(directory).output().await;
            match entered {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    return Ok(Some(directory.to_owned()));
                }
                Err(error) => {
                    return Err(error).with_context(|| format!("cannot run as {}", self.name));
                }
            }
        }
        Ok(None)
    }
}

async fn id(what: &str, whose: &str) -> Option<String> {
    let output = Command::new("id").args([what, whose]).output().await.ok()?;
    let answer = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| answer.trim().to_owned())
}
