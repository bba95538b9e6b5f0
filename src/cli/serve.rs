//! `eduaccord serve`.

use super::outcome::{Outcome, print_now, print_open, say};
use super::signals::stop_at_signals;
use crate::app::{RunningServer, StartError, spawn};
use crate::http::stopping::StopSwitch;
use crate::settings::{FirstToken, Settings};
use std::io::IsTerminal;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;

/// Serves until a signal ends it.
pub(super) fn serve(settings: Settings) -> Outcome {
    let switch = StopSwitch::default();
    stop_at_signals(switch.clone())?;
    let shows_token = may_show_token(&settings);
    let mut server = spawn(settings, switch)?;
    let address = server.address;
    let told = say(format_args!(
        "Eduaccord serves on http://{address} ({}); try it at http://{address}/docs/",
        server.database().url()
    ))
    .and_then(|()| Ok(tell_first_token(&server, shows_token)?));
    if told.is_err() {
        server.stop();
        return told;
    }
    server.join();
    Ok(())
}

/// A secret goes to a terminal, or to where the operator sends the output; a log keeps it for longer than it is needed.
fn may_show_token(settings: &Settings) -> bool {
    let output = std::io::stdout();
    output.is_terminal() || (settings.first_token == FirstToken::Print && !is_journal(settings.journal.as_deref()))
}

/// Does standard output go to the journal of systemd, which names itself by device and inode (systemd.exec(5))?
fn is_journal(named: Option<&str>) -> bool {
    let Some((device, inode)) = named.and_then(|named| named.split_once(':')) else {
        return false;
    };
    let output = std::io::stdout().as_fd().try_clone_to_owned().map(std::fs::File::from);
    output
        .and_then(|output| output.metadata())
        .is_ok_and(|output| output.dev().to_string() == device && output.ino().to_string() == inode)
}

/// Makes the first administrator's token as the last step of the first start, or tells how to make it.
fn tell_first_token(server: &RunningServer, shows_token: bool) -> Result<(), StartError> {
    let address = server.address;
    if !server.needs_first_token()? {
        return Ok(());
    }
    if !shows_token {
        return Ok(print_now(
            "\nThe database is new and has no administrator; a log is no place for a token. Make one on this host with:\n\n  eduaccord admin bootstrap\n",
        )?);
    }
    let made = server.make_first_token(|token| {
        print_open(format_args!(
            "\nThe database is new. This administrator's token is shown once and lives 24 hours:\n\n  {token}"
        ))
    })?;
    if let Some(token) = made {
        print_now(format_args!(
            "\n\nTry it:\n\n  curl -H 'Authorization: Bearer {token}' http://{address}/api/v1/me\n"
        ))?;
    }
    Ok(())
}
