//! File locks between the portal's processes on one data directory; the kernel frees them when a process dies.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::time::sleep;

const PATIENCE: Duration = Duration::from_secs(180); // longer than another process needs to make and start a cluster

/// Waits for the lock and holds it until the file is dropped.
pub(super) async fn exclusive(path: &Path) -> Result<File> {
    let file = open(path)?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", path.display()));
            }
            Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => {
                sleep(Duration::from_millis(50)).await;
            }
            Err(TryLockError::WouldBlock) => bail!(
                "another process has been starting or stopping the embedded database for {} s; it holds {}",
                PATIENCE.as_secs(),
                path.display()
            ),
        }
    }
}

/// Opens for reading where the file exists: it may belong to another account that used this directory before.
pub(super) fn open(path: &Path) -> Result<File> {
    File::open(path)
        .or_else(|_| OpenOptions::new().create(true).append(true).open(path))
        .with_context(|| format!("cannot open {}", path.display()))
}
