//! The server's `postmaster.pid`: who runs on the cluster, and whether that process is really ours.
//!
//! A file left by a killed server may name a process that has since become another's. Postgres refuses to start as long
//! as that one lives; and two servers on one cluster would destroy it. So this decides with care, and says when it cannot.

use std::{
    fs::{self, File},
    io::{self, Write},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    process::{self, Command},
    time::Duration,
};

use anyhow::{Context, Result};
use rustix::{
    io::Errno,
    process::{Pid, test_kill_process},
};

use super::system_user::SystemUser;

const BEING_WRITTEN: Duration = Duration::from_secs(10); // an empty file this old is a power cut's

/// What the file says; see `miscinit.h` of Postgres for its lines.
pub(super) struct PidFile {
    pub(super) pid: Pid,
    pub(super) socket_dir: Option<PathBuf>,
    pub(super) is_ready: bool,
}

/// Who has the number that the file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// A server on our cluster.
    Ours,
    /// Nobody, or a process that has nothing to do with the cluster.
    Stale,
    /// A Postgres of which the system does not tell enough.
    Unclear,
}

/// None where there is no file, or one that is just being written.
pub(super) fn read(cluster: &Path) -> Result<Option<PidFile>> {
    let file = path(cluster);
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read {}", file.display()));
        }
    };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let line = |number: usize| lines.get(number - 1).copied().filter(|line| !line.is_empty());
    let pid = line(1).and_then(|pid| Pid::from_raw(pid.parse().ok()?));
    Ok(pid.map(|pid| PidFile { pid, socket_dir: line(5).map(PathBuf::from), is_ready: line(8) == Some("ready") }))
}

pub(super) fn path(cluster: &Path) -> PathBuf {
    cluster.join("postmaster.pid")
}

/// Judges by the process's working directory, which a server never leaves, and by its command line where the system
/// hides the former.
pub(super) fn holder(pid: Pid, cluster: &Path) -> Holder {
    if is_nobody(pid) {
        return Holder::Stale;
    }
    let Some(command) = command_line(pid) else {
        return Holder::Unclear;
    };
    if mentions(&command, cluster) {
        return Holder::Ours;
    }
    if !is_postmaster(&command) {
        return Holder::Stale;
    }
    match fs::read_link(format!("/proc/{pid}/cwd")) {
        Ok(directory) if directory == cluster => Holder::Ours, // its data directory has been renamed
        Ok(_) => Holder::Stale,
        Err(_) => Holder::Unclear,
    }
}

/// Lets Postgres start over a file that a killed server left, where its number is another process's now, or a power cut
/// left it empty. Postgres takes the number of its own parent for stale, so the file gets that and otherwise stays: by
/// the rest of it Postgres sees whether orphans of the killed server still write.
pub(super) fn disown_if_in_the_way(cluster: &Path, user: &SystemUser) -> Result<()> {
    let file = path(cluster);
    let in_the_way = match read(cluster)? {
        Some(found) => !is_nobody(found.pid),
        None => fs::metadata(&file)
            .and_then(|file| file.modified())
            .is_ok_and(|time| time.elapsed().is_ok_and(|age| age > BEING_WRITTEN)),
    };
    if !in_the_way {
        return Ok(());
    }
    let text = fs::read_to_string(&file)?;
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    let draft = cluster.join("postmaster.pid.new");
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let mut new = File::create_new(&draft)?;
    new.write_all(format!("{}\n{rest}", process::id()).as_bytes())?;
    user.give(&draft)?;
    fs::rename(draft, file)?;
    Ok(())
}

fn is_nobody(pid: Pid) -> bool {
    matches!(test_kill_process(pid), Err(Errno::SRCH))
}

/// The arguments, each followed by NUL on Linux and by a space elsewhere; empty for a process that is gone or a zombie,
/// None where the system does not tell.
fn command_line(pid: Pid) -> Option<Vec<u8>> {
    if Path::new("/proc/self/cmdline").exists() {
        return Some(fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default());
    }
    let mut ps = Command::new("ps");
    let output = ps.args(["-ww", "-o", "command=", "-p", &pid.to_string()]).output().ok()?;
    Some([output.stdout.trim_ascii_end(), b" "].concat())
}

fn mentions(command: &[u8], cluster: &Path) -> bool {
    let cluster = cluster.as_os_str().as_bytes();
    [b'\0', b' '].iter().any(|&end| {
        let option = [b"-D", &[end][..], cluster, &[end]].concat();
        command.windows(option.len()).any(|window| window == option)
    })
}

fn is_postmaster(command: &[u8]) -> bool {
    let program = command.split(|&byte| byte == 0 || byte == b' ').next().unwrap_or_default();
    program.ends_with(b"postgres") || program.ends_with(b"postmaster")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_known_by_its_data_directory() {
        let cluster = Path::new("/srv/portal data/postgres/cluster");
        let ours = b"/usr/bin/postgres\0-D\0/srv/portal data/postgres/cluster\0-p\x005432\0";
        assert!(mentions(ours, cluster));
        assert!(mentions(b"/usr/bin/postgres -D /srv/portal data/postgres/cluster -p 5432 ", cluster));
        assert!(!mentions(b"/usr/bin/postgres\0-D\0/srv/portal data/postgres/cluster.new\0", cluster));
        assert!(is_postmaster(ours));
        assert!(!is_postmaster(b"postgres: checkpointer \0"));
        assert!(!is_postmaster(b"sleep\x00600\0"));
    }
}
