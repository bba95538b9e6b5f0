//! Running the program: to its end, or as a service in the background.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;
use ureq::http::HeaderMap;

use crate::support::World;
use crate::support::backend::TestDatabase;

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) output: String,
    pub(crate) complaint: String,
}

impl Ended {
    /// Fails the test unless the exit code is this one.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Ended {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(!self.complaint.contains("panicked"), "{self:?}");
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.output).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// It could not run: exit code 2 and one line that says why, with these words in it.
    #[track_caller]
    pub(crate) fn refuses(self, words: &str) {
        let ended = self.expect(2);
        let lines: Vec<&str> = ended
            .complaint
            .lines()
            .filter(|line| !line.contains(" INFO "))
            .collect();
        assert_eq!(lines.len(), 1, "{ended:?}");
        assert!(
            lines[0].starts_with("eduaccord: ") && lines[0].contains(words),
            "no {words:?}: {ended:?}"
        );
    }
}

/// Runs a command to its end. A service that starts where it should not is stopped after a while.
pub(crate) fn end(mut command: Command) -> Ended {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let output = collect(child.stdout.take().expect("piped"));
    let complaint = collect(child.stderr.take().expect("piped"));
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        if started.elapsed() > Duration::from_secs(60) {
            child.kill().expect("it can be stopped");
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    Ended {
        code: status.code(),
        output: output.join().expect("its output"),
        complaint: complaint.join().expect("its complaints"),
    }
}

fn collect(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = Vec::new();
        from.read_to_end(&mut text).expect("it can be read");
        String::from_utf8_lossy(&text).into_owned()
    })
}

/// Runs a command of the program on a database.
pub(crate) fn run(world: &World, database: &TestDatabase, arguments: &[&str]) -> Ended {
    end(world.command(database, arguments))
}

/// A running service; killed when dropped.
pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    child: Child,
    output: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
    log: Option<JoinHandle<String>>,
}

impl Service {
    /// Starts it on a free port with these settings on top.
    pub(crate) fn start(world: &World, database: &TestDatabase, settings: &[(&str, &str)]) -> Service {
        let mut command = world.command(database, &["serve"]);
        command.envs(settings.iter().copied());
        Service::launch(command)
    }

    /// The same, and its files may grow to so many blocks of 512 bytes.
    pub(crate) fn start_limited(world: &World, database: &TestDatabase, blocks: u32) -> Service {
        let program = world.command(database, &[]);
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("ulimit -f {blocks}; exec \"$0\" serve")])
            .arg(program.get_program())
            .env_clear()
            .env("DATABASE_URL", &database.url)
            .current_dir(program.get_current_dir().expect("a folder"));
        Service::launch(command)
    }

    fn launch(mut command: Command) -> Service {
        command
            .env("EDUACCORD_LISTEN", "127.0.0.1:0")
            .env("EDUACCORD_WORKERS", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let log = collect(child.stderr.take().expect("piped"));
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let output = Arc::new(Mutex::new(String::new()));
        let reader = std::thread::spawn({
            let output = Arc::clone(&output);
            move || {
                for line in lines.map_while(Result::ok) {
                    output.lock().expect("the output").push_str(&format!("{line}\n"));
                }
            }
        });
        let mut service = Service {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            child,
            output,
            reader: Some(reader),
            log: Some(log),
        };
        service.address = service.wait_for("its address", |output| {
            let rest = output.strip_prefix("Eduaccord serves on http://")?;
            rest.split(' ').next()?.parse().ok()
        });
        service
    }

    /// The token that is printed on a new database.
    pub(crate) fn token(&mut self) -> String {
        self.wait_for("a token", |output| {
            let (_, rest) = output.split_once("Bearer ")?;
            Some(rest.split_once('\'')?.0.to_owned())
        })
    }

    /// What it printed so far.
    pub(crate) fn output(&self) -> String {
        self.output.lock().expect("the output").clone()
    }

    pub(crate) fn wait_for<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            if let Some(found) = find(&self.output()) {
                return found;
            }
            let ended = self.child.try_wait().expect("it can be waited for").is_some();
            if ended || started.elapsed() > Duration::from_secs(60) {
                let _ignored = self.child.kill();
                let log = self.log.take().and_then(|log| log.join().ok());
                panic!("it did not print {what}: {} {log:?}", self.output());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The status, the headers and the body of the answer to a request.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, String) {
        self.send(method, path, headers, "")
    }

    /// The same with a body, where it is not empty.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (u16, HeaderMap, String) {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .proxy(None)
            .build()
            .into();
        let answer = if body.is_empty() {
            agent.run(request.body(()).expect("a request"))
        } else {
            agent.run(request.body(body).expect("a request"))
        };
        let mut answer = answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let body = answer
            .body_mut()
            .with_config()
            .limit(64 << 20)
            .read_to_vec()
            .expect("a body");
        (
            answer.status().as_u16(),
            answer.headers().clone(),
            String::from_utf8_lossy(&body).into_owned(),
        )
    }

    /// The status and the body of a form's answer.
    pub(crate) fn post_form(&self, path: &str, form: &str) -> (u16, String) {
        let length = form.len().to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
        );
        let answer = crate::support::wire::send(self.address, request.as_bytes());
        (answer.status, answer.body)
    }

    /// Stops it as an operator does, and gives all that it printed and its log.
    pub(crate) fn stop(self) -> (String, String) {
        let stopped = self.end("TERM");
        assert!(stopped.status.success(), "{}", stopped.status);
        (stopped.output, stopped.log)
    }

    /// Sends it a signal, and tells how it ended.
    pub(crate) fn end(mut self, signal: &str) -> Stopped {
        let started = Instant::now();
        self.signal(signal);
        let status = self.child.wait().expect("it ends");
        let took = started.elapsed();
        if let Some(reader) = self.reader.take() {
            reader.join().expect("its output was read");
        }
        let log = self.log.take().and_then(|log| log.join().ok()).unwrap_or_default();
        let output = self.output();
        Stopped {
            status,
            took,
            output,
            log,
        }
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let told = Command::new("kill")
            .args([&format!("-{name}"), &id])
            .status()
            .expect("kill");
        assert!(told.success());
    }

    /// Ends it at once, as a crash does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
        if let Some(reader) = self.reader.take() {
            reader.join().expect("its output was read");
        }
    }
}

/// How a service ended.
pub(crate) struct Stopped {
    pub(crate) status: ExitStatus,
    pub(crate) took: Duration,
    pub(crate) output: String,
    pub(crate) log: String,
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        let _ignored = self.child.kill();
        let _ignored = self.child.wait();
    }
}
