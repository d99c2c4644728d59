//! Every setting, read from the environment once, at start. Nobody else reads the environment.
//!
//! A bad value stops the start with one line that names the variable, so that an operator never
//! runs with a default that they believe to have changed.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use axum::http::Uri;
use data_encoding::BASE64;
use ipnet::IpNet;
use secrecy::SecretString;

/// How long a page waits for a database connection before it says that the portal is away.
pub const DATABASE_PATIENCE: Duration = Duration::from_secs(3);

/// The portal's settings. The README's table is the reference for operators.
#[derive(Clone, Debug)]
pub struct Config {
    /// An operator's own Postgres; without it the portal runs one of its own.
    pub database_url: Option<SecretString>,
    /// Where pages, API and sandbox are served.
    pub addr: SocketAddr,
    /// The origin under which visitors reach the portal.
    pub base_url: BaseUrl,
    /// Where the portal keeps files of its own.
    pub data_dir: PathBuf,
    /// Master keys, newest first; without them the data directory's key file is used.
    pub master_keys: Option<Vec<MasterKey>>,
    /// Where mail is handed in; without it mail stays in the outbox.
    pub smtp_url: Option<SecretString>,
    /// First part of every issued key.
    pub key_prefix: String,
    /// How many calls a minute a sandbox key may make.
    pub key_rate_limit: u32,
    /// Where Prometheus metrics are served; `None` turns them off.
    pub metrics_addr: Option<SocketAddr>,
    /// Proxies whose `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Networks that the portal may call although they are private.
    pub outbound_allow: Vec<IpNet>,
    /// Guides, demo APIs and changelog entries that an operator edits.
    pub content_dir: PathBuf,
    /// Scripts, styles and other files for browsers, as built beside the program.
    pub site_dir: Option<PathBuf>,
    /// Which log lines are written, in `tracing` filter syntax.
    pub log: String,
}

/// 32 secret bytes from which every other key of the portal is derived.
#[derive(Clone)]
pub struct MasterKey(pub [u8; 32]);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// The public origin of the portal: scheme and authority, without a trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Reads `http://host[:port]` or `https://host[:port]`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let uri: Uri = text.parse().map_err(|_| "is not a URL".to_owned())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err("must be an origin such as https://developers.example.com".into());
        };
        if !matches!(scheme, "http" | "https") {
            return Err("must start with http:// or https://".into());
        }
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err("must not have a path: the portal is served at the root of its origin".into());
        }
        Ok(Self(format!("{scheme}://{authority}")))
    }

    /// The origin as text, e.g. `https://developers.example.com`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host without its port, e.g. `developers.example.com`.
    pub fn host(&self) -> &str {
        let authority = self.0.split_once("://").map_or("", |(_, rest)| rest);
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => authority,
        }
    }

    /// Whether cookies can be marked `Secure` and browsers be told to insist on TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// An absolute URL of a path that starts with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

/// One variable that cannot be used, in one line.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{name}: {problem}")]
pub struct Misconfigured {
    /// The variable.
    pub name: &'static str,
    /// What is wrong with it and what would do.
    pub problem: String,
}

impl Config {
    /// Reads the process's environment.
    pub fn from_environment() -> Result<Self, Misconfigured> {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
        Self::read(|name| std::env::var(name).ok())
    }

    /// Reads the settings from `lookup`; an empty value counts as unset unless the README says otherwise.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        let given = |name| lookup(name).filter(|value| !value.trim().is_empty());
        let addr = parsed("VESTIBULE_ADDR", given("VESTIBULE_ADDR"), socket_address)?
            .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 3000)));
        let base_url = parsed("VESTIBULE_BASE_URL", given("VESTIBULE_BASE_URL"), BaseUrl::parse)?
            .unwrap_or_else(|| BaseUrl(format!("http://{addr}")));
        let metrics_addr = match lookup("VESTIBULE_METRICS_ADDR") {
            None => Some(SocketAddr::from(([127, 0, 0, 1], 9464))),
            Some(text) if text.trim().is_empty() => None,
            given => parsed("VESTIBULE_METRICS_ADDR", given, socket_address)?,
        };
        Ok(Self {
            database_url: parsed("DATABASE_URL", given("DATABASE_URL"), postgres_url)?,
            addr,
            base_url,
            data_dir: given("VESTIBULE_DATA_DIR").unwrap_or_else(|| "./data".into()).into(),
            master_keys: parsed("VESTIBULE_MASTER_KEY", given("VESTIBULE_MASTER_KEY"), master_keys)?,
            smtp_url: parsed("VESTIBULE_SMTP_URL", given("VESTIBULE_SMTP_URL"), smtp_url)?,
            key_prefix: parsed("VESTIBULE_KEY_PREFIX", given("VESTIBULE_KEY_PREFIX"), key_prefix)?
                .unwrap_or_else(|| "vst".into()),
            key_rate_limit: parsed("VESTIBULE_KEY_RATE_LIMIT", given("VESTIBULE_KEY_RATE_LIMIT"), positive)?
                .unwrap_or(60),
            metrics_addr,
            trusted_proxies: parsed("VESTIBULE_TRUSTED_PROXIES", given("VESTIBULE_TRUSTED_PROXIES"), networks)?
                .unwrap_or_default(),
            outbound_allow: parsed("VESTIBULE_OUTBOUND_ALLOW", given("VESTIBULE_OUTBOUND_ALLOW"), networks)?
                .unwrap_or_default(),
            content_dir: given("VESTIBULE_CONTENT_DIR").unwrap_or_else(|| "./content".into()).into(),
            site_dir: given("VESTIBULE_SITE_DIR").map(PathBuf::from),
            log: parsed("VESTIBULE_LOG", given("VESTIBULE_LOG"), log_filter)?
                .unwrap_or_else(|| "info,sqlx::query=warn".into()),
        })
    }
}

