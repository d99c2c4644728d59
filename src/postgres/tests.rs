//! The embedded database on the machine's own Postgres, through everything that can happen to it.

use std::{
    env, fs,
    future::Future,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use sqlx::{ConnectOptions, PgConnection, postgres::PgConnectOptions};

use super::{Embedded, pid_file, socket, system_user::SystemUser};

#[tokio::test]
async fn a_new_data_directory_gets_a_private_database() {
    let data = DataDir::new("new, with \"odd\" name");
    let database = Embedded::start(&data.path).await.unwrap();
    let mut db = connect(&database).await;
    let ask = "select current_database() || ' ' || current_setting('listen_addresses') || ' '
                   || current_setting('server_encoding') || ' ' || current_setting('fsync') || ' '
                   || current_setting('is_superuser') || ' ' || lower('É') || ' '
                   || current_setting('shared_buffers')";
    let answer: String = sqlx::query_scalar(ask).fetch_one(&mut db).await.unwrap();
    assert_eq!(answer, "vestibule  UTF8 on off é 64MB");
    let socket = socket_dir(&data);
    assert!(socket.starts_with(data.path.canonicalize().unwrap()), "{socket:?}");
    assert_eq!(fs::metadata(socket).unwrap().permissions().mode() & 0o777, 0o700);
    database.stop().await.unwrap();
}

#[tokio::test]
async fn stopping_ends_the_server_and_a_later_start_finds_the_data() {
    let data = DataDir::new("stop");
    let database = Embedded::start(&data.path).await.unwrap();
    leave_a_mark(&database).await;
    let pid = data.pid();
    database.stop().await.unwrap();
    assert!(!is_alive(pid));
    assert!(!pid_file::path(&data.cluster()).exists());
    assert!(options(&database).connect().await.is_err());

    let database = Embedded::start(&data.path).await.unwrap();
    assert!(has_mark(&database).await);
    database.stop().await.unwrap();
}

#[tokio::test]
async fn a_server_that_outlived_its_portal_is_adopted_and_stopped() {
    let data = DataDir::new("adopt");
    let killed = Embedded::start(&data.path).await.unwrap();
    let (pid, url) = (data.pid(), killed.url().to_owned());
    drop(killed);

    let database = Embedded::start(&data.path).await.unwrap();
    assert_eq!(data.pid(), pid);
    assert_eq!(database.url(), url);
    connect(&database).await;
    database.stop().await.unwrap();
    assert!(!is_alive(pid));
}

#[tokio::test]
async fn a_killed_server_starts_again_with_its_data() {
    let data = DataDir::new("kill");
    let killed = Embedded::start(&data.path).await.unwrap();
    leave_a_mark(&killed).await;
    kill_process(data.pid(), Signal::KILL).unwrap();
    drop(killed);
    assert!(pid_file::path(&data.cluster()).exists());

    let database = Embedded::start(&data.path).await.unwrap();
    assert!(has_mark(&database).await);
    database.stop().await.unwrap();
}

#[tokio::test]
async fn a_stale_pid_that_a_stranger_has_now_does_not_stop_the_start() {
    let data = DataDir::new("stranger");
    let killed = Embedded::start(&data.path).await.unwrap();
    leave_a_mark(&killed).await;
    let (pid, socket) = (data.pid(), socket_dir(&data));
    kill_process(pid, Signal::KILL).unwrap();
    eventually(async || !is_alive(pid)).await;
    drop(killed);
    // The stranger must run as Postgres does: Postgres itself sees through a pid of another account.
    let user = SystemUser::for_home(&data.path.join("postgres")).await.unwrap();
    let mut stranger = user.command(Path::new("sleep")).arg("600").kill_on_drop(true).spawn().unwrap();
    let number = stranger.id().unwrap().to_string();
    for file in [pid_file::path(&data.cluster()), socket.join(format!(".s.PGSQL.{}.lock", socket::PORT))] {
        let text = fs::read_to_string(&file).unwrap();
        let (_, rest) = text.split_once('\n').unwrap();
        fs::write(&file, format!("{number}\n{rest}")).unwrap();
    }

    let database = Embedded::start(&data.path).await.unwrap();
    assert!(has_mark(&database).await);
    assert!(stranger.try_wait().unwrap().is_none(), "the stranger was harmed");
    database.stop().await.unwrap();
    stranger.kill().await.unwrap();
}

#[tokio::test]
async fn a_pid_file_that_a_power_cut_left_empty_does_not_stop_the_start() {
    let data = DataDir::new("empty");
    let database = Embedded::start(&data.path).await.unwrap();
    database.stop().await.unwrap();
    let file = fs::File::create(pid_file::path(&data.cluster())).unwrap();
    file.set_modified(std::time::SystemTime::now() - Duration::from_secs(60)).unwrap();

    let database = Embedded::start(&data.path).await.unwrap();
    connect(&database).await;
    database.stop().await.unwrap();
}

#[tokio::test]
async fn a_server_that_dies_under_the_portal_is_started_again() {
    let data = DataDir::new("supervise");
    let database = Embedded::start(&data.path).await.unwrap();
    leave_a_mark(&database).await;
    let first = data.pid();
    let recovery = async {
        kill_process(first, Signal::KILL).unwrap();
        eventually(async || data.try_pid().is_some_and(|pid| pid != first)).await;
        eventually(async || options(&database).connect().await.is_ok()).await;
    };
    tokio::select! {
        () = database.supervise() => unreachable!("supervision does not end"),
        () = recovery => {}
    }
    assert!(has_mark(&database).await);
    database.stop().await.unwrap();
}

#[tokio::test]
async fn a_stopped_server_stays_stopped_although_it_is_supervised() {
    let data = DataDir::new("stopped");
    let database = Embedded::start(&data.path).await.unwrap();
    let stop = async {
        database.stop().await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
    };
    tokio::select! {
        () = database.supervise() => unreachable!("supervision does not end"),
        () = stop => {}
    }
    assert!(data.try_pid().is_none());
}

#[tokio::test]
async fn portals_that_start_at_once_share_one_server_and_the_last_stops_it() {
    let data = DataDir::new("share");
    let (first, second) = tokio::join!(Embedded::start(&data.path), Embedded::start(&data.path));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.url(), second.url());
    let pid = data.pid();
    first.stop().await.unwrap();
    connect(&second).await;
    second.stop().await.unwrap();
    assert!(!is_alive(pid));
}

