//! Tokens that are none: more than a hundred ways to forge or to break one (RFC 8725, and what went wrong elsewhere).
//!
//! Most are signed with the service's real key, so that only the one thing that is wrong can be the reason.

use super::numbers::{minus, order};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use eduaccord::auth::keys::Keyring;
use eduaccord::auth::sealing::{MasterKey, MasterKeySource};
use eduaccord::db::Database;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use std::sync::Arc;

/// A name for messages and the token.
pub(crate) type Vector = (String, String);

/// Somebody with the service's own key (opened with its master key), and a key of an attacker's.
pub(crate) struct Forge {
    keyring: Keyring,
    kid: String,
    attacker: EncodingKey,
    /// A genuine token, to be broken.
    pub(crate) genuine: String,
    /// Its claims.
    claims: Value,
}

fn encode(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

impl Forge {
    /// `genuine` is a token of the service on this database, whose master key this is.
    pub(crate) fn new(database: &Database, master: &MasterKeySource, genuine: &str) -> Forge {
        let master = MasterKey::load(master, database.url())
            .expect("a master key")
            .expect("one");
        let keyring = Keyring::new(Some(Arc::new(master)));
        keyring.poll(database).expect("the keys");
        let own = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).expect("a key");
        Forge {
            keyring,
            kid: crate::support::answers::text(&super::part(genuine, 0), "kid"),
            attacker: EncodingKey::from_ec_der(own.as_ref()),
            genuine: genuine.to_owned(),
            claims: super::part(genuine, 1),
        }
    }

    fn header(&self) -> Value {
        json!({"alg": "ES256", "typ": "at+jwt", "kid": self.kid})
    }

    /// Any two texts, signed with the real key.
    pub(crate) fn signed(&self, header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> String {
        let message = format!("{}.{}", encode(header), encode(claims));
        self.keyring.sign_message(|_| Ok(message)).expect("a signature")
    }

    /// The good header with these members put over it (null takes one away).
    fn with_header(&self, change: Value) -> String {
        self.signed(merge(self.header(), change).to_string(), self.claims.to_string())
    }

    /// The good claims with these members put over them (null takes one away).
    pub(crate) fn with_claims(&self, change: Value) -> String {
        self.signed(
            self.header().to_string(),
            merge(self.claims.clone(), change).to_string(),
        )
    }

    /// The good claims with one member's text replaced, whatever JSON makes of it.
    fn with_claim_text(&self, name: &str, value: &str) -> String {
        let mark = json!({name: "@mark@"});
        let text = merge(self.claims.clone(), mark)
            .to_string()
            .replace("\"@mark@\"", value);
        self.signed(self.header().to_string(), text)
    }

    fn parts(&self) -> [&str; 3] {
        let parts: Vec<&str> = self.genuine.split('.').collect();
        parts.try_into().expect("three parts")
    }

    fn with_signature(&self, signature: &[u8]) -> String {
        let [header, claims, _] = self.parts();
        format!("{header}.{claims}.{}", encode(signature))
    }

    /// All of them.
    pub(crate) fn vectors(&self) -> Vec<Vector> {
        let mut vectors = Vec::new();
        for (group, made) in [
            ("form", self.forms()),
            ("signature", self.signatures()),
            ("algorithm", self.algorithms()),
            ("type", self.types()),
            ("key", self.keys()),
            ("header", self.headers()),
            ("json", self.texts()),
            ("claim", self.claims()),
        ] {
            vectors.extend(
                made.into_iter()
                    .map(|(name, token)| (format!("{group}: {name}"), token)),
            );
        }
        vectors
    }

    fn forms(&self) -> Vec<Vector> {
        let [h, c, s] = self.parts();
        let g = &self.genuine;
        let long = "x".repeat(9_000);
        named(&[
            ("dots alone", "..".to_owned()),
            ("letters", "a.b.c".to_owned()),
            ("no signature", format!("{h}.{c}.")),
            ("no header", format!(".{c}.{s}")),
            ("no claims", format!("{h}..{s}")),
            ("two parts", format!("{h}.{c}")),
            ("a dot behind", format!("{g}.")),
            ("a dot before", format!(".{g}")),
            ("four parts", format!("{g}.{s}")),
            ("five parts, as of a JWE", format!("{h}.{s}.{s}.{c}.{s}")),
            ("padded header", format!("{h}=.{c}.{s}")),
            ("padded claims", format!("{h}.{c}=.{s}")),
            ("padded signature", format!("{g}==")),
            (
                "the other alphabet",
                format!("{h}.{c}.{}", STANDARD.encode([0xfb_u8; 63])),
            ),
            ("a space within", format!("{h}. {c}.{s}")),
            ("a letter more", format!("{g}A")),
            ("a letter less", g[..g.len() - 1].to_owned()),
            ("loose bits at the end", loosened(g)),
            ("twice", format!("{g}{g}")),
            ("in quotes", format!("\"{g}\"")),
            ("a long signature part", format!("{h}.{c}.{long}")),
            ("well signed, yet too long", self.with_claims(json!({"scope": long}))),
            ("far too long", format!("{h}.{}.{s}", "A".repeat(20_000))),
        ])
    }

    /// The same token with the other of the two signatures that ECDSA allows for one message.
    pub(crate) fn with_other_signature(&self) -> String {
        let mut signature = decode(self.parts()[2]);
        let negated = minus(&order(), &signature[32..]);
        signature[32..].copy_from_slice(&negated);
        self.with_signature(&signature)
    }

    fn signatures(&self) -> Vec<Vector> {
        let [h, c, s] = self.parts();
        let good = decode(s);
        let with = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut changed = good.clone();
            change(&mut changed);
            self.with_signature(&changed)
        };
        let other = self.with_claims(json!({"scope": "admin"}));
        let other_claims = other.split('.').nth(1).expect("claims");
        let der = {
            let mut der = vec![0x30, 0x44, 0x02, 0x20];
            der.extend_from_slice(&good[..32]);
            der.extend_from_slice(&[0x02, 0x20]);
            der.extend_from_slice(&good[32..]);
            der
        };
        let order = order();
        named(&[
            ("half of it", self.with_signature(&good[..32])),
            ("a byte less", self.with_signature(&good[..63])),
            ("a byte more", with(&|bytes| bytes.push(0))),
            ("twice", with(&|bytes| bytes.extend(bytes.clone()))),
            ("zeros", self.with_signature(&[0; 64])),
            ("ones", self.with_signature(&[0xff; 64])),
            ("r is zero", with(&|bytes| bytes[..32].fill(0))),
            ("s is zero", with(&|bytes| bytes[32..].fill(0))),
            ("s is the order", with(&|bytes| bytes[32..].copy_from_slice(&order))),
            ("a bit of r", with(&|bytes| bytes[0] ^= 1)),
            ("a bit of s", with(&|bytes| bytes[63] ^= 1)),
            ("in DER", self.with_signature(&der)),
            ("of other claims", format!("{h}.{other_claims}.{s}")),
            ("of an attacker's key", self.by_attacker(&self.header())),
            ("of nothing", format!("{h}.{c}.{}", encode("signature"))),
        ])
    }

    fn by_attacker(&self, header: &Value) -> String {
        let message = format!("{}.{}", encode(header.to_string()), encode(self.claims.to_string()));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.attacker, Algorithm::ES256);
        format!("{message}.{}", signature.expect("a signature"))
    }

    fn algorithms(&self) -> Vec<Vector> {
        let mut vectors = Vec::new();
        for name in ["none", "None", "nOnE", "NONE"] {
            let unsigned = format!(
                "{}.{}.",
                encode(merge(self.header(), json!({"alg": name})).to_string()),
                encode(self.claims.to_string())
            );
            vectors.push((format!("{name} without a signature"), unsigned));
            vectors.push((format!("{name} with one"), self.with_header(json!({"alg": name}))));
        }
        for wrong in [
            json!("HS256"),
            json!("RS256"),
            json!("PS256"),
            json!("ES384"),
            json!("ES512"),
            json!("ES256K"),
            json!("EdDSA"),
            json!("es256"),
            json!("ES256 "),
            json!(""),
            json!(["ES256"]),
            json!(256),
            json!({"a": "ES256"}),
        ] {
            vectors.push((format!("called {wrong}"), self.with_header(json!({ "alg": wrong }))));
        }
        vectors.push(("missing".to_owned(), self.with_header(json!({"alg": null}))));
        vectors.push(("null".to_owned(), self.with_header_text(r#""alg":null"#)));
        let public = self.keyring.published();
        let set: Value = serde_json::from_str(&public).expect("a set of keys");
        let key = &set["keys"][0];
        let raw: Vec<u8> = [
            &[4][..],
            &decode(&crate::support::answers::text(key, "x")),
            &decode(&crate::support::answers::text(key, "y")),
        ]
        .concat();
        for (name, secret) in [
            ("the public key", raw),
            ("the JWK", key.to_string().into_bytes()),
            ("the whole set", public.into_bytes()),
            ("the key's name", self.kid.clone().into_bytes()),
            ("nothing", Vec::new()),
        ] {
            let header = merge(self.header(), json!({"alg": "HS256"})).to_string();
            let message = format!("{}.{}", encode(header), encode(self.claims.to_string()));
            let signature =
                jsonwebtoken::crypto::sign(message.as_bytes(), &EncodingKey::from_secret(&secret), Algorithm::HS256);
            let token = format!("{message}.{}", signature.expect("a signature"));
            vectors.push((format!("HS256 with {name}"), token));
        }
        vectors
    }

    /// A header of the good type and key with this member's text.
    fn with_header_text(&self, member: &str) -> String {
        let header = format!(r#"{{"typ":"at+jwt","kid":"{}",{member}}}"#, self.kid);
        self.signed(header, self.claims.to_string())
    }

    fn types(&self) -> Vec<Vector> {
        let mut vectors: Vec<Vector> = [
            "JWT",
            "jwt",
            "at+JWT",
            "AT+JWT",
            "application/at+jwt",
            "id_token+jwt",
            "rt+jwt",
            "logout+jwt",
            "dpop+jwt",
            "secevent+jwt",
            "at+jwt ",
            "",
        ]
        .iter()
        .map(|name| ((*name).to_owned(), self.with_header(json!({ "typ": name }))))
        .collect();
        vectors.push(("missing".to_owned(), self.with_header(json!({"typ": null}))));
        vectors.push(("a list".to_owned(), self.with_header(json!({"typ": ["at+jwt"]}))));
        vectors
    }

    fn keys(&self) -> Vec<Vector> {
        let mut vectors: Vec<Vector> = [
            "",
            "../../../../dev/null",
            "' OR '1'='1",
            "/etc/passwd",
            "http://127.0.0.1/key",
            "\u{0}",
            "*",
            &"k".repeat(2_048),
            &self.kid.to_uppercase(),
            &format!("{} ", self.kid),
        ]
        .iter()
        .map(|kid| (format!("{kid:.30}"), self.with_header(json!({ "kid": kid }))))
        .collect();
        for wrong in [json!(1), json!([self.kid]), json!({"kid": self.kid}), json!(true)] {
            vectors.push((wrong.to_string(), self.with_header(json!({ "kid": wrong }))));
        }
        vectors.push(("missing".to_owned(), self.with_header(json!({"kid": null}))));
        vectors
    }

    fn headers(&self) -> Vec<Vector> {
        let jwk = Jwk::from_encoding_key(&self.attacker, Algorithm::ES256).expect("a JWK");
        let mut vectors: Vec<Vector> = [
            json!({"crit": ["exp"]}),
            json!({"crit": []}),
            json!({"crit": ["b64"], "b64": false}),
            json!({"b64": false}),
            json!({"b64": true}),
            json!({"zip": "DEF"}),
            json!({"cty": "JWT"}),
            json!({"x5c": ["MIIB"]}),
            json!({"x5t": "AAAA"}),
            json!({"epk": {}}),
            json!({"enc": "A128GCM"}),
            json!({"unknown": 1}),
        ]
        .into_iter()
        .map(|extra| (extra.to_string(), self.with_header(extra)))
        .collect();
        let embedded = merge(self.header(), json!({ "jwk": jwk }));
        vectors.push(("an attacker's key within".to_owned(), self.by_attacker(&embedded)));
        vectors
    }

    /// Tokens that name an address where their key is said to be.
    pub(crate) fn pointing_at(&self, url: &str) -> Vec<Vector> {
        ["jku", "x5u", "iss", "url"]
            .iter()
            .map(|name| {
                let header = merge(self.header(), json!({ *name: url, "kid": "elsewhere" }));
                (format!("{name} points away"), self.by_attacker(&header))
            })
            .collect()
    }

    fn texts(&self) -> Vec<Vector> {
        let (header, claims) = (self.header().to_string(), self.claims.to_string());
        let twice = format!("{},\"exp\":{}}}", &claims[..claims.len() - 1], self.claims["exp"]);
        let doubled = format!("{},\"alg\":\"ES256\"}}", &header[..header.len() - 1]);
        let deep = format!("{}{}", "[".repeat(100_000 / 20), "]".repeat(100_000 / 20));
        let nested = format!("{},\"a\":{{\"b\":[[[[1]]]]}}}}", &claims[..claims.len() - 1]);
        let broken = [&header.as_bytes()[..header.len() - 2], b"\xff\"}"].concat();
        let overlong = [&claims.as_bytes()[..claims.len() - 2], b"\xc0\xaf\"}"].concat();
        let signed = |header: &[u8], claims: &[u8]| self.signed(header, claims);
        let (h, c) = (header.as_bytes(), claims.as_bytes());
        named(&[
            ("header is no JSON", signed(b"header", c)),
            ("header is empty", signed(b"{}", c)),
            ("header is a list", signed(b"[]", c)),
            ("header is a text", signed(b"\"ES256\"", c)),
            (
                "header after a byte order mark",
                signed(&[b"\xef\xbb\xbf", h].concat(), c),
            ),
            ("header with more behind", signed(&[h, b" {}"].concat(), c)),
            ("header with bytes that are no text", signed(&broken, c)),
            ("header with a member twice", signed(doubled.as_bytes(), c)),
            ("header 5,000 deep", signed(deep.as_bytes(), c)),
            ("claims are no JSON", signed(h, b"claims")),
            ("claims are empty", signed(h, b"{}")),
            ("claims are null", signed(h, b"null")),
            ("claims are a list", signed(h, format!("[{claims}]").as_bytes())),
            ("claims are a text", signed(h, b"\"claims\"")),
            (
                "claims after a byte order mark",
                signed(h, &[b"\xef\xbb\xbf", c].concat()),
            ),
            ("claims with more behind", signed(h, &[c, b"}"].concat())),
            ("claims with a member twice", signed(h, twice.as_bytes())),
            ("claims in overlong UTF-8", signed(h, &overlong)),
            (
                "claims with half a pair",
                signed(h, claims.replace("\"scope\":\"", "\"scope\":\"\\ud800").as_bytes()),
            ),
            ("claims with levels", signed(h, nested.as_bytes())),
            ("header and claims changed over", signed(c, h)),
        ])
    }

    fn claims(&self) -> Vec<Vector> {
        let mut vectors = Vec::new();
        for name in ["iss", "aud", "sub", "client_id", "iat", "exp", "jti", "scope", "tid"] {
            vectors.push((format!("{name} missing"), self.with_claims(json!({ name: null }))));
            for wrong in ["null", "[]", "{}", "true"] {
                vectors.push((format!("{name} is {wrong}"), self.with_claim_text(name, wrong)));
            }
        }
        for name in ["iat", "exp", "nbf"] {
            for wrong in [
                "\"1\"",
                "1.0",
                "1.5",
                "1e400",
                "-1e400",
                "1e3",
                "-1",
                "9223372036854775808",
                "\"soon\"",
            ] {
                vectors.push((format!("{name} is {wrong}"), self.with_claim_text(name, wrong)));
            }
        }
        let iss = crate::support::answers::text(&self.claims, "iss");
        let now = self.claims["iat"].as_i64().expect("an instant");
        for change in [
            json!({"iss": format!("{iss}/")}),
            json!({"iss": iss.to_uppercase()}),
            json!({"iss": "http://issuer.example"}),
            json!({"iss": 1}),
            json!({"iss": [iss]}),
            json!({"aud": "http://other.example"}),
            json!({"aud": [iss]}),
            json!({"aud": [iss, "http://other.example"]}),
            json!({"aud": ["http://other.example"]}),
            json!({"aud": iss[..iss.len() - 1]}),
            json!({"aud": format!("{iss}.example")}),
            json!({"aud": ""}),
            json!({"sub": "cli_00000000000000000000000000"}),
            json!({"client_id": "cli_00000000000000000000000000"}),
            json!({"exp": now + 3_600}),
            json!({"exp": now + 601}),
            json!({"exp": now - 1}),
            json!({"exp": i64::MAX}),
            json!({"iat": now + 60}),
            json!({"nbf": now + 60}),
            json!({"nbf": [now]}),
            json!({"office_id": 1}),
            json!({"office_id": "mou_00000000000000000000000000"}),
            json!({"office_id": ""}),
            json!({"scope": ["admin"]}),
            json!({"tid": "cli_00000000000000000000000000"}),
            json!({"tid": "' OR 1=1"}),
            json!({"jti": ""}),
            json!({"admin": true}),
            json!({"roles": ["admin"]}),
            json!({"nonce": "x"}),
            json!({"cnf": {"jkt": "x"}}),
        ] {
            vectors.push((change.to_string(), self.with_claims(change)));
        }
        vectors
    }
}

fn named(vectors: &[(&str, String)]) -> Vec<Vector> {
    vectors
        .iter()
        .map(|(name, token)| ((*name).to_owned(), token.clone()))
        .collect()
}

/// `base` with the members of `change`; null takes a member away.
fn merge(mut base: Value, change: Value) -> Value {
    let members = base.as_object_mut().expect("an object");
    for (name, value) in change.as_object().expect("an object") {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    base
}

/// The last letter of 64 bytes stands for two bits and four that must be zero; here they are not.
fn loosened(token: &str) -> String {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = token.chars().last().expect("a letter");
    let place = LETTERS.find(last).expect("base64url");
    format!("{}{}", &token[..token.len() - 1], &LETTERS[place + 1..place + 2])
}
