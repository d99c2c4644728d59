//! The machine's Postgres programs: found where PATH and the usual packages put them, newest first.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use tokio::process::Command;

use super::system_user::SystemUser;

const OLDEST: u32 = 15; // what the migrations are written for

/// One folder with `postgres` and `initdb` of one major version.
pub(super) struct Installation {
    folder: PathBuf,
    pub(super) major: u32,
}

impl Installation {
    /// The first of `folders` that holds version `wanted`, or any supported one where there is no cluster yet.
    pub(super) async fn find(folders: &[PathBuf], wanted: Option<u32>, user: &SystemUser) -> Result<Self> {
        let mut others = Vec::new();
        for folder in folders {
            let Some(found) = Self::read(folder, user).await else {
                continue;
            };
            if wanted.map_or(found.major >= OLDEST, |major| found.major == major) {
                return Ok(found);
            }
            others.push(format!("Postgres {} in {}", found.major, found.folder.display()));
        }
        others.dedup();
        let os_release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        bail!(missing(wanted, &others.join(", "), package(&os_release)))
    }

    pub(super) fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }

    async fn read(folder: &Path, user: &SystemUser) -> Option<Self> {
        // PATH often holds a link to one program of the set; the others are beside its target.
        let folder = folder.join("postgres").canonicalize().ok()?.parent()?.to_owned();
        if !folder.join("initdb").is_file() {
            return None;
        }
        let mut command = user.command(&folder.join("postgres"));
        let version = command.arg("--version").output().await.ok()?.stdout;
        let major = major(&String::from_utf8(version).ok()?)?;
        Some(Self { folder, major })
    }
}

/// PATH first, since that is the operator's choice, then the packages' own folders.
pub(super) async fn usual_folders() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).filter(|dir| dir.is_absolute()).collect();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output().await
        && let Ok(bindir) = String::from_utf8(output.stdout)
    {
        folders.push(bindir.trim().into());
    }
    for (parent, prefix) in [
        ("/usr/lib/postgresql", ""),
        ("/usr/lib", "postgresql"),
        ("/usr/libexec", "postgresql"),
        ("/usr", "pgsql-"),
        ("/opt/homebrew/opt", "postgresql@"),
        ("/usr/local/opt", "postgresql@"),
        ("/home/linuxbrew/.linuxbrew/opt", "postgresql@"),
        ("/Applications/Postgres.app/Contents/Versions", ""),
    ] {
        folders.extend(newest_first(Path::new(parent), prefix));
    }
    folders.extend(["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map(PathBuf::from));
    folders
}

fn newest_first(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let version = name.to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((version, entry.path()))
        })
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    // Alpine keeps its programs in `bin` or in the folder itself, by branch.
    found.into_iter().flat_map(|(_, folder)| [folder.join("bin"), folder]).collect()
}

/// From `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`; development versions read `18devel`.
fn major(version: &str) -> Option<u32> {
    let number = version.split_once(") ")?.1;
    let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number[..digits].parse().ok()
}

fn missing(wanted: Option<u32>, others: &str, package: &str) -> String {
    let way_out = "or set DATABASE_URL to a Postgres 15 or later of your own";
    match (wanted, others) {
        (Some(major), "") => format!(
            "The embedded database was made by Postgres {major}, which this machine lacks. Install that version \
             ({package}), {way_out}."
        ),
        (Some(major), others) => format!(
            "The embedded database was made by Postgres {major}; this machine has {others}. Install Postgres {major} \
             beside it (package: {package}), or bring the files over with pg_upgrade, {way_out}."
        ),
        (None, "") => format!("Found no Postgres on this machine. Install it ({package}), {way_out}."),
        (None, others) => format!(
            "The portal needs Postgres {OLDEST} or later; this machine has {others}. Install a newer one ({package}), \
             {way_out}."
        ),
    }
}

/// How to install Postgres here, from the text of `/etc/os-release`, which macOS lacks.
fn package(os_release: &str) -> &'static str {
    let system: Vec<&str> = os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or(line.strip_prefix("ID_LIKE=")))
        .flat_map(|names| names.trim_matches('"').split(' '))
        .collect();
    let is = |name| system.contains(&name);
    if is("debian") || is("ubuntu") {
        "apt-get install postgresql"
    } else if is("fedora") || is("rhel") {
        "dnf install postgresql-server"
    } else if is("suse") || is("opensuse") {
        "zypper install postgresql-server"
    } else if is("arch") {
        "pacman -S postgresql"
    } else if is("alpine") {
        "apk add postgresql"
    } else if system.is_empty() {
        "brew install postgresql@17"
    } else {
        "the package is called postgresql or postgresql-server"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_every_way_of_writing_it() {
        assert_eq!(major("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 17.2\n"), Some(17));
        assert_eq!(major("postgres (PostgreSQL) 19devel\n"), Some(19));
        assert_eq!(major("a shell script\n"), None);
    }

    #[test]
    fn the_package_fits_the_system() {
        assert_eq!(package("NAME=\"Debian\"\nID=debian\n"), "apt-get install postgresql");
        assert_eq!(package("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"), "apt-get install postgresql");
        assert_eq!(package("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"), "dnf install postgresql-server");
        assert_eq!(package(""), "brew install postgresql@17");
    }

    #[test]
    fn a_cluster_of_another_version_names_both() {
        let text = missing(Some(15), "Postgres 17 in /usr/bin", "apt-get install postgresql");
        assert!(text.contains("made by Postgres 15; this machine has Postgres 17"), "{text}");
    }

    #[test]
    fn newer_versions_come_first() {
        let parent = env::temp_dir().join(format!("vestibule-versions-{}", std::process::id()));
        for version in ["9", "15", "17", "common"] {
            fs::create_dir_all(parent.join(version)).unwrap();
        }
        let found = newest_first(&parent, "");
        fs::remove_dir_all(&parent).unwrap();
        assert_eq!(found[0], parent.join("17/bin"));
        assert_eq!(found[2], parent.join("15/bin"));
        assert_eq!(found.len(), 6);
    }
}