#[tokio::test]
async fn a_long_path_gets_its_socket_elsewhere() {
    let data = DataDir::new(&"long".repeat(30));
    let database = Embedded::start(&data.path).await.unwrap();
    connect(&database).await;
    let socket = socket_dir(&data);
    assert!(!socket.starts_with(data.path.canonicalize().unwrap()), "{socket:?}");
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o700);
    database.stop().await.unwrap();

    let again = Embedded::start(&data.path).await.unwrap();
    assert_eq!(again.url(), database.url());
    again.stop().await.unwrap();
    fs::remove_dir_all(socket).unwrap();
}

#[tokio::test]
async fn a_creation_that_was_cut_short_is_made_anew() {
    let data = DataDir::new("draft");
    let draft = data.path.join("postgres/cluster.new");
    fs::create_dir_all(&draft).unwrap();
    fs::write(draft.join("PG_VERSION"), "15").unwrap();
    fs::set_permissions(data.path.join("postgres"), PermissionsExt::from_mode(0o711)).unwrap();
    let database = Embedded::start(&data.path).await.unwrap();
    connect(&database).await;
    assert!(!draft.exists());
    database.stop().await.unwrap();
}

#[tokio::test]
async fn without_postgres_the_error_says_what_to_install() {
    let data = DataDir::new("none");
    let error = failure(Embedded::start_with(&data.path, std::slice::from_ref(&data.path)).await);
    assert!(error.starts_with("Found no Postgres on this machine. Install it ("), "{error}");
    assert!(error.contains("postgresql") && error.contains("DATABASE_URL"), "{error}");
}

#[tokio::test]
async fn a_cluster_of_another_version_is_not_touched() {
    let data = DataDir::new("version");
    let cluster = data.cluster();
    fs::create_dir_all(&cluster).unwrap();
    fs::write(cluster.join("PG_VERSION"), "9\n").unwrap();
    let user = SystemUser::for_home(Path::new("/nowhere")).await.unwrap();
    user.give(&cluster).unwrap();
    let error = failure(Embedded::start(&data.path).await);
    assert!(error.starts_with("The embedded database was made by Postgres 9; this machine has Postgres"), "{error}");
    assert_eq!(fs::read_dir(&cluster).unwrap().count(), 1);
}

