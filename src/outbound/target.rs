//! Reading the URL of a call: what is refused before anything is looked up.

use std::net::IpAddr;

use url::{Host, Url};

use super::{OutboundError, verdict::Verdict};

const LONGEST_URL: usize = 8 * 1024;

/// Where a call goes.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub url: Url,
    pub is_tls: bool,
    /// As in the URL, without brackets and without a dot at its end.
    pub host: String,
    /// Where the host is an address itself, in whatever notation.
    pub literal: Option<IpAddr>,
    pub port: u16,
}

impl Target {
    /// Reads a URL. What the standard normalizes (`0x7f.1`, `127.1`, `%31`, `BÜCHER.example`) is normalized.
    pub fn parse(text: &str) -> Result<Self, OutboundError> {
        let invalid = |problem: &str| OutboundError::UrlInvalid { url: shortened(text), problem: problem.to_owned() };
        if text.len() > LONGEST_URL {
            return Err(invalid("is too long"));
        }
        let url = Url::parse(text.trim()).map_err(|error| invalid(&format!("cannot be read: {error}")))?;
        Self::of(url)
    }

    /// The target of a redirect.
    pub fn join(&self, location: &str) -> Result<Self, OutboundError> {
        let invalid = |problem: String| OutboundError::UrlInvalid { url: shortened(location), problem };
        if location.len() > LONGEST_URL {
            return Err(invalid("is too long".into()));
        }
        Self::of(self.url.join(location).map_err(|error| invalid(format!("cannot be read: {error}")))?)
    }

