//! Calls to real listeners on this machine.

use std::{
    io::Write,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use flate2::{Compression, write::GzEncoder};
use futures_util::future::BoxFuture;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    time::sleep,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{RootCertStore, ServerConfig, crypto::ring},
};

use super::*;

const BOUNDS: Bounds = Bounds { deadline: Duration::from_secs(5), response_bytes: 1024, redirects: 0 };

/// Answers each connection with the next of these answers, and remembers what was asked.
struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn answering(answers: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        let answers: Vec<Vec<u8>> = answers.into_iter().map(Into::into).collect();
        Self::doing(move |index, mut stream| {
            let answer = answers[index.min(answers.len() - 1)].clone();
            Box::pin(async move {
                let _ = stream.write_all(&answer).await;
            })
        })
        .await
    }

    async fn doing(
        work: impl Fn(usize, tokio::net::TcpStream) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        tokio::spawn(async move {
            for index in 0.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = request(&mut stream).await;
                heard.lock().unwrap().push(request);
                tokio::spawn(work(index, stream));
            }
        });
        Self { address, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// A request's head, and its body as far as `content-length` says.
async fn request(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).await.unwrap_or(0);
        received.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&received);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            assert!(count > 0, "the request ended early: {text}");
            continue;
        };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
        if body.len() >= length.parse().unwrap() {
            return text.into_owned();
        }
    }
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
}

fn listed(networks: &[&str]) -> Vec<IpNet> {
    networks.iter().map(|network| network.parse().unwrap()).collect()
}

fn client() -> Client {
    Client::new(listed(&["127.0.0.0/8"]))
}

/// Gives one answer after the other, and the last one from then on.
struct Changing {
    answers: Vec<Vec<&'static str>>,
    asked: Arc<AtomicUsize>,
}

impl Resolve for Changing {
    fn resolve<'a>(&'a self, _: &'a str) -> BoxFuture<'a, std::io::Result<Vec<IpAddr>>> {
        let index = self.asked.fetch_add(1, Ordering::SeqCst).min(self.answers.len() - 1);
        let addresses = self.answers[index].iter().map(|address| address.parse().unwrap()).collect();
        Box::pin(async move { Ok(addresses) })
    }
}

