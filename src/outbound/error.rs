//! Why a call was not made or not answered, in words that somebody can act on.

use std::{net::IpAddr, time::Duration};

use super::verdict::Reason;

/// Why there is no answer. The words are for administrators: they name addresses. Visitors get [`Self::in_public`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// What cannot be called because it is no URL.
    #[error("{url:?} {problem}.")]
    UrlInvalid {
        /// The URL, shortened.
        url: String,
        /// What is wrong with it, after its name.
        problem: String,
    },
    /// Another scheme than http and https.
    #[error("URLs that begin with {scheme}: are not called; use https.")]
    SchemeRefused {
        /// The scheme.
        scheme: String,
    },
    /// A user or a password in the URL.
    #[error("The URL has a user name or password in it; leave them out.")]
    CredentialsInUrl,
    /// Plain http to the internet.
    #[error(
        "{host} is on the internet and is called over https only. Networks listed in VESTIBULE_OUTBOUND_ALLOW may be called over http."
    )]
    Insecure {
        /// The host.
        host: String,
    },
    /// A port that no web server has.
    #[error("Port {port} is not called: use 443 or one from 1024.")]
    PortRefused {
        /// The port.
        port: u16,
    },
    /// An address that is not called.
    #[error("{} is {reason}, and is not called. {}", led_to(.host, .address), remedy(.address, .reason))]
    AddressRefused {
        /// The host.
        host: String,
        /// What it led to.
        address: IpAddr,
        /// Why not.
        reason: Reason,
    },
    /// No address has the name.
    #[error("{host} has no address that can be found: {problem}.")]
    NotResolved {
        /// The host.
        host: String,
        /// What the resolver said.
        problem: String,
    },
    /// Nobody answers at the address.
    #[error("{host} cannot be reached at {address}: {problem}.")]
    NotConnected {
        /// The host.
        host: String,
        /// The address that was tried last.
        address: IpAddr,
        /// What the system said.
        problem: String,
    },
    /// The certificate is not the host's, or not to be trusted.
    #[error("No secure connection to {host}: {problem}.")]
    TlsFailed {
        /// The host.
        host: String,
        /// What is wrong.
        problem: String,
    },
    /// The whole call took too long.
    #[error("{host} did not answer within {} seconds.", .after.as_secs_f64())]
    TimedOut {
        /// The host.
        host: String,
        /// How long was waited.
        after: Duration,
    },
    /// The answer is no HTTP, or ends in the middle.
    #[error("{host} gave an answer that cannot be read: {problem}.")]
    Broken {
        /// The host.
        host: String,
        /// What is wrong.
        problem: String,
    },
    /// More redirects than were allowed.
    #[error("{host} redirects too often: at most {most} redirects are followed.")]
    TooManyRedirects {
        /// The host that was to be called next.
        host: String,
        /// How many are followed.
        most: u8,
    },
}

impl OutboundError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UrlInvalid { .. } => "outbound_url_invalid",
            Self::SchemeRefused { .. } => "outbound_scheme_refused",
            Self::CredentialsInUrl => "outbound_credentials_in_url",
            Self::Insecure { .. } => "outbound_insecure",
            Self::PortRefused { .. } => "outbound_port_refused",
            Self::AddressRefused { .. } => "outbound_address_refused",
            Self::NotResolved { .. } => "outbound_not_resolved",
            Self::NotConnected { .. } => "outbound_not_connected",
            Self::TlsFailed { .. } => "outbound_tls_failed",
            Self::TimedOut { .. } => "outbound_timed_out",
            Self::Broken { .. } => "outbound_broken",
            Self::TooManyRedirects { .. } => "outbound_too_many_redirects",
        }
    }

    /// The same without what only the operator's network knows, for partners and visitors.
    pub fn in_public(&self) -> &'static str {
        match self {
            Self::UrlInvalid { .. } => "The URL cannot be read.",
            Self::SchemeRefused { .. } => "Only https URLs are called.",
            Self::CredentialsInUrl => "The URL has a user name or password in it.",
            Self::Insecure { .. } => "The server is called over https only.",
            Self::PortRefused { .. } => "The server's port is not one that is called.",
            Self::AddressRefused { .. } => "The server is not on the public internet; the portal does not call it.",
            Self::NotResolved { .. } => "The server's name cannot be found.",
            Self::NotConnected { .. } => "The server cannot be reached.",
            Self::TlsFailed { .. } => "There is no secure connection to the server.",
            Self::TimedOut { .. } => "The server did not answer in time.",
            Self::Broken { .. } => "The server's answer cannot be read.",
            Self::TooManyRedirects { .. } => "The server redirects too often.",
        }
    }

    /// Whether the same call can do better later. A refusal stays one until somebody changes the URL or a setting.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::NotResolved { .. }
                | Self::NotConnected { .. }
                | Self::TlsFailed { .. }
                | Self::TimedOut { .. }
                | Self::Broken { .. }
        )
    }
}

fn led_to(host: &str, address: &IpAddr) -> String {
    let address = address.to_string();
    if host == address { address } else { format!("{host} leads to {address}, which") }
}

fn remedy(address: &IpAddr, reason: &Reason) -> String {
    match reason {
        Reason::Metadata => format!("VESTIBULE_OUTBOUND_ALLOW=\"{address}\" would allow it, a wider network does not."),
        _ => "If it is meant to be called, list its network in VESTIBULE_OUTBOUND_ALLOW.".to_owned(),
    }
}