#[tokio::test]
async fn a_failed_start_shows_what_postgres_said() {
    let data = DataDir::new("settings");
    let database = Embedded::start(&data.path).await.unwrap();
    database.stop().await.unwrap();
    fs::write(data.path.join("postgres/postgresql.conf"), "max_connections = lots\n").unwrap();
    let error = failure(Embedded::start(&data.path).await);
    assert!(error.contains("postgres.log"), "{error}");
    assert!(error.contains("invalid value for parameter \"max_connections\": \"lots\""), "{error}");
}

#[tokio::test]
async fn a_directory_that_postgres_may_not_enter_gets_its_files_elsewhere() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root starts Postgres under another account");
        return;
    }
    let private = DataDir::new("private");
    fs::DirBuilder::new().mode(0o700).create(&private.path).unwrap();
    let data = DataDir { path: private.path.join("data") };
    let database = Embedded::start(&data.path).await.unwrap();
    leave_a_mark(&database).await;
    let files = fs::read_link(data.path.join("postgres")).unwrap();
    assert!(files.starts_with("/var/lib/vestibule-postgres"), "{files:?}");
    assert_eq!(fs::metadata(&private.path).unwrap().permissions().mode() & 0o777, 0o700);
    database.stop().await.unwrap();

    let database = Embedded::start(&data.path).await.unwrap();
    assert!(has_mark(&database).await);
    database.stop().await.unwrap();
    fs::remove_dir_all(files).unwrap();
    let error = failure(Embedded::start(&data.path).await);
    assert!(error.contains("a link to a directory that is gone"), "{error}");
}

#[tokio::test]
async fn a_database_that_moved_where_postgres_may_not_enter_names_the_barrier() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root starts Postgres under another account");
        return;
    }
    let data = DataDir::new("moved");
    fs::create_dir_all(data.path.join("inner")).unwrap();
    let inner = DataDir { path: data.path.join("inner/data") };
    Embedded::start(&inner.path).await.unwrap().stop().await.unwrap();
    let barrier = data.path.join("inner");
    fs::set_permissions(&barrier, PermissionsExt::from_mode(0o700)).unwrap();
    let error = failure(Embedded::start(&inner.path).await);
    assert!(error.contains(&format!("may not enter {}.", barrier.display())), "{error}");
}

/// A data directory of one test; takes its server along when it goes.
struct DataDir {
    path: PathBuf,
}

impl DataDir {
    fn new(name: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { path: env::temp_dir().join(format!("vestibule-{}-{number} {name}", std::process::id())) }
    }

    fn cluster(&self) -> PathBuf {
        self.path.join("postgres/cluster")
    }

    fn try_pid(&self) -> Option<Pid> {
        pid_file::read(&self.cluster()).unwrap().map(|file| file.pid)
    }

    fn pid(&self) -> Pid {
        self.try_pid().expect("the server runs")
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        if let Ok(cluster) = self.cluster().canonicalize()
            && let Ok(Some(file)) = pid_file::read(&cluster)
            && pid_file::holder(file.pid, &cluster) == pid_file::Holder::Ours
        {
            let _ = kill_process(file.pid, Signal::QUIT);
        }
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn socket_dir(data: &DataDir) -> PathBuf {
    let file = pid_file::read(&data.cluster()).unwrap().unwrap();
    file.socket_dir.unwrap()
}

fn options(database: &Embedded) -> PgConnectOptions {
    database.url().parse().unwrap()
}

async fn connect(database: &Embedded) -> PgConnection {
    options(database).connect().await.unwrap()
}

async fn leave_a_mark(database: &Embedded) {
    let mut db = connect(database).await;
    sqlx::query("create table mark ()").execute(&mut db).await.unwrap();
}

async fn has_mark(database: &Embedded) -> bool {
    let mut db = connect(database).await;
    sqlx::query("select from mark").execute(&mut db).await.is_ok()
}

fn is_alive(pid: Pid) -> bool {
    // A killed child is a zombie until someone waits for it.
    !fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default().is_empty()
}

fn failure(outcome: anyhow::Result<Embedded>) -> String {
    let error = outcome.err().expect("it cannot have started");
    format!("{error:#}")
}

async fn eventually<F: Future<Output = bool>>(holds: impl Fn() -> F) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "it never came true");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