fn resolving(networks: &[&str], answers: &[&[&'static str]]) -> (Client, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let answers = answers.iter().map(|addresses| addresses.to_vec()).collect();
    (Client::with(listed(networks), Box::new(Changing { answers, asked: Arc::clone(&asked) })), asked)
}

#[tokio::test]
async fn what_is_listed_is_called_and_what_is_not_is_refused_before_it_is_connected() {
    let server = Server::answering([ok("hello")]).await;
    let answer = client().send(Request::get(server.url("/a?b=c#d")), BOUNDS).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice(), answer.truncated), (StatusCode::OK, &b"hello"[..], false));
    assert_eq!(answer.address, server.address);
    assert!(answer.timings.total >= answer.timings.wait);

    let refused = Client::new(Vec::new()).send(Request::get(server.url("/a")), BOUNDS).await.unwrap_err();
    assert_eq!(refused.code(), "outbound_address_refused");
    let words = refused.to_string();
    assert!(words.contains("127.0.0.1") && words.contains("VESTIBULE_OUTBOUND_ALLOW"), "{words}");
    assert!(!refused.in_public().contains("127.0.0.1"));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn the_request_says_who_calls_and_keeps_the_connections_headers_to_itself() {
    let server = Server::answering([ok("")]).await;
    let mut request =
        Request { method: Method::POST, url: server.url("/in"), body: Bytes::from("{}"), ..Request::default() };
    for (name, value) in [
        ("host", "internal.example"),
        ("content-length", "9999"),
        ("transfer-encoding", "chunked"),
        ("connection", "upgrade"),
        ("upgrade", "h2c"),
        ("proxy-authorization", "x"),
        ("user-agent", "curl"),
        ("x-own", "kept"),
    ] {
        request.headers.insert(name, value.parse().unwrap());
    }
    client().send(request, BOUNDS).await.unwrap();
    let asked = server.asked().remove(0);
    assert!(asked.starts_with("POST /in HTTP/1.1\r\n") && asked.ends_with("\r\n\r\n{}"), "{asked}");
    for line in [
        &format!("host: {}", server.address),
        concat!("user-agent: Vestibule/", env!("CARGO_PKG_VERSION")),
        "content-length: 2",
        "connection: close",
        "x-own: kept",
    ] {
        assert_eq!(asked.lines().filter(|found| found == &line).count(), 1, "{line} in {asked}");
    }
    for word in ["internal.example", "9999", "chunked", "h2c", "proxy-authorization", "curl"] {
        assert!(!asked.contains(word), "{word} in {asked}");
    }
}

#[tokio::test]
async fn a_name_that_changes_after_it_was_judged_changes_nothing() {
    let server = Server::answering([ok("the one that was judged")]).await;
    let (client, asked) = resolving(&["127.0.0.1/32"], &[&["127.0.0.1"], &["169.254.169.254"]]);
    let url = format!("http://api.example.com:{}/", server.address.port());
    let answer = client.send(Request::get(&url), BOUNDS).await.unwrap();
    assert_eq!(answer.address, server.address);
    assert_eq!(asked.load(Ordering::SeqCst), 1, "a host is looked up once for each call");
    let refused = client.send(Request::get(&url), BOUNDS).await.unwrap_err();
    assert_eq!(refused.code(), "outbound_address_refused", "and judged again for the next");
}

#[tokio::test]
async fn one_inner_address_taints_the_others() {
    for addresses in [&["8.8.8.8", "10.0.0.1"], &["10.0.0.1", "8.8.8.8"], &["8.8.8.8", "::ffff:127.0.0.1"]] {
        let (client, _) = resolving(&[], &[addresses]);
        let refused = client.check("https://api.example.com/").await.unwrap_err();
        assert_eq!(refused.code(), "outbound_address_refused", "{addresses:?}");
    }
    let (client, _) = resolving(&[], &[&["8.8.8.8", "2606:4700::1111"]]);
    client.check("https://api.example.com/").await.unwrap();
    assert_eq!(client.check("http://api.example.com/").await.unwrap_err().code(), "outbound_insecure");
    let (nowhere, _) = resolving(&[], &[&[]]);
    assert_eq!(nowhere.check("https://api.example.com/").await.unwrap_err().code(), "outbound_not_resolved");
}

#[tokio::test]
async fn each_step_of_a_redirect_is_judged() {
    let following = Bounds { redirects: 5, ..BOUNDS };
    for (to, code) in [
        ("http://169.254.169.254/latest/meta-data/", "outbound_address_refused"),
        ("http://[::1]/", "outbound_address_refused"),
        ("http://0x0a000001/", "outbound_address_refused"),
        ("http://8.8.8.8/", "outbound_insecure"),
        ("file:///etc/passwd", "outbound_scheme_refused"),
        ("https://user:secret@127.0.0.1/", "outbound_credentials_in_url"),
    ] {
        let server = Server::answering([redirect(to)]).await;
        let refused = client().send(Request::get(server.url("/")), following).await.unwrap_err();
        assert_eq!(refused.code(), code, "{to}");
    }
}

#[tokio::test]
async fn redirects_are_followed_as_often_as_was_asked() {
    let server = Server::answering([redirect("/two"), redirect("three"), ok("here")]).await;
    let answer = client().send(Request::get(server.url("/one/")), Bounds { redirects: 2, ..BOUNDS }).await.unwrap();
    assert_eq!((answer.body.as_slice(), answer.url), (&b"here"[..], server.url("/three")));
    let paths: Vec<_> = server.asked().iter().map(|asked| asked.split(' ').nth(1).unwrap().to_owned()).collect();
    assert_eq!(paths, ["/one/", "/two", "/three"]);

    let around = Server::answering([redirect("/again")]).await;
    let refused = client().send(Request::get(around.url("/")), Bounds { redirects: 5, ..BOUNDS }).await.unwrap_err();
    assert_eq!(refused.code(), "outbound_too_many_redirects");
    assert_eq!(around.asked().len(), 6);

    let answer = client().send(Request::get(around.url("/")), BOUNDS).await.unwrap();
    assert_eq!(answer.status, StatusCode::FOUND, "without redirects it is an answer");
    let post = Request { method: Method::POST, ..Request::get(around.url("/")) };
    let answer = client().send(post, Bounds { redirects: 5, ..BOUNDS }).await.unwrap();
    assert_eq!(answer.status, StatusCode::FOUND, "what changes something is not repeated elsewhere");
}

#[tokio::test]
async fn another_origin_gets_no_secret() {
    let other = Server::answering([ok("")]).await;
    let server = Server::answering([redirect("/same"), redirect(&other.url("/other"))]).await;
    let mut request = Request::get(server.url("/"));
    for name in ["authorization", "x-api-key", "cookie", "accept"] {
        request.headers.insert(name, HeaderValue::from_static("given"));
    }
    client().send(request, Bounds { redirects: 5, ..BOUNDS }).await.unwrap();
    assert!(server.asked().iter().all(|asked| asked.contains("authorization: given")));
    let asked = other.asked().remove(0);
    assert!(asked.contains("accept: given"), "{asked}");
    assert_eq!(asked.matches("given").count(), 1, "{asked}");
}

#[tokio::test]
async fn a_server_that_drips_meets_the_deadline() {
    for head in ["", "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"] {
        let server = Server::doing(move |_, mut stream| {
            Box::pin(async move {
                let _ = stream.write_all(head.as_bytes()).await;
                while stream.write_all(b"H").await.is_ok() {
                    sleep(Duration::from_millis(20)).await;
                }
            })
        })
        .await;
        let bounds = Bounds { deadline: Duration::from_millis(300), ..BOUNDS };
        let error = client().send(Request::get(server.url("/")), bounds).await.unwrap_err();
        assert!(matches!(error.code(), "outbound_timed_out" | "outbound_broken"), "{error}");
    }
}

#[tokio::test]
async fn an_endless_body_is_cut_at_the_bound_and_an_endless_head_refused() {
    let endless = |head: &'static str, part: &'static str| {
        Server::doing(move |_, mut stream| {
            Box::pin(async move {
                let _ = stream.write_all(head.as_bytes()).await;
                while stream.write_all(part.as_bytes()).await.is_ok() {}
            })
        })
    };
    let server = endless("HTTP/1.1 200 OK\r\n\r\n", "0123456789abcdef").await;
    let answer = client().send(Request::get(server.url("/")), BOUNDS).await.unwrap();
    assert_eq!((answer.body.len(), answer.truncated), (BOUNDS.response_bytes, true));
    let server = endless("HTTP/1.1 200 OK\r\n", "x: y\r\n").await;
    let refused = client().send(Request::get(server.url("/")), BOUNDS).await.unwrap_err();
    assert_eq!(refused.code(), "outbound_broken");
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    let packed = encoder.finish().unwrap();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", packed.len());
    [head.into_bytes(), packed].concat()
}

#[tokio::test]
async fn packed_answers_are_unpacked_within_the_bound() {
    let exact = vec![b'x'; BOUNDS.response_bytes];
    for (content, truncated) in [(&b"small"[..], false), (&exact, false), (&vec![0; 50_000_000], true)] {
        let server = Server::answering([gzip(content)]).await;
        let answer = client().send(Request::get(server.url("/")), BOUNDS).await.unwrap();
        let most = content.len().min(BOUNDS.response_bytes);
        assert!(answer.body == content[..most], "{} bytes", content.len());
        assert_eq!(answer.truncated, truncated, "{} bytes", content.len());
    }
    let unpacked = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello";
    let server = Server::answering([unpacked]).await;
    let error = client().send(Request::get(server.url("/")), BOUNDS).await.unwrap_err();
    assert_eq!(error.code(), "outbound_broken");
    let empty = "HTTP/1.1 304 Not Modified\r\ncontent-encoding: gzip\r\n\r\n";
    let server = Server::answering([empty]).await;
    assert!(client().send(Request::get(server.url("/")), BOUNDS).await.unwrap().body.is_empty());
}

#[tokio::test]
async fn what_ends_early_or_is_no_http_is_said_so() {
    for answer in ["", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort", "SSH-2.0-OpenSSH_9.9\r\n"] {
        let server = Server::answering([answer]).await;
        let error = client().send(Request::get(server.url("/")), BOUNDS).await.unwrap_err();
        assert_eq!(error.code(), "outbound_broken", "{answer}");
        assert!(error.is_temporary());
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let error = client().send(Request::get(url), BOUNDS).await.unwrap_err();
    assert_eq!(error.code(), "outbound_not_connected");
}

/// A server with a certificate for a name, and the store that trusts it.
async fn tls_server(name: &str) -> (SocketAddr, RootCertStore) {
    let own = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let certificate = own.cert.der().clone();
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let key = own.signing_key.serialize_der().try_into().unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            if let Ok(mut stream) = acceptor.accept(stream).await {
                answer_once(&mut stream).await;
            }
        }
    });
    (address, roots)
}

