//! Bytes to a service and bytes back: for requests that no client library would send.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// An answer as it came over the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status; 0 when nothing came back.
    pub(crate) status: u16,
    /// True if it is the last one of its connection.
    pub(crate) is_last: bool,
    /// The body.
    pub(crate) body: String,
}

impl Answer {
    fn from_text(text: &str) -> Answer {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Answer {
            status: status.unwrap_or(0),
            is_last: head.to_ascii_lowercase().contains("\r\nconnection: close"),
            body: body.to_owned(),
        }
    }

    /// The `code` of a problem; empty for everything else.
    pub(crate) fn code(&self) -> String {
        let problem: Value = serde_json::from_str(&self.body).unwrap_or_default();
        problem["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Sends these bytes and waits for one whole answer with a `Content-Length`, or the end of the connection.
pub(crate) fn send(address: SocketAddr, bytes: &[u8]) -> Answer {
    exchange(address, bytes, false)
}

/// The same, and says that nothing more will come.
pub(crate) fn send_and_end(address: SocketAddr, bytes: &[u8]) -> Answer {
    exchange(address, bytes, true)
}

fn exchange(address: SocketAddr, bytes: &[u8], end: bool) -> Answer {
    let mut connection = Connection::open(address);
    connection.write(bytes);
    if end {
        connection.0.shutdown(Shutdown::Write).expect("half a connection");
    }
    connection.read().unwrap_or_else(|rest| Answer::from_text(&rest))
}

/// A connection that may carry several requests.
pub(crate) struct Connection(TcpStream);

impl Connection {
    /// Connects.
    pub(crate) fn open(address: SocketAddr) -> Connection {
        let stream = TcpStream::connect(address).expect("the service listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .expect("a time limit");
        Connection(stream)
    }

    /// Sends these bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        // The service may refuse before it has read everything.
        let _ignored = self.0.write_all(bytes);
    }

    /// One whole answer with a `Content-Length`; what came of it when the connection ends before.
    pub(crate) fn read(&mut self) -> Result<Answer, String> {
        let mut received = Vec::new();
        let mut part = [0_u8; 8192];
        while !is_whole(&received) {
            match self.0.read(&mut part) {
                Ok(0) | Err(_) => return Err(String::from_utf8_lossy(&received).into_owned()),
                Ok(count) => received.extend_from_slice(&part[..count]),
            }
        }
        Ok(Answer::from_text(&String::from_utf8_lossy(&received)))
    }

    /// Waits for the service to end the connection; false when it sends more instead.
    pub(crate) fn is_ended(&mut self) -> bool {
        matches!(self.0.read(&mut [0]), Ok(0))
    }
}

fn is_whole(received: &[u8]) -> bool {
    let text = String::from_utf8_lossy(received);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    length.is_some_and(|length| body.len() >= length)
}
