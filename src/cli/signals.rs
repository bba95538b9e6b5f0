//! The signals that end the service.

use super::outcome::Failure;
use crate::http::stopping::{STOP_WITHIN, StopSwitch};
use actix_web::rt::Runtime;
use actix_web::rt::signal::unix::{Signal, SignalKind, signal};
use actix_web::rt::time::timeout;
use futures_util::future::select_all;
use std::sync::mpsc::channel;

/// All of these ask for the same clean stop. As the first process of a container the service would otherwise ignore them,
/// and everywhere else be cut off. SIGHUP is left as it is, because `nohup` has it ignored.
const SIGNALS: [(SignalKind, &str); 3] = [
    (SignalKind::terminate(), "SIGTERM"),
    (SignalKind::interrupt(), "SIGINT"),
    (SignalKind::quit(), "SIGQUIT"),
];

/// Uses the switch when a signal comes. The process ends [`STOP_WITHIN`] that, or at the second signal, whatever still
/// runs: all that was acknowledged is in the database by then.
pub(super) fn stop_at_signals(switch: StopSwitch) -> Result<(), Failure> {
    let (sender, receiver) = channel();
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let runtime = match Runtime::new() {
            Ok(runtime) => runtime,
            Err(error) => return drop(sender.send(Err(error))),
        };
        runtime.block_on(async move {
            let mut signals = Vec::new();
            for (kind, name) in SIGNALS {
                match signal(kind) {
                    Ok(signal) => signals.push((signal, name)),
                    Err(error) => return drop(sender.send(Err(error))),
                }
            }
            // Once caught, a write beyond a limit on file sizes fails like one to a full disk, and ends nothing.
            if let Err(error) = signal(SignalKind::from_raw(libc::SIGXFSZ)) {
                return drop(sender.send(Err(error)));
            }
            // The start goes on when all are caught.
            let _ignored = sender.send(Ok(()));
            let name = next(&mut signals).await;
            log::info!("{name}: the service stops");
            switch.stop();
            match timeout(STOP_WITHIN, next(&mut signals)).await {
                Ok(name) => log::error!("{name}: the service ends at once"),
                Err(_) => log::error!(
                    "the service did not end within {} s; it is cut off",
                    STOP_WITHIN.as_secs()
                ),
            }
            std::process::exit(1)
        })
    })?;
    receiver.recv()??;
    Ok(())
}

async fn next(signals: &mut [(Signal, &'static str)]) -> &'static str {
    let waiting = signals.iter_mut().map(|(signal, name)| {
        Box::pin(async {
            signal.recv().await;
            *name
        })
    });
    select_all(waiting).await.0
}