fn parsed<T>(
    name: &'static str,
    value: Option<String>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, Misconfigured> {
    value.map(|text| parse(text.trim())).transpose().map_err(|problem| Misconfigured { name, problem })
}

fn socket_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is not an address with port such as 127.0.0.1:3000"))
}

fn postgres_url(text: &str) -> Result<SecretString, String> {
    if !(text.starts_with("postgres://") || text.starts_with("postgresql://")) {
        return Err("must start with postgres://".into());
    }
    text.parse::<sqlx::postgres::PgConnectOptions>()
        .map_err(|_| "is not a Postgres URL such as postgres://user:password@host/database".to_owned())?;
    Ok(text.to_owned().into())
}

fn smtp_url(text: &str) -> Result<SecretString, String> {
    if !(text.starts_with("smtp://") || text.starts_with("smtps://")) {
        return Err("must start with smtp:// or smtps://".into());
    }
    lettre::AsyncSmtpTransport::<lettre::Tokio1Executor>::from_url(text)
        .map_err(|_| "is not an SMTP URL such as smtps://user:password@mail.example.com".to_owned())?;
    Ok(text.to_owned().into())
}

fn key_prefix(text: &str) -> Result<String, String> {
    let fits = (2..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    fits.then(|| text.to_owned()).ok_or_else(|| "must be 2 to 12 lowercase letters or digits".into())
}

fn positive(text: &str) -> Result<u32, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| "must be a number above 0".into())
}

fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    text.split(',')
        .map(str::trim)
        .map(|part| {
            part.parse::<IpNet>()
                .or_else(|_| part.parse::<std::net::IpAddr>().map(IpNet::from))
                .map_err(|_| format!("{part:?} is not a network such as 10.0.0.0/8"))
        })
        .collect()
}

fn master_keys(text: &str) -> Result<Vec<MasterKey>, String> {
    text.split(',').map(str::trim).map(master_key).collect()
}

fn master_key(text: &str) -> Result<MasterKey, String> {
    BASE64
        .decode(text.as_bytes())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .map(MasterKey)
        .ok_or_else(|| "must be 32 bytes in base64, e.g. from `openssl rand -base64 32`".into())
}

fn log_filter(text: &str) -> Result<String, String> {
    tracing_subscriber::EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|_| "is not a filter such as info or vestibule=debug".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Config, Misconfigured> {
        Config::read(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn nothing_needs_to_be_set() {
        let config = with(&[]).unwrap();
        assert_eq!(config.addr.to_string(), "127.0.0.1:3000");
        assert_eq!(config.base_url.as_str(), "http://127.0.0.1:3000");
        assert!(config.metrics_addr.is_some() && config.database_url.is_none());
    }

    #[test]
    fn a_bad_value_is_named() {
        let bad = [
            ("VESTIBULE_ADDR", "3000"),
            ("VESTIBULE_BASE_URL", "https://example.com/portal"),
            ("VESTIBULE_MASTER_KEY", "c2hvcnQ="),
            ("VESTIBULE_SMTP_URL", "mail.example.com"),
            ("VESTIBULE_KEY_PREFIX", "Has_Underscore"),
            ("VESTIBULE_KEY_RATE_LIMIT", "0"),
            ("VESTIBULE_METRICS_ADDR", "off"),
            ("VESTIBULE_TRUSTED_PROXIES", "10.0.0.0/40"),
            ("VESTIBULE_OUTBOUND_ALLOW", "intranet.example.com"),
            ("VESTIBULE_LOG", "=,="),
            ("DATABASE_URL", "mysql://root@localhost/x"),
        ];
        for (name, value) in bad {
            let refused = with(&[(name, value)]).expect_err(name);
            assert_eq!(refused.name, name);
            assert!(!refused.to_string().contains('\n'), "{refused}");
        }
    }

    #[test]
    fn an_empty_metrics_address_turns_metrics_off() {
        assert_eq!(with(&[("VESTIBULE_METRICS_ADDR", "")]).unwrap().metrics_addr, None);
    }

    #[test]
    fn the_host_of_an_origin_has_no_port() {
        assert_eq!(BaseUrl::parse("https://dev.example.com:8443").unwrap().host(), "dev.example.com");
        assert_eq!(BaseUrl::parse("http://[::1]:3000").unwrap().host(), "[::1]");
    }
}
