//! `eduaccord serve`.

use super::outcome::{Outcome, say};
use super::signals::stop_at_signals;
use crate::app::spawn;
use crate::http::stopping::StopSwitch;
use crate::settings::Settings;

/// Serves until a signal ends it.
pub(super) fn serve(settings: Settings) -> Outcome {
    let switch = StopSwitch::default();
    stop_at_signals(switch.clone())?;
    let mut server = spawn(settings, switch)?;
    let address = server.address;
    say(format_args!(
        "Eduaccord serves on http://{address} ({}); try it at http://{address}/docs/",
        server.database().url()
    ))?;
    if let Some(token) = server.first_token.take() {
        say(format_args!(
            "\nThe database is new. This administrator's token is shown once and lives 24 hours:\n\n  {token}\n\nTry it:\n\n  curl -H 'Authorization: Bearer {token}' http://{address}/api/v1/me\n"
        ))?;
    }
    server.join();
    Ok(())
}
