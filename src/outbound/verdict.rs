//! Which addresses the portal may call. Pure rules: an address and the operator's list in, a verdict out.
//!
//! Only what the whole internet can reach is called, unless the operator lists the network. The addresses at which clouds
//! hand out credentials have to be listed one by one: a wider network does not open them.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ipnet::IpNet;

/// What may be done with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is on the internet: it may be called over https.
    Public,
    /// The operator's list has it: it may be called as the URL says.
    Listed,
    /// It is not called.
    Refused(Reason),
}

/// Why an address is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// `0.0.0.0/8`, `::`
    Unspecified,
    /// `127.0.0.0/8`, `::1`
    Loopback,
    /// `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16`, `fc00::/7`, `fec0::/10`
    Private,
    /// `169.254.0.0/16`, `fe80::/10`
    LinkLocal,
    /// `100.64.0.0/10`
    CarrierNat,
    /// Where a cloud hands out credentials.
    Metadata,
    /// `224.0.0.0/4`, `ff00::/8`
    Multicast,
    /// `255.255.255.255`
    Broadcast,
    /// `192.0.2.0/24`, `198.51.100.0/24`, `203.0.113.0/24`, `2001:db8::/32`, `3fff::/20`
    Documentation,
    /// `198.18.0.0/15`, `2001:2::/48`
    Benchmarking,
    /// 6to4, Teredo and other ways to write an address of version 4 in one of version 6.
    Tunnel,
    /// Set aside by the IETF, or not given out.
    Reserved,
}

impl Reason {
    /// The reason after "is", for a sentence.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Unspecified => "no address of a server",
            Self::Loopback => "an address of the portal's own machine",
            Self::Private => "an address of a private network",
            Self::LinkLocal => "an address of the local link",
            Self::CarrierNat => "an address behind a carrier's NAT",
            Self::Metadata => "where a cloud keeps its machines' credentials",
            Self::Multicast => "a multicast address",
            Self::Broadcast => "the broadcast address",
            Self::Documentation => "an address for documentation",
            Self::Benchmarking => "an address for benchmarks",
            Self::Tunnel => "an address of a tunnel",
            Self::Reserved => "a reserved address",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.in_words())
    }
}

/// Judges an address; `listed` are the operator's networks.
pub fn judge(address: IpAddr, listed: &[IpNet]) -> Verdict {
    let address = address.to_canonical();
    if let IpAddr::V6(v6) = address
        && let Some(v4) = behind_nat64(v6)
    {
        return judge(v4.into(), listed);
    }
    match why_not(address) {
        reason if is_listed_for(address, reason, listed) => Verdict::Listed,
        Some(reason) => Verdict::Refused(reason),
        None => Verdict::Public,
    }
}

fn is_listed_for(address: IpAddr, reason: Option<Reason>, listed: &[IpNet]) -> bool {
    match reason {
        Some(Reason::Metadata) => listed.contains(&IpNet::from(address)),
        _ => is_listed(address, listed),
    }
}

fn is_listed(address: IpAddr, listed: &[IpNet]) -> bool {
    listed.iter().any(|network| network.contains(&address))
}

fn why_not(address: IpAddr) -> Option<Reason> {
    match address {
        address if is_metadata(address) => Some(Reason::Metadata),
        IpAddr::V4(v4) => why_not_v4(v4),
        IpAddr::V6(v6) => why_not_v6(v6),
    }
}

/// AWS (machines, containers, both families), Azure, Alibaba, Oracle, Google.
fn is_metadata(address: IpAddr) -> bool {
    const V4: [[u8; 4]; 6] = [
        [169, 254, 169, 254],
        [169, 254, 170, 2],
        [169, 254, 170, 23],
        [168, 63, 129, 16],
        [100, 100, 100, 200],
        [192, 0, 0, 192],
    ];
    const V6: [[u16; 8]; 3] = [
        [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254],
        [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23],
        [0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254],
    ];
    match address {
        IpAddr::V4(v4) => V4.contains(&v4.octets()),
        IpAddr::V6(v6) => V6.contains(&v6.segments()),
    }
}

fn why_not_v4(address: Ipv4Addr) -> Option<Reason> {
    Some(match address.octets() {
        [0, ..] => Reason::Unspecified,
        [127, ..] => Reason::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Reason::Private,
        [169, 254, ..] => Reason::LinkLocal,
        [100, 64..=127, ..] => Reason::CarrierNat,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Reason::Documentation,
        [198, 18..=19, ..] => Reason::Benchmarking,
        [192, 88, 99, _] => Reason::Tunnel,
        [192, 0, 0, _] => Reason::Reserved,
        [224..=239, ..] => Reason::Multicast,
        [255, 255, 255, 255] => Reason::Broadcast,
        [240..=255, ..] => Reason::Reserved,
        _ => return None,
    })
}

fn why_not_v6(address: Ipv6Addr) -> Option<Reason> {
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Reason::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Reason::Loopback,
        // Compatible and translated addresses, and NAT64 within one network.
        [0, 0, 0, 0, 0, 0, ..] | [0, 0, 0, 0, 0xffff, 0, ..] | [0x64, 0xff9b, 1, ..] => Reason::Tunnel,
        [0xfe80..=0xfebf, ..] => Reason::LinkLocal,
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Reason::Private,
        [0xff00..=0xffff, ..] => Reason::Multicast,
        [0x2002, ..] | [0x2001, 0, ..] => Reason::Tunnel,
        [0x2001, 2, 0, ..] => Reason::Benchmarking,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Reason::Documentation,
        [0x2001, 0..=0x1ff, ..] => Reason::Reserved,
        [0x2000..=0x3fff, ..] => return None,
        _ => Reason::Reserved,
    })
}

