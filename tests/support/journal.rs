//! The last exchanges of the clients of a case, for the message of a case that failed. Secrets are masked.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How many exchanges of one service are kept.
const KEPT: usize = 5;
/// The longest body that is kept, in bytes.
const LONGEST: usize = 3_000;
/// What the secrets of this service, and JSON Web Tokens, begin with.
const SECRETS: &[&str] = &["eda_live_", "eyJ"];

/// The exchanges of all clients of one service.
pub(crate) type Journal = Arc<Mutex<VecDeque<Entry>>>;

/// One request and its answer.
pub(crate) struct Entry {
    request: String,
    sent: String,
    answer: String,
    received: String,
}

thread_local! {
    static OF_CASE: RefCell<Vec<Journal>> = const { RefCell::new(Vec::new()) };
}

/// A journal of the case that runs on this thread.
pub(super) fn open() -> Journal {
    let journal = Journal::default();
    OF_CASE.with_borrow_mut(|all| all.push(Arc::clone(&journal)));
    journal
}

/// Everything that the journals of the case on this thread hold, oldest first; they are closed.
pub(crate) fn close() -> String {
    let journals = OF_CASE.take();
    let mut text = String::new();
    for (number, journal) in (1..).zip(&journals) {
        let entries = journal.lock().unwrap_or_else(PoisonError::into_inner);
        if !entries.is_empty() {
            text.push_str(&format!("last exchanges with service {number} of this case:\n"));
        }
        for entry in entries.iter() {
            text.push_str(&mask(&format!("> {}\n{}", entry.request, entry.sent)));
            text.push_str(&mask(&format!("< {}\n{}", entry.answer, entry.received)));
        }
    }
    text
}

/// Notes an exchange. `headers` are those that were sent.
pub(super) fn note(
    journal: &Journal,
    request: &str,
    headers: &[(&str, &str)],
    sent: &[u8],
    status: u16,
    tag: Option<&str>,
    received: &[u8],
) {
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!(" [{name}: {value}]"))
        .collect();
    let entry = Entry {
        request: format!("{request}{headers}"),
        sent: shortened(sent),
        answer: format!(
            "{status}{}",
            tag.map(|tag| format!(" [etag: {tag}]")).unwrap_or_default()
        ),
        received: shortened(received),
    };
    let mut entries = journal.lock().unwrap_or_else(PoisonError::into_inner);
    if entries.len() == KEPT {
        entries.pop_front();
    }
    entries.push_back(entry);
}

/// The beginning of a body as a line, or nothing where there is none.
fn shortened(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(LONGEST)]);
    match body.len() {
        0 => String::new(),
        length if length > LONGEST => format!("  {text} … ({length} bytes)\n"),
        _ => format!("  {text}\n"),
    }
}

/// `text` with whatever looks like a secret replaced.
pub(crate) fn mask(text: &str) -> String {
    let is_inner = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.');
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, prefix)) = SECRETS
        .iter()
        .filter_map(|prefix| Some((rest.find(prefix)?, prefix)))
        .min()
    {
        let (before, secret) = rest.split_at(at);
        masked.push_str(before);
        masked.push_str(prefix);
        masked.push('…');
        rest = secret.trim_start_matches(is_inner);
    }
    masked + rest
}
