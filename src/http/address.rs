//! Where a request comes from: the peer of its connection, or what a trusted proxy says of it.
//!
//! Anybody can send `X-Forwarded-For`; only what a proxy of the operator's added counts. Proxies append the address
//! that they saw, so the list is read from its end: the first address that is no trusted proxy is the caller. What
//! stands before it was written by the caller and is never looked at.

use crate::auth::network::Networks;
use actix_web::HttpRequest;
use actix_web::http::header::HeaderValue;
use actix_web::web::Data;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicBool, Ordering};

/// The networks of the operator's own proxies (`EDUACCORD_TRUSTED_PROXIES`). None: the peer is the caller.
#[derive(Debug, Default)]
pub struct TrustedProxies {
    networks: Networks,
    has_warned: AtomicBool,
}

impl TrustedProxies {
    /// These.
    pub fn new(networks: Networks) -> Self {
        Self {
            networks,
            has_warned: AtomicBool::new(false),
        }
    }

    /// Logs, once in a process, that a peer that is not trusted forwards requests: most likely a proxy that the operator
    /// has not named, behind which all callers have one address.
    fn warn_of(&self, peer: IpAddr) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            log::warn!(
                "{peer} sends X-Forwarded-For and is not believed, so all its requests count as coming from {peer}: the \
                 networks of clients and the limit on refused tokens see one address. If it is your proxy, name it in \
                 EDUACCORD_TRUSTED_PROXIES"
            );
        }
    }
}

/// The address that a request comes from.
pub fn find_address(request: &HttpRequest) -> IpAddr {
    // Without a peer (a request made in memory) no proxy is trusted and no network matches.
    let peer = request
        .peer_addr()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
    match request.app_data::<Data<TrustedProxies>>() {
        Some(proxies) if proxies.networks.contain(peer) => {
            let values = request.headers().get_all("X-Forwarded-For");
            read_forwarded(&proxies.networks, peer, values.map(HeaderValue::as_bytes))
        }
        Some(proxies) if request.headers().contains_key("X-Forwarded-For") => {
            proxies.warn_of(peer);
            peer
        }
        _ => peer,
    }
}

/// The last address of the list that is no trusted proxy. Where a proxy passed on something that is no address, nothing
/// before it can be trusted: that proxy is the last one known.
fn read_forwarded<'a>(proxies: &Networks, peer: IpAddr, values: impl DoubleEndedIterator<Item = &'a [u8]>) -> IpAddr {
    let mut nearest = peer;
    // In bytes: what a caller wrote may be no text at all, and a proxy adds its entry to that very line.
    for entry in values.rev().flat_map(|value| value.rsplit(|byte| *byte == b',')) {
        let Some(address) = std::str::from_utf8(entry)
            .ok()
            .and_then(|entry| parse_entry(entry.trim()))
        else {
            return nearest;
        };
        nearest = address;
        if !proxies.contain(address) {
            return address;
        }
    }
    nearest
}

/// An address, also with a port (`192.0.2.7:4711`, `[2001:db8::1]:4711`), as proxies write it.
fn parse_entry(entry: &str) -> Option<IpAddr> {
    let bare = entry.trim_start_matches('[').trim_end_matches(']');
    let address = bare
        .parse()
        .ok()
        .or_else(|| Some(entry.parse::<std::net::SocketAddr>().ok()?.ip()))?;
    Some(IpAddr::to_canonical(&address))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn only_what_trusted_proxies_added_counts() {
        let proxies = Networks::parse("10.0.0.0/8 2001:db8:ff::/48").unwrap();
        let peer = "10.0.0.1".parse().unwrap();
        for (headers, expected) in [
            (vec![], "10.0.0.1"),
            (vec!["203.0.113.7"], "203.0.113.7"),
            (vec!["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
            (vec!["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
            (vec!["203.0.113.7, 10.0.0.2"], "203.0.113.7"),
            (vec!["203.0.113.7, 2001:db8:ff::1 , 10.0.0.2"], "203.0.113.7"),
            (vec!["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            (vec!["203.0.113.7:4711"], "203.0.113.7"),
            (vec!["[2001:db8::1]:4711"], "2001:db8::1"),
            (vec!["::ffff:203.0.113.7"], "203.0.113.7"),
            (vec!["203.0.113.7, unknown, 10.0.0.2"], "10.0.0.2"),
            (vec!["203.0.113.7, "], "10.0.0.1"),
        ] {
            let found = read_forwarded(&proxies, peer, headers.iter().map(|value| value.as_bytes()));
            assert_eq!(found.to_string(), expected, "{headers:?}");
        }
    }

    #[test]
    fn what_a_caller_wrote_cannot_hide_what_the_proxy_added() {
        let proxies = Networks::parse("10.0.0.0/8").unwrap();
        let peer = "10.0.0.1".parse().unwrap();
        let lines: [&[&[u8]]; 4] = [
            &[b"\xff, 203.0.113.7"],
            &[b"\xff", b"203.0.113.7"],
            &[b"10.0.0.9, \xe4\xf6, 203.0.113.7, 10.0.0.2"],
            &[b",,\x80,203.0.113.7"],
        ];
        for values in lines {
            let found = read_forwarded(&proxies, peer, values.iter().copied());
            assert_eq!(found.to_string(), "203.0.113.7", "{values:?}");
        }
    }
}