    fn of(mut url: Url) -> Result<Self, OutboundError> {
        let is_tls = match url.scheme() {
            "https" => true,
            "http" => false,
            other => return Err(OutboundError::SchemeRefused { scheme: other.to_owned() }),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutboundError::CredentialsInUrl);
        }
        url.set_fragment(None);
        let (host, literal) = match url.host() {
            Some(Host::Ipv4(address)) => (address.to_string(), Some(IpAddr::V4(address))),
            Some(Host::Ipv6(address)) => (address.to_string(), Some(IpAddr::V6(address))),
            Some(Host::Domain(name)) => (name.strip_suffix('.').unwrap_or(name).to_owned(), None),
            None => (String::new(), None),
        };
        if host.is_empty() || host.split('.').any(str::is_empty) {
            let problem = "has no host".to_owned();
            return Err(OutboundError::UrlInvalid { url: shortened(url.as_str()), problem });
        }
        let port = url.port().unwrap_or(if is_tls { 443 } else { 80 });
        Ok(Self { url, is_tls, host, literal, port })
    }

    /// Whether this call may go to an address of that verdict.
    pub fn admit(&self, address: IpAddr, verdict: Verdict) -> Result<(), OutboundError> {
        let host = self.host.clone();
        match verdict {
            Verdict::Refused(reason) => Err(OutboundError::AddressRefused { host, address, reason }),
            Verdict::Listed if self.port == 0 => Err(OutboundError::PortRefused { port: 0 }),
            Verdict::Listed => Ok(()),
            Verdict::Public if !self.is_tls => Err(OutboundError::Insecure { host }),
            Verdict::Public if self.port != 443 && self.port < 1024 => {
                Err(OutboundError::PortRefused { port: self.port })
            }
            Verdict::Public => Ok(()),
        }
    }

    /// What the `Host` header says.
    pub fn authority(&self) -> String {
        let host = match self.literal {
            Some(IpAddr::V6(address)) => format!("[{address}]"),
            _ => self.host.clone(),
        };
        match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host,
        }
    }

    /// Path and query, as the request line has them.
    pub fn path_and_query(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }

    pub fn has_origin_of(&self, other: &Self) -> bool {
        (self.is_tls, &self.host, self.port) == (other.is_tls, &other.host, other.port)
    }
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_of_an_address_is_that_address() {
        for (url, address) in [
            ("http://127.0.0.1/", "127.0.0.1"),
            ("http://127.1/", "127.0.0.1"),
            ("http://2130706433/", "127.0.0.1"),
            ("http://0x7f000001/", "127.0.0.1"),
            ("http://0x7f.0.0.1/", "127.0.0.1"),
            ("http://017700000001/", "127.0.0.1"),
            ("http://0177.0.0.01/", "127.0.0.1"),
            ("http://127.0.0.1./", "127.0.0.1"),
            ("http://%31%32%37.0.0.1/", "127.0.0.1"),
            ("http://①②⑦.⓪.⓪.①/", "127.0.0.1"),
            ("http://127。0。0。1/", "127.0.0.1"),
            ("http://[::ffff:127.0.0.1]/", "::ffff:127.0.0.1"),
            ("http://[0:0:0:0:0:0:0:1]/", "::1"),
            ("http:\\\\127.0.0.1\\", "127.0.0.1"),
        ] {
            let target = Target::parse(url).unwrap();
            assert_eq!(target.literal, Some(address.parse().unwrap()), "{url}");
        }
    }

    #[test]
    fn a_name_is_normalized() {
        for (url, host) in [
            ("https://EXAMPLE.com", "example.com"),
            ("https://example.com.", "example.com"),
            ("https://bücher.example/", "xn--bcher-kva.example"),
            ("https://localhost./", "localhost"),
        ] {
            let target = Target::parse(url).unwrap();
            assert_eq!((target.host.as_str(), target.literal, target.port), (host, None, 443), "{url}");
        }
    }

    #[test]
    fn what_is_no_plain_address_of_the_web_is_refused() {
        for (url, code) in [
            ("", "outbound_url_invalid"),
            ("example.com/openapi.json", "outbound_url_invalid"),
            ("https://", "outbound_url_invalid"),
            ("https://./", "outbound_url_invalid"),
            ("https://a..b/", "outbound_url_invalid"),
            ("https://[fe80::1%25eth0]/", "outbound_url_invalid"),
            ("https://[fe80::1%eth0]/", "outbound_url_invalid"),
            ("https://999.1.1.1/", "outbound_url_invalid"),
            ("https://example.com:99999/", "outbound_url_invalid"),
            ("https://exa mple.com/", "outbound_url_invalid"),
            ("file:///etc/passwd", "outbound_scheme_refused"),
            ("ftp://example.com/", "outbound_scheme_refused"),
            ("gopher://example.com/", "outbound_scheme_refused"),
            ("javascript:alert(1)", "outbound_scheme_refused"),
            ("data:,x", "outbound_scheme_refused"),
            ("https://user@example.com/", "outbound_credentials_in_url"),
            ("https://user:secret@example.com/", "outbound_credentials_in_url"),
            ("https://example.com@127.0.0.1/", "outbound_credentials_in_url"),
        ] {
            assert_eq!(Target::parse(url).unwrap_err().code(), code, "{url}");
        }
    }

    #[test]
    fn public_addresses_are_called_over_https_and_on_sane_ports() {
        let address = "8.8.8.8".parse().unwrap();
        let admit = |url: &str, verdict| Target::parse(url).unwrap().admit(address, verdict).map_err(|e| e.code());
        for (url, public, listed) in [
            ("https://example.com/", Ok(()), Ok(())),
            ("https://example.com:8443/", Ok(()), Ok(())),
            ("https://example.com:25/", Err("outbound_port_refused"), Ok(())),
            ("https://example.com:80/", Err("outbound_port_refused"), Ok(())),
            ("https://example.com:0/", Err("outbound_port_refused"), Err("outbound_port_refused")),
            ("http://example.com/", Err("outbound_insecure"), Ok(())),
        ] {
            assert_eq!(admit(url, Verdict::Public), public, "{url}");
            assert_eq!(admit(url, Verdict::Listed), listed, "{url}");
        }
    }

    #[test]
    fn a_fragment_stays_here_and_the_rest_is_sent() {
        let target = Target::parse("https://example.com:8443/a%20b?x=1#y").unwrap();
        assert_eq!((target.path_and_query().as_str(), target.authority().as_str()), ("/a%20b?x=1", "example.com:8443"));
        assert_eq!(Target::parse("https://[2606:4700::1]/").unwrap().authority(), "[2606:4700::1]");
    }
}
