//! An OpenID Connect issuer as a process of its own: the test binary in another mode. It makes its keys, publishes them,
//! signs what it is asked to, counts how often its keys were asked for, and misbehaves on demand. Its keys it publishes
//! over TLS where it is told to; what tests ask of it goes over plain HTTP to the same port.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use jsonwebtoken::jwk::Jwk;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use super::issuer_keys::{algorithm, certify, make_keys};
use crate::support::answers::text;

/// The argument that makes the test binary an issuer.
pub(crate) const ARGUMENT: &str = "--issuer-process";

/// The running process; killed when dropped.
pub(crate) struct Issuer {
    child: Child,
    address: SocketAddr,
    /// Its name.
    pub(crate) url: String,
    /// The certificate (PEM) of the authority that signed its own; empty where it has none.
    pub(super) authority: String,
}

impl Issuer {
    /// One that publishes its keys over plain HTTP.
    pub(crate) fn start() -> Issuer {
        Issuer::launch(&[])
    }

    /// One that publishes its keys over TLS, with a certificate for this name or address by an authority of its own.
    pub(super) fn start_encrypted(name: &str) -> Issuer {
        Issuer::launch(&[name])
    }

    fn launch(arguments: &[&str]) -> Issuer {
        let mut child = Command::new(std::env::current_exe().expect("this binary"))
            .arg(ARGUMENT)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the issuer starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("piped");
        BufReader::new(output).read_line(&mut line).expect("its address");
        let told: Value = serde_json::from_str(&line).expect("what it tells of itself");
        Issuer {
            child,
            address: text(&told, "address").parse().expect("an address"),
            url: text(&told, "url"),
            authority: text(&told, "authority"),
        }
    }

    /// A token with this header and these claims, signed by the key of this algorithm.
    #[track_caller]
    pub(crate) fn sign(&self, algorithm: &str, header: &Value, claims: &Value) -> String {
        self.sign_by(algorithm, algorithm, header, claims)
    }

    /// The same, signed by the key that it publishes for another algorithm.
    #[track_caller]
    pub(super) fn sign_by(&self, key: &str, algorithm: &str, header: &Value, claims: &Value) -> String {
        let fields = [
            ("key", key),
            ("alg", algorithm),
            ("header", &header.to_string()),
            ("claims", &claims.to_string()),
        ];
        self.ask(&format!("/sign?{}", crate::support::client::encode_form(&fields)))
    }

    /// How often the keys were asked for.
    pub(super) fn hits(&self) -> u64 {
        self.ask("/hits").parse().expect("a number")
    }

    /// From now on: `good`, `fail`, `redirect`, `large`, `stranger` (metadata of another issuer), `unnamed` (keys that do
    /// not say for which algorithm they are), `rotate` (new keys).
    pub(super) fn behave(&self, mode: &str) {
        assert_eq!(self.ask(&format!("/behave?mode={mode}")), "ok");
    }

    #[track_caller]
    fn ask(&self, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        let answer = crate::support::wire::send(self.address, request.as_bytes());
        assert_eq!(answer.status, 200, "{path}");
        answer.body
    }

    /// Ends it.
    pub(super) fn stop(&mut self) {
        // It may have ended already.
        let _ignored = self.child.kill();
        let _ignored = self.child.wait();
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.stop();
    }
}

struct State {
    url: String,
    mode: String,
    hits: u64,
    generation: u32,
    keys: BTreeMap<&'static str, EncodingKey>,
    /// How it publishes over TLS; none: over plain HTTP.
    encryption: Option<Arc<ServerConfig>>,
}

/// What the process does until it is killed. The name that it is given, if any, is what its certificate is for.
pub(crate) fn run(name: Option<&str>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let certified = name.map(certify);
    let scheme = if certified.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{address}");
    let (authority, encryption) = certified.unzip();
    println!(
        "{}",
        json!({"address": address, "url": url, "authority": authority.unwrap_or_default()})
    );
    let mut state = State {
        url,
        mode: "good".to_owned(),
        hits: 0,
        generation: 0,
        keys: make_keys(),
        encryption,
    };
    for stream in listener.incoming().flatten() {
        serve(&mut state, stream);
    }
}

