//! Where the cluster lives: `postgres` in the data directory, or behind a link of that name.
//!
//! Postgres must enter every directory above its files. A data directory under /root bars it there, and opening /root
//! to others is not the portal's to decide: the files then live under /var/lib, linked from the data directory.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::{installation::Installation, system_user::SystemUser};

const ELSEWHERE: &str = "/var/lib/vestibule-postgres"; // root's own, and every account may pass through /var/lib

/// A directory of the portal's; only `cluster` and `socket` inside belong to Postgres, so that root never writes where
/// another account could have laid a link.
pub(super) struct Home {
    directory: PathBuf,
}

impl Home {
    pub(super) async fn open(data_dir: &Path, user: &SystemUser, installation: &Installation) -> Result<Self> {
        let link = data_dir.join("postgres");
        let is_new = make(&link, user)?;
        let mut directory = link.canonicalize().with_context(|| {
            format!(
                "{0} is a link to a directory that is gone. Bring it back, or remove the link to begin with an empty \
                 database",
                link.display()
            )
        })?;
        if let Some(barrier) = user.barred_from(&directory, &installation.postgres()).await? {
            if !is_new {
                bail!(
                    "Postgres runs as the user {} here, who may not enter {}. Allow it (chmod o+x), or move the data \
                     directory to a place that every user may enter (VESTIBULE_DATA_DIR)",
                    user.name(),
                    barrier.display()
                );
            }
            fs::remove_dir(&link)?;
            directory = make_elsewhere(&link, user)?;
            tracing::info!(
                database = %directory.display(),
                link = %link.display(),
                barrier = %barrier.display(),
                user = user.name(),
                "the database files live outside the data directory, which Postgres may not enter; to begin afresh, \
                 remove both"
            );
        }
        Ok(Self { directory })
    }

    pub(super) fn cluster(&self) -> PathBuf {
        self.directory.join("cluster")
    }

    /// The cluster while it is being made; renamed when it is whole.
    pub(super) fn draft(&self) -> PathBuf {
        self.directory.join("cluster.new")
    }

    pub(super) fn settings(&self) -> PathBuf {
        self.directory.join("postgresql.conf")
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.directory.join("socket")
    }

    pub(super) fn in_use_lock(&self) -> PathBuf {
        self.directory.join("in-use.lock")
    }
}

/// The Postgres version that made the cluster of this data directory; none where there is no cluster yet.
pub(super) fn major_version(data_dir: &Path) -> Result<Option<u32>> {
    let file = data_dir.join("postgres/cluster/PG_VERSION");
    match fs::read_to_string(&file) {
        Ok(text) => {
            Ok(Some(text.trim().parse().with_context(|| format!("{} holds no version number", file.display()))?))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

/// Whether the directory was made now. Set apart from the umask, which could bar Postgres.
fn make(directory: &Path, user: &SystemUser) -> Result<bool> {
    match fs::DirBuilder::new().mode(0o700).create(directory) {
        Ok(()) if user.is_other() => {
            fs::set_permissions(directory, PermissionsExt::from_mode(0o711)).map(|()| true).map_err(Into::into)
        }
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error).with_context(|| format!("cannot make the directory {}", directory.display())),
    }
}

fn make_elsewhere(link: &Path, user: &SystemUser) -> Result<PathBuf> {
    let parent = Path::new(ELSEWHERE);
    make(parent, user)?;
    for number in 1.. {
        let directory = parent.join(number.to_string());
        if make(&directory, user)? {
            symlink(&directory, link)?;
            return Ok(directory);
        }
    }
    unreachable!("numbers do not end")
}