async fn answer_once(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    request(stream).await;
    stream.write_all(ok("over tls").as_bytes()).await.unwrap();
    let _ = stream.shutdown().await;
}

#[tokio::test]
async fn the_certificate_has_to_be_the_hosts_although_the_address_is_pinned() {
    let (address, roots) = tls_server("api.example.com").await;
    let trusting = |roots: RootCertStore| {
        let answers = vec![vec!["127.0.0.1"]];
        let resolver = Box::new(Changing { answers, asked: Arc::default() });
        Client(Arc::new(Parts { listed: listed(&["127.0.0.1/32"]), resolver, trust: Trust::only(roots) }))
    };
    let url = |host: &str| format!("https://{host}:{}/", address.port());
    let client = trusting(roots);
    let answer = client.send(Request::get(url("api.example.com")), BOUNDS).await.unwrap();
    assert_eq!(answer.body, b"over tls");
    let other = client.send(Request::get(url("other.example.com")), BOUNDS).await.unwrap_err();
    assert_eq!(other.code(), "outbound_tls_failed", "{other}");
    let stranger = trusting(RootCertStore::empty());
    let error = stranger.send(Request::get(url("api.example.com")), BOUNDS).await.unwrap_err();
    assert_eq!(error.code(), "outbound_tls_failed", "{error}");
}
