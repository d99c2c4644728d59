//! The directory of the server's Unix socket: beside the cluster, or in a short private one where that path is too long.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::{home::Home, system_user::SystemUser};

/// Names the socket's file; nothing listens on the network.
pub(super) const PORT: u16 = 5432;

const LONGEST: usize = 103; // bytes the kernels allow for a socket's path: 107 on Linux, 103 on macOS
const SHORT_PLACES: [&str; 2] = ["/run", "/tmp"]; // only root can write to the first
const TRIES: u32 = 16; // names in /tmp that strangers could have taken

/// A directory for this cluster's socket, made where missing; the same one at every start.
pub(super) fn choose(home: &Home, user: &SystemUser) -> Result<PathBuf> {
    let beside = home.socket();
    if fits(&beside) {
        prepare(&beside, user)?;
        return Ok(beside);
    }
    let mut name = DefaultHasher::new();
    beside.hash(&mut name);
    let name = name.finish();
    for place in SHORT_PLACES {
        for number in 0..TRIES {
            let directory = Path::new(place).join(format!("vestibule-{name:016x}-{number}"));
            if prepare(&directory, user).is_ok() {
                return Ok(directory);
            }
        }
    }
    bail!("found no place for a Unix socket with a short path: neither /run nor /tmp can be written to")
}

/// Makes the directory, or makes sure that nobody but `user` may enter the one that is there.
pub(super) fn prepare(directory: &Path, user: &SystemUser) -> Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(directory) {
        Ok(()) => user.give(directory)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => {
            return Err(error).with_context(|| format!("cannot make the directory {}", directory.display()));
        }
    }
    let found = fs::symlink_metadata(directory)?;
    if !found.is_dir() || !user.owns(&found) || found.mode() & 0o077 != 0 {
        bail!("{} is not a directory that only {} may enter", directory.display(), user.name());
    }
    Ok(())
}

pub(super) fn file(directory: &Path) -> PathBuf {
    directory.join(format!(".s.PGSQL.{PORT}"))
}

/// Removes what a killed server left. Nothing else uses the directory; call only when no server of ours runs.
pub(super) fn clear(directory: &Path) -> io::Result<()> {
    for left in [file(directory), directory.join(format!(".s.PGSQL.{PORT}.lock"))] {
        match fs::remove_file(left) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn fits(directory: &Path) -> bool {
    // A URL cannot carry a path that is not text.
    directory.to_str().is_some() && file(directory).as_os_str().len() <= LONGEST
}
