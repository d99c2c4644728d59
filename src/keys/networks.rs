//! From where a key may be used.

use std::{fmt, net::IpAddr, str::FromStr};

use ipnet::IpNet;

/// Networks from which calls are taken. Without any, calls may come from everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedNetworks(Vec<IpNet>);

/// Networks that cannot be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotNetworks {
    /// One of the texts is neither an address nor a network.
    #[error("{text} is no network: write an address such as 203.0.113.7, or a network such as 203.0.113.0/24")]
    Unreadable {
        /// Its place in the list.
        at: usize,
        /// What was written.
        text: String,
    },
    /// There are too many.
    #[error("are more than {}", AllowedNetworks::MOST)]
    TooMany,
}

impl AllowedNetworks {
    /// More than this is a firewall's work: each call is held against all of them.
    pub const MOST: usize = 50;

    /// Reads networks in CIDR notation; a single address is a network of one. Host bits are cut off, and what is
    /// there twice is kept once.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, NotNetworks> {
        let mut networks = Vec::new();
        for (at, text) in texts.into_iter().enumerate() {
            if at >= Self::MOST {
                return Err(NotNetworks::TooMany);
            }
            let network =
                network(text.trim()).ok_or_else(|| NotNetworks::Unreadable { at, text: shortened(text.trim()) })?;
            if !networks.contains(&network) {
                networks.push(network);
            }
        }
        Ok(Self(networks))
    }

    /// Reads them as people type them: one on each line, or with commas or spaces between.
    pub fn typed(text: &str) -> Result<Self, NotNetworks> {
        Self::parse(text.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty()))
    }

    /// What the database has of them; it takes nothing that is none.
    pub(super) fn stored(texts: &[String]) -> Self {
        Self(texts.iter().filter_map(|text| network(text)).collect())
    }

    /// Whether calls from this address are taken. An IPv4 address stays one when it comes through an IPv6 socket.
    pub fn admit(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.is_empty() || self.0.iter().any(|network| network.contains(&address))
    }

    /// Whether calls may come from everywhere.
    pub fn is_everywhere(&self) -> bool {
        self.0.is_empty()
    }

    /// Each in CIDR notation.
    pub fn texts(&self) -> Vec<String> {
        self.0.iter().map(IpNet::to_string).collect()
    }
}

/// One on each line.
impl fmt::Display for AllowedNetworks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.texts().join("\n"))
    }
}

/// An IPv4 network that is written as an IPv6 one is the IPv4 network.
fn network(text: &str) -> Option<IpNet> {
    let network = IpNet::from_str(text).or_else(|_| IpAddr::from_str(text).map(IpNet::from)).ok()?;
    let network = match (network.addr().to_canonical(), network.prefix_len()) {
        (IpAddr::V4(address), length) if length >= 96 => IpNet::new(address.into(), length - 96).ok()?,
        _ => network,
    };
    Some(network.trunc())
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn admits(networks: &[&str], address: &str) -> bool {
        AllowedNetworks::parse(networks.iter().copied()).unwrap().admit(address.parse().unwrap())
    }

    #[test]
    fn calls_come_from_the_listed_networks_only() {
        assert!(admits(&["203.0.113.0/24", "2001:db8::/32"], "203.0.113.255"));
        assert!(admits(&["203.0.113.0/24", "2001:db8::/32"], "2001:db8:1::7"));
        assert!(!admits(&["203.0.113.0/24", "2001:db8::/32"], "203.0.114.0"));
        assert!(!admits(&["203.0.113.0/24", "2001:db8::/32"], "2001:db9::1"));
        assert!(admits(&["203.0.113.7"], "203.0.113.7") && !admits(&["203.0.113.7"], "203.0.113.8"));
        assert!(admits(&["2001:db8::7"], "2001:db8::7") && !admits(&["2001:db8::7"], "2001:db8::8"));
    }

    #[test]
    fn without_a_list_calls_come_from_everywhere() {
        assert!(admits(&[], "192.0.2.1") && admits(&[], "::1"));
    }

    #[test]
    fn an_ipv4_address_is_the_same_through_an_ipv6_socket() {
        assert!(admits(&["203.0.113.0/24"], "::ffff:203.0.113.7"));
        assert!(admits(&["::ffff:203.0.113.0/120"], "203.0.113.7"));
        assert!(!admits(&["::/0"], "203.0.113.7"), "all of IPv6 is not IPv4");
        assert!(!admits(&["0.0.0.0/0"], "2001:db8::1"));
    }

    #[test]
    fn what_is_typed_may_be_separated_in_any_way() {
        let typed = AllowedNetworks::typed(" 203.0.113.9/24,\r\n2001:db8::/32 203.0.113.0/24\n").unwrap();
        assert_eq!(typed.texts(), ["203.0.113.0/24", "2001:db8::/32"]);
        assert_eq!(typed.to_string(), "203.0.113.0/24\n2001:db8::/32");
        assert!(AllowedNetworks::typed(" \n ").unwrap().is_everywhere());
    }

    #[test]
    fn what_is_no_network_is_named() {
        let refused = AllowedNetworks::typed("203.0.113.7 203.0.113.0/33").unwrap_err();
        assert_eq!(refused, NotNetworks::Unreadable { at: 1, text: "203.0.113.0/33".into() });
        for odd in ["example.com", "203.0.113", "::/129", "*", "203.0.113.7/"] {
            assert!(AllowedNetworks::typed(odd).is_err(), "{odd}");
        }
        let many: Vec<String> = (0..=AllowedNetworks::MOST).map(|n| format!("10.0.0.{n}")).collect();
        assert_eq!(AllowedNetworks::typed(&many.join(" ")), Err(NotNetworks::TooMany));
    }

    proptest! {
        #[test]
        fn a_network_admits_its_own_addresses(address: [u8; 4], length in 0u8..=32) {
            let address = IpAddr::from(address);
            let networks = AllowedNetworks::typed(&format!("{address}/{length}")).unwrap();
            prop_assert!(networks.admit(address));
            prop_assert_eq!(AllowedNetworks::stored(&networks.texts()), networks);
        }
    }
}