/// The address of version 4 that the well-known prefix `64:ff9b::/96` leads to.
fn behind_nat64(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
            Some(Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Reason::*, *};

    fn verdict(address: &str, listed: &[&str]) -> Verdict {
        let listed: Vec<IpNet> = listed.iter().map(|network| network.parse().unwrap()).collect();
        judge(address.parse().unwrap(), &listed)
    }

    #[test]
    fn only_what_the_internet_can_reach_is_called() {
        let refused: &[(&str, Reason)] = &[
            ("0.0.0.0", Unspecified),
            ("0.1.2.3", Unspecified),
            ("::", Unspecified),
            ("127.0.0.1", Loopback),
            ("127.1.2.3", Loopback),
            ("127.255.255.255", Loopback),
            ("::1", Loopback),
            ("::ffff:127.0.0.1", Loopback),
            ("64:ff9b::7f00:1", Loopback),
            ("10.0.0.1", Private),
            ("10.255.255.255", Private),
            ("172.16.0.0", Private),
            ("172.31.255.255", Private),
            ("192.168.0.1", Private),
            ("192.168.255.255", Private),
            ("::ffff:10.0.0.1", Private),
            ("::ffff:c0a8:1", Private),
            ("64:ff9b::a00:1", Private),
            ("64:ff9b::192.168.1.1", Private),
            ("fc00::1", Private),
            ("fd12:3456:789a::1", Private),
            ("fdff:ffff::1", Private),
            ("fec0::1", Private),
            ("169.254.0.1", LinkLocal),
            ("169.254.169.253", LinkLocal),
            ("169.254.255.255", LinkLocal),
            ("fe80::1", LinkLocal),
            ("febf::1", LinkLocal),
            ("100.64.0.0", CarrierNat),
            ("100.100.100.100", CarrierNat),
            ("100.127.255.255", CarrierNat),
            ("169.254.169.254", Metadata),
            ("169.254.170.2", Metadata),
            ("168.63.129.16", Metadata),
            ("100.100.100.200", Metadata),
            ("192.0.0.192", Metadata),
            ("::ffff:169.254.169.254", Metadata),
            ("64:ff9b::a9fe:a9fe", Metadata),
            ("fd00:ec2::254", Metadata),
            ("fd20:ce::254", Metadata),
            ("224.0.0.1", Multicast),
            ("239.255.255.255", Multicast),
            ("ff02::1", Multicast),
            ("ff0e::1", Multicast),
            ("255.255.255.255", Broadcast),
            ("192.0.2.1", Documentation),
            ("198.51.100.7", Documentation),
            ("203.0.113.200", Documentation),
            ("2001:db8::1", Documentation),
            ("3fff::1", Documentation),
            ("3fff:fff::1", Documentation),
            ("198.18.0.1", Benchmarking),
            ("198.19.255.255", Benchmarking),
            ("2001:2::1", Benchmarking),
            ("192.88.99.1", Tunnel),
            ("::7f00:1", Tunnel),
            ("::8.8.8.8", Tunnel),
            ("::ffff:0:7f00:1", Tunnel),
            ("64:ff9b:1::7f00:1", Tunnel),
            ("2002:7f00:1::", Tunnel),
            ("2002:a00:1::1", Tunnel),
            ("2002:808:808::1", Tunnel),
            ("2001::1", Tunnel),
            ("2001:0:7f00:1::", Tunnel),
            ("192.0.0.8", Reserved),
            ("240.0.0.1", Reserved),
            ("255.255.255.254", Reserved),
            ("100::1", Reserved),
            ("2001:10::1", Reserved),
            ("2001:20::1", Reserved),
            ("5f00::1", Reserved),
            ("4000::1", Reserved),
            ("1::1", Reserved),
        ];
        for (address, reason) in refused {
            assert_eq!(verdict(address, &[]), Verdict::Refused(*reason), "{address}");
        }
    }

    #[test]
    fn the_neighbours_of_refused_networks_are_public() {
        let public = [
            "1.0.0.0",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.15",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "191.255.255.255",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "198.51.101.0",
            "203.0.114.0",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2003::1",
            "2606:4700:4700::1111",
            "2a00:1450::1",
            "3ffe::1",
        ];
        for address in public {
            assert_eq!(verdict(address, &[]), Verdict::Public, "{address}");
        }
    }

    #[test]
    fn the_operator_opens_networks() {
        for (address, network) in [
            ("10.1.2.3", "10.0.0.0/8"),
            ("127.0.0.1", "127.0.0.1/32"),
            ("::ffff:10.1.2.3", "10.0.0.0/8"),
            ("64:ff9b::a01:203", "10.0.0.0/8"),
            ("fd12::1", "fd12::/16"),
            ("8.8.8.8", "0.0.0.0/0"),
            ("169.254.169.254", "169.254.169.254/32"),
        ] {
            assert_eq!(verdict(address, &[network]), Verdict::Listed, "{address} in {network}");
        }
        assert_eq!(verdict("10.1.2.3", &["10.1.0.0/23", "fd00::/8"]), Verdict::Refused(Private));
        assert_eq!(verdict("::ffff:10.1.2.3", &["::/0"]), Verdict::Refused(Private), "it is called over version 4");
    }

    #[test]
    fn a_wide_network_does_not_open_the_clouds_credentials() {
        for (address, network) in [
            ("169.254.169.254", "169.254.0.0/16"),
            ("::ffff:169.254.169.254", "0.0.0.0/0"),
            ("64:ff9b::a9fe:a9fe", "64:ff9b::/96"),
            ("168.63.129.16", "168.63.129.0/24"),
            ("fd00:ec2::254", "fd00::/8"),
        ] {
            assert_eq!(verdict(address, &[network]), Verdict::Refused(Metadata), "{address} in {network}");
        }
    }
}
