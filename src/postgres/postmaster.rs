//! One running server process, a child of this one or adopted, and how it is asked to end.

use std::{path::PathBuf, time::Duration};

use anyhow::{Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::Child,
    time::{sleep, timeout},
};

use super::pid_file::{self, Holder};

const FAST: Duration = Duration::from_secs(8); // within the ten seconds that containers give
const IMMEDIATE: Duration = Duration::from_secs(5);

pub(super) struct Postmaster {
    pid: Pid,
    cluster: PathBuf,
    child: Option<Child>,
}

impl Postmaster {
    pub(super) fn spawned(child: Child, cluster: PathBuf) -> Self {
        let pid = child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
        Self { pid: pid.expect("a child that was not waited for has an id"), cluster, child: Some(child) }
    }

    pub(super) fn adopted(pid: Pid, cluster: PathBuf) -> Self {
        Self { pid, cluster, child: None }
    }

    pub(super) fn has_exited(&mut self) -> bool {
        match &mut self.child {
            Some(child) => !matches!(child.try_wait(), Ok(None)),
            None => pid_file::holder(self.pid, &self.cluster) == Holder::Stale,
        }
    }

    /// Ends its connections and waits until the data is on disk; after a while, without that care: the next start then
    /// recovers from the log of writes.
    pub(super) async fn shut_down(&mut self) -> Result<()> {
        for (signal, patience) in [(Signal::INT, FAST), (Signal::QUIT, IMMEDIATE)] {
            if self.has_exited() {
                return Ok(());
            }
            match kill_process(self.pid, signal) {
                Ok(()) | Err(rustix::io::Errno::SRCH) => {}
                Err(error) => bail!("cannot signal Postgres, process {}: {error}", self.pid),
            }
            if timeout(patience, self.exit()).await.is_ok() {
                return Ok(());
            }
            tracing::warn!(pid = %self.pid, ?signal, "Postgres is slow to stop");
        }
        bail!("Postgres, process {}, did not stop", self.pid)
    }

    async fn exit(&mut self) {
        while !self.has_exited() {
            sleep(Duration::from_millis(20)).await;
        }
    }
}
