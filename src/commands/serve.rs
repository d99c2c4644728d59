//! The server: everything that runs, from the first connection to the last.

use std::{future::pending, net::SocketAddr, time::Duration};

use anyhow::Context;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
    task::JoinSet,
};

use super::{Database, assemble, say};
use crate::{
    accounts,
    config::Config,
    db, jobs, keys,
    portal::Portal,
    reference, search, settings, usage,
    web::{Assets, health, router},
};

/// How long requests that are under way may take once the portal is asked to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// What the portal starts with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// What is in its database.
    Own,
    /// The demo too.
    Demo,
}

impl Content {
    pub(super) fn of(demo: bool) -> Self {
        if demo { Self::Demo } else { Self::Own }
    }
}

/// Serves until the process is asked to stop.
pub(super) async fn serve(config: Config, content: Content) -> anyhow::Result<()> {
    let assets = Assets::find(config.site_dir.as_deref())?;
    let database = Database::open(&config).await?;
    let result = serve_on(&database, config, assets, content).await;
    database.close().await?;
    result
}

async fn serve_on(database: &Database, config: Config, assets: Assets, content: Content) -> anyhow::Result<()> {
    db::migrate(&database.pool).await?;
    let portal = assemble(config, database.pool.clone(), assets).await?;
    if content == Content::Demo {
        load_demo(&portal).await?;
    }
    let listener = bind(portal.config.addr, "VESTIBULE_ADDR").await?;
    let (stop, stopped) = watch::channel(false);
    let mut background = start_background(&portal, &stopped);
    background.spawn(serve_metrics(&portal, stopped.clone()).await?);
    greet(&portal).await?;

    let service = router::router(portal.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(until(stopped));
    let supervised = async {
        match &database.embedded {
            Some(embedded) => embedded.supervise().await,
            None => pending().await,
        }
    };
    tokio::select! {
        result = finish(served.into_future(), stop) => result?,
        () = supervised => {}
    }
    let _ = tokio::time::timeout(FAREWELL, background.join_all()).await;
    Ok(())
}

async fn load_demo(portal: &Portal) -> anyhow::Result<()> {
    settings::load_demo(&portal.db).await?;
    reference::load_demo(&portal.db, &portal.config.content_dir).await?;
    portal.catalogue.refresh(&portal.db).await?;
    portal.settings.refresh(&portal.db).await?;
    Ok(())
}

/// The metrics' own server, where there is one.
async fn serve_metrics(
    portal: &Portal,
    stopped: watch::Receiver<bool>,
) -> anyhow::Result<impl Future<Output = ()> + use<>> {
    let bound = match portal.config.metrics_addr {
        Some(addr) => Some((bind(addr, "VESTIBULE_METRICS_ADDR").await?, health::record_metrics()?)),
        None => None,
    };
    Ok(async move {
        let Some((listener, metrics)) = bound else { return };
        let served = axum::serve(listener, health::metrics_router(metrics)).with_graceful_shutdown(until(stopped));
        if let Err(error) = served.await {
            tracing::warn!(%error, "metrics are not served any more");
        }
    })
}

/// Serves until a signal comes, then lets requests under way end, for a while.
async fn finish(served: impl Future<Output = std::io::Result<()>>, stop: watch::Sender<bool>) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::pin!(served);
    tokio::select! {
        result = &mut served => return result.context("the server stopped"),
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: requests under way are finished first");
    stop.send_replace(true);
    match tokio::time::timeout(FAREWELL, served).await {
        Ok(result) => result.context("the server stopped"),
        Err(_) => {
            tracing::warn!("some requests did not finish within {} seconds", FAREWELL.as_secs());
            Ok(())
        }
    }
}

fn start_background(portal: &Portal, stopped: &watch::Receiver<bool>) -> JoinSet<()> {
    let mut background = JoinSet::new();
    background.spawn(jobs::run(portal.clone(), stopped.clone()));
    background.spawn(portal.settings.clone().listen(portal.db.clone(), stopped.clone()));
    background.spawn(portal.catalogue.clone().listen(portal.db.clone(), stopped.clone()));
    background.spawn(search::follow(portal.clone(), stopped.clone()));
    background.spawn(keys::follow_changes(portal.clone(), stopped.clone()));
    background.spawn(keys::record_uses(portal.clone(), stopped.clone()));
    background.spawn(usage::record(portal.clone(), stopped.clone()));
    background
}

async fn greet(portal: &Portal) -> anyhow::Result<()> {
    let url = portal.config.base_url.as_str();
    tracing::info!(url, version = env!("CARGO_PKG_VERSION"), "Vestibule serves");
    let email = "admin@vestibule.example";
    match accounts::first_administrator(portal, email).await? {
        Some(first) => say(&format!(
            "\nVestibule serves at {url}\n\nThe first administrator, shown this once:\n  address   {}\n  password  {}\n  sign in   {url}/login\n",
            first.email, first.password
        )),
        None => say(&format!("\nVestibule serves at {url}\n")),
    }
    Ok(())
}

async fn bind(addr: SocketAddr, variable: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(addr).await.with_context(|| format!("{variable}: {addr} cannot be listened on"))
}

async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
