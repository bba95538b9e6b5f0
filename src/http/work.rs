//! Where bodies are read and checked: small ones on the thread that has received them, larger ones on the blocking pool,
//! so many at once and no more. A worker thread that checked a large body would keep all its other requests waiting.

use crate::bounds::{LARGE_BODY_WAIT, MAX_LARGE_BODIES, SMALL_BODY};
use crate::error::{Code, Error, Result};
use crate::texts;
use tokio::sync::{Semaphore, SemaphorePermit};

/// One for each large body that may be at work.
static LARGE_BODIES: Semaphore = Semaphore::const_new(MAX_LARGE_BODIES);

/// The turn of a large body; a small one needs none. Held until it is dropped.
///
/// # Errors
/// 503 `overloaded` where the turn does not come.
pub async fn wait_for_turn(body_size: usize) -> Result<Option<SemaphorePermit<'static>>> {
    if body_size <= SMALL_BODY {
        return Ok(None);
    }
    match tokio::time::timeout(LARGE_BODY_WAIT, LARGE_BODIES.acquire()).await {
        Ok(permit) => permit.map(Some).map_err(Error::internal),
        Err(_) => Err(Error::new(Code::Overloaded, texts::requests::too_many_large_bodies())),
    }
}

/// Works on a body of this size.
///
/// # Errors
/// Those of the work, and those of [`wait_for_turn`].
pub async fn work_on_body<T: Send + 'static>(
    body_size: usize,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match wait_for_turn(body_size).await? {
        None => work(),
        Some(turn) => actix_web::web::block(move || {
            let result = work();
            drop(turn);
            result
        })
        .await
        .map_err(Error::internal)?,
    }
}
