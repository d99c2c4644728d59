//! One connection for one call: to the address that was judged, and to no other.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use http_body_util::Full;
use hyper::{body::Bytes, body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use super::{OutboundError, Timings, target::Target};

/// For each address of a host; the call's own deadline may be sooner.
const CONNECT: Duration = Duration::from_secs(5);
/// For the response's head. hyper's own bound is 400 kB.
const LARGEST_HEAD: usize = 64 * 1024;

/// An open connection; dropping it ends it.
pub(super) struct Connection {
    pub sender: http1::SendRequest<Full<Bytes>>,
    pub address: SocketAddr,
    _driver: JoinSet<()>,
}

/// An answer whose body is still to come.
pub(super) type Answer = hyper::Response<Incoming>;

/// Who the portal trusts. Read at the first call that needs it: it takes a while.
#[derive(Default)]
pub(super) struct Trust(OnceLock<Arc<ClientConfig>>);

impl Trust {
    /// Only these certificates, for tests.
    #[cfg(test)]
    pub fn only(roots: RootCertStore) -> Self {
        Self(OnceLock::from(configured(roots)))
    }

    fn connector(&self) -> TlsConnector {
        Arc::clone(self.0.get_or_init(|| configured(of_the_system()))).into()
    }
}

/// How many certificates the system trusts. Without any, nothing is called over https.
pub fn trusted_certificates() -> usize {
    of_the_system().len()
}

fn of_the_system() -> RootCertStore {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (trusted, _) = roots.add_parsable_certificates(found.certs);
    if trusted == 0 {
        tracing::warn!(errors = ?found.errors, "the system has no certificates to trust; install ca-certificates");
    }
    roots
}

fn configured(roots: RootCertStore) -> Arc<ClientConfig> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows the default versions of TLS")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.into()
}

/// Connects to the first of the addresses that answers.
pub(super) async fn open(
    target: &Target,
    addresses: &[IpAddr],
    trust: &Trust,
    timings: &mut Timings,
) -> Result<Connection, OutboundError> {
    let started = Instant::now();
    let (stream, address) = connect(target, addresses).await?;
    timings.connect = started.elapsed();
    if !target.is_tls {
        return speak(target, stream, address).await;
    }
    let started = Instant::now();
    let failed = |problem: String| OutboundError::TlsFailed { host: target.host.clone(), problem };
    let name = match target.literal {
        Some(literal) => ServerName::from(literal),
        None => ServerName::try_from(target.host.clone()).map_err(|error| failed(error.to_string()))?,
    };
    let stream = trust.connector().connect(name, stream).await.map_err(|error| failed(error.to_string()))?;
    timings.tls = started.elapsed();
    speak(target, stream, address).await
}

async fn connect(target: &Target, addresses: &[IpAddr]) -> Result<(TcpStream, SocketAddr), OutboundError> {
    let mut last = OutboundError::NotResolved { host: target.host.clone(), problem: "it has none".into() };
    for address in addresses {
        let place = SocketAddr::new(*address, target.port);
        let result = match timeout(CONNECT, TcpStream::connect(place)).await {
            Ok(result) => result,
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "no answer")),
        };
        match result {
            Ok(stream) => {
                let _ = stream.set_nodelay(true);
                return Ok((stream, place));
            }
            Err(error) => {
                let (host, problem) = (target.host.clone(), error.to_string());
                last = OutboundError::NotConnected { host, address: *address, problem };
            }
        }
    }
    Err(last)
}

async fn speak(
    target: &Target,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    address: SocketAddr,
) -> Result<Connection, OutboundError> {
    let (sender, connection) = http1::Builder::new()
        .max_buf_size(LARGEST_HEAD)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| broken(target, &error))?;
    let mut driver = JoinSet::new();
    driver.spawn(async move {
        // What goes wrong here is told to whoever waits for the answer.
        let _ = connection.await;
    });
    Ok(Connection { sender, address, _driver: driver })
}

/// The answer cannot be read.
pub(super) fn broken(target: &Target, error: &dyn std::error::Error) -> OutboundError {
    let mut problem = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        problem = format!("{problem}: {cause}");
        source = cause.source();
    }
    OutboundError::Broken { host: target.host.clone(), problem }
}