/// The first byte of a TLS record that begins a handshake (RFC 8446 §5.1).
const HANDSHAKE: u8 = 22;

fn serve(state: &mut State, mut stream: TcpStream) {
    let mut first = [0_u8];
    // Whoever asked may have gone.
    let _ignored = stream.peek(&mut first);
    match state.encryption.clone().filter(|_| first == [HANDSHAKE]) {
        None => respond(state, &mut stream, false),
        Some(encryption) => {
            let connection = ServerConnection::new(encryption).expect("a connection");
            let mut stream = StreamOwned::new(connection, stream);
            respond(state, &mut stream, true);
            stream.conn.send_close_notify();
            let _ignored = stream.flush();
        }
    }
}

fn respond(state: &mut State, stream: &mut (impl Read + Write), is_encrypted: bool) {
    let mut request = Vec::new();
    let mut byte = [0_u8];
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => request.push(byte[0]),
            _ => return,
        }
    }
    let text = String::from_utf8_lossy(&request).into_owned();
    let target = text.split(' ').nth(1).unwrap_or("/");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let fields: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let is_public = path == "/keys" || path == "/keys-elsewhere" || path.starts_with("/.well-known/");
    let (status, body) = if is_public && is_encrypted != state.encryption.is_some() {
        (404, String::new())
    } else {
        answer(state, path, &fields)
    };
    let more = if status == 302 {
        "Location: /keys-elsewhere\r\n"
    } else {
        ""
    };
    let head = format!(
        "HTTP/1.1 {status} -\r\nContent-Length: {}\r\nConnection: close\r\n{more}\r\n",
        body.len()
    );
    // Whoever asked may have gone.
    let _ignored = stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(body.as_bytes()));
}

fn answer(state: &mut State, path: &str, fields: &BTreeMap<String, String>) -> (u16, String) {
    match path {
        "/.well-known/openid-configuration" => {
            let name = if state.mode == "stranger" {
                "http://127.0.0.1:1"
            } else {
                &state.url
            };
            (
                200,
                json!({"issuer": name, "jwks_uri": format!("{}/keys", state.url)}).to_string(),
            )
        }
        "/keys" => {
            state.hits += 1;
            match state.mode.as_str() {
                "fail" => (500, "no".to_owned()),
                "redirect" => (302, String::new()),
                "large" => (200, format!("{{\"keys\":[{}]}}", " ".repeat(70_000))),
                _ => (200, published(state)),
            }
        }
        "/keys-elsewhere" => (200, published(state)),
        "/sign" => (200, sign(state, fields)),
        "/hits" => (200, state.hits.to_string()),
        "/behave" => {
            let mode = fields.get("mode").cloned().unwrap_or_default();
            if mode == "rotate" {
                (state.generation, state.keys) = (state.generation + 1, make_keys());
            } else {
                state.mode = mode;
            }
            (200, "ok".to_owned())
        }
        _ => (404, String::new()),
    }
}

fn published(state: &State) -> String {
    let mut keys: Vec<Value> = state
        .keys
        .iter()
        .map(|(name, key)| {
            let mut jwk = Jwk::from_encoding_key(key, algorithm(name)).expect("a JWK");
            jwk.common.key_id = Some(format!("{name}-{}", state.generation));
            jwk.common.key_algorithm = jwk.common.key_algorithm.filter(|_| state.mode != "unnamed");
            serde_json::to_value(jwk).expect("JSON")
        })
        .collect();
    // A kind of key that nobody here knows, as sets of others have it.
    keys.push(json!({"kty": "AKP", "alg": "ML-DSA-44", "kid": "later", "pub": "AAAA"}));
    json!({ "keys": keys }).to_string()
}

fn sign(state: &State, fields: &BTreeMap<String, String>) -> String {
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let (name, key) = (field("alg"), field("key"));
    let mut header: Value = serde_json::from_str(&field("header")).expect("a header");
    for (member, value) in [("alg", name.clone()), ("kid", format!("{key}-{}", state.generation))] {
        if header.get(member).is_none() {
            header[member] = json!(value);
        }
    }
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(field("claims"))
    );
    let key = state.keys.get(key.as_str()).expect("a key of this name");
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm(&name)).expect("a signature");
    format!("{message}.{signature}")
}
