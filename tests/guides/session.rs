//! A reader at a shell: runs the commands of one text in their order.

use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::blocks::{Block, Shown};
use super::matching::{Names, compare, compare_lines, read_shown};
use crate::support::backend::TestDatabase;
use crate::support::{TestApp, World};

/// How the texts call the address that the service listens on.
const ADDRESS: &str = "127.0.0.1:8080";

/// The key of the service that tests start.
const MASTER_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

pub(super) struct Session {
    /// The service's program on the test's database: its environment is that of the commands.
    folder: tempfile::TempDir,
    database_url: String,
    address: String,
    /// Assignments and functions so far.
    definitions: Vec<String>,
    names: Names,
}

/// Whether curl is here. Its absence is a failure where everything must be tried, and told otherwise.
pub(super) fn has_curl() -> bool {
    let is_there = Command::new("curl")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok();
    assert!(
        is_there || std::env::var_os("REQUIRE_POSTGRES").is_none(),
        "curl is needed to run the commands of the guides"
    );
    if !is_there {
        println!("CURL IS NOT INSTALLED: the commands of the guides are not run");
    }
    is_there
}

impl Session {
    pub(super) fn new(world: &World, database: &TestDatabase, app: &TestApp) -> Session {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let program = world.command(database, &[]);
        symlink(program.get_program(), folder.path().join("eduaccord")).expect("a link to the program");
        let address = app.address.to_string();
        let definitions = vec![
            format!("TOKEN={}", app.first_token()),
            format!("API=http://{address}/api/v1"),
            "eda() { curl -s -H \"Authorization: Bearer $TOKEN\" -H \"Content-Type: application/json\" \"$@\"; }"
                .to_owned(),
        ];
        Session {
            folder,
            database_url: database.url.clone(),
            address,
            definitions,
            names: Names::new(),
        }
    }

    /// Runs a block and compares the answer that is shown with that of its last command.
    pub(super) fn run_block(&mut self, block: &Block) -> Result<(), String> {
        let (last, others) = match block.commands.split_last() {
            Some((last, others)) => (last, others),
            None => return Err("an answer is shown, and no command before it".to_owned()),
        };
        for command in others {
            let output = self.run(command)?;
            refuse_problem(command, &output)?;
        }
        let output = self.run(last)?;
        let fault = match &block.answer {
            None => refuse_problem(last, &output),
            Some(Shown::Text(text)) => compare_lines(text, &output, &mut self.names),
            Some(Shown::Json(text)) => {
                let real: Value = serde_json::from_str(&output).map_err(|error| format!("{error}: {output}"))?;
                compare(&read_shown(text)?, &real, "", &mut self.names)
            }
        };
        fault.map_err(|fault| format!("{fault}\nafter: {last}\nreal: {output}"))
    }

    /// Runs one command to its end: what it printed, with the address as the texts have it.
    pub(super) fn run(&mut self, command: &str) -> Result<String, String> {
        let command = self.with_real_names(command);
        let is_definition =
            command.split_once('=').is_some_and(|(name, _)| is_variable(name)) || command.starts_with("eda()");
        if is_definition {
            // The token and the address that the service printed are known here.
            if !command.contains('…') && !command.starts_with("API=") {
                self.definitions.push(command);
            }
            return Ok(String::new());
        }
        let without_comment = command.split(" # ").next().unwrap_or_default();
        if without_comment.contains('…') {
            return Err(format!("with … in it a command cannot be run: {command}"));
        }
        let script = format!("{}\n{command}\n", self.definitions.join("\n"));
        let ended = Command::new("sh")
            .args(["-c", &script])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env_clear()
            .env(
                "PATH",
                format!("{}:/usr/local/bin:/usr/bin:/bin", self.folder.path().display()),
            )
            .env("DATABASE_URL", &self.database_url)
            .env("EDUACCORD_MASTER_KEY", MASTER_KEY)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| error.to_string())?;
        let output = String::from_utf8_lossy(&ended.stdout).replace(&self.address, ADDRESS);
        if ended.status.success() {
            return Ok(output);
        }
        let complaint = String::from_utf8_lossy(&ended.stderr);
        Err(format!(
            "exit code {:?} of {command}: {output}{complaint}",
            ended.status.code()
        ))
    }

    fn with_real_names(&self, command: &str) -> String {
        let mut command = command
            .replace("cargo run -- ", "eduaccord ")
            .replace(ADDRESS, &self.address);
        let mut names: Vec<(&String, &String)> = self.names.iter().collect();
        names.sort_by_key(|(shown, _)| std::cmp::Reverse(shown.len()));
        for (shown, real) in names {
            command = command.replace(shown, real);
        }
        command
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// A command whose answer is not shown must succeed.
fn refuse_problem(command: &str, output: &str) -> Result<(), String> {
    let answer: Value = serde_json::from_str(output).unwrap_or_default();
    if answer["status"].as_u64().is_some_and(|status| status >= 400) && answer["code"].is_string() {
        return Err(format!("{command} was refused: {output}"));
    }
    Ok(())
}
