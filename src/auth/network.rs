//! From where a client may call: networks in CIDR form (RFC 4632, RFC 4291 §2.3).

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::IpAddr;

/// The networks that a client may call from; empty means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Reads networks or single addresses, separated by commas or spaces. The error is the first that is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split([' ', ','])
            .filter(|part| !part.is_empty())
            .map(|part| parse_network(part).ok_or_else(|| part.to_owned()))
            .collect::<Result<Vec<_>, _>>()
            .map(Self)
    }

    /// Space-separated, each as its network's own address (`10.0.0.0/8`), as it is stored.
    pub fn to_text(&self) -> String {
        self.to_list().join(" ")
    }

    /// Each network as text.
    pub fn to_list(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }

    /// Is there no restriction?
    pub fn is_open(&self) -> bool {
        self.0.is_empty()
    }

    /// May somebody call from this address?
    pub fn allow(&self, address: IpAddr) -> bool {
        self.is_open() || self.contain(address)
    }

    /// Those of these networks that do not lie within the others. Where there is no restriction: all addresses, unless the
    /// others have none either.
    pub fn outside_of(&self, others: &Networks) -> Vec<String> {
        if others.is_open() {
            return Vec::new();
        }
        let others = IpNet::aggregate(&others.0);
        let everywhere = [Ipv4Net::default().into(), Ipv6Net::default().into()];
        let own = if self.is_open() { &everywhere[..] } else { &self.0 };
        own.iter()
            .filter(|network| !others.iter().any(|other| other.contains(*network)))
            .map(ToString::to_string)
            .collect()
    }

    /// Is this address in one of the networks?
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// A network, or a single address as the network of itself. IPv4 addresses mapped into IPv6 (RFC 4291 §2.5.5.2) are
/// meant as IPv4.
fn parse_network(text: &str) -> Option<IpNet> {
    let network = match text.parse::<IpNet>() {
        Ok(network) => network,
        Err(_) => IpNet::from(text.parse::<IpAddr>().ok()?.to_canonical()),
    };
    Some(network.trunc())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn networks_survive_their_text_and_decide() {
        let networks = Networks::parse("10.1.2.3/8, 2001:db8::/32 192.0.2.7 ::ffff:198.51.100.9").unwrap();
        assert_eq!(
            networks.to_text(),
            "10.0.0.0/8 2001:db8::/32 192.0.2.7/32 198.51.100.9/32"
        );
        assert_eq!(Networks::parse(&networks.to_text()).unwrap(), networks);
        for (text, allowed) in [
            ("10.255.0.1", true),
            ("::ffff:10.0.0.1", true),
            ("11.0.0.1", false),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("2001:db8:1::1", true),
            ("2001:db9::1", false),
            ("198.51.100.9", true),
        ] {
            assert_eq!(networks.allow(address(text)), allowed, "{text}");
        }
        assert!(Networks::default().allow(address("203.0.113.1")));
        assert!(!Networks::default().contain(address("203.0.113.1")));
        for wrong in ["10.0.0.0/33", "office", "10.0.0.0/8x"] {
            assert_eq!(Networks::parse(wrong).unwrap_err(), wrong);
        }
    }

    #[test]
    fn narrower_networks_lie_within() {
        for (inner, outer, outside) in [
            ("", "", ""),
            ("10.0.0.0/8", "", ""),
            ("", "10.0.0.0/8", "0.0.0.0/0 ::/0"),
            ("", "0.0.0.0/0", "::/0"),
            ("", "0.0.0.0/0 ::/0", ""),
            ("10.1.0.0/16 192.0.2.7", "10.0.0.0/8 192.0.2.0/24", ""),
            ("10.0.0.0/8", "10.0.0.0/9 10.128.0.0/9", ""),
            ("10.0.0.0/8 11.0.0.0/8", "10.0.0.0/9", "10.0.0.0/8 11.0.0.0/8"),
            ("2001:db8:1::/48 10.0.0.1", "2001:db8::/32", "10.0.0.1/32"),
        ] {
            let (inner, outer) = (Networks::parse(inner).unwrap(), Networks::parse(outer).unwrap());
            assert_eq!(inner.outside_of(&outer).join(" "), outside, "{inner:?} in {outer:?}");
        }
    }
}
