//! What one request may bring, cost and be answered: every such number, once, with its reason. The guide `api.md` tells
//! callers those that they can meet.
//!
//! They follow from two aims: no request costs more than half a second of one processor and 64 MiB beside its body,
//! and no answer is many times as long as what was sent.

use std::time::Duration;

/// Largest document: 1 MiB. The largest real one, a plan with all of its nodes, has less than a quarter of that.
pub const DOCUMENT_LIMIT: usize = 1024 * 1024;

/// Largest body of an operation that takes no document: 256 KiB.
pub const BODY_LIMIT: usize = 256 * 1024;

/// Objects and arrays within one another: four times what the deepest document needs.
pub const MAX_DEPTH: usize = 32;

/// Members of one object, and items of one array: as many as the largest map of a document (the nodes of a policy) may
/// ever have.
pub const MAX_MEMBERS: usize = 5_000;

/// Members and items of a whole body. A document of 1 MiB in the form of answers, with every empty member written out,
/// has fewer; each costs up to 300 bytes in memory.
pub const MAX_VALUES: usize = 100_000;

/// Characters of the name of a member. The longest that means anything is an own id, `ext:{system}:{key}`, of 268
/// characters; every pointer into the body repeats the names that lead there.
pub const MAX_NAME: usize = 300;

/// Places that one answer names as wrong. What checks a body stops there.
pub const MAX_FINDINGS: usize = 100;

/// Accepted values that one finding lists; a longer list is left out.
pub const MAX_ALLOWED: usize = 100;

/// Accepted values among which the nearest to what was sent is looked for.
pub const MAX_COMPARED: usize = 300;

/// Longest text that is compared with accepted values, in bytes: none is longer.
pub const MAX_COMPARED_TEXT: usize = 64;

/// Longest text of a request, in characters, that a sentence of an answer repeats.
pub const MAX_REPEATED: usize = 1_000;

/// Largest problem, in bytes of JSON.
pub const MAX_REFUSAL: usize = 256 * 1024;

/// What a 412 carries of records, the current one and the merged one together: as much as one document.
pub const MAX_CONFLICT: usize = 1024 * 1024;

/// Items of one page of a list or of the feed, in bytes of JSON. A page has at least one item.
pub const MAX_PAGE: usize = 4 * 1024 * 1024;

/// Bodies up to this size are read and checked on the thread that has received them: handing them to another one costs
/// more than that.
pub const SMALL_BODY: usize = 16 * 1024;

/// Larger bodies that are read and checked at the same time; others wait for their turn.
pub const MAX_LARGE_BODIES: usize = 4;

/// The longest that a larger body waits for its turn. Then it is refused, and may be sent again.
pub const LARGE_BODY_WAIT: Duration = Duration::from_secs(5);

/// Distinct words of one search.
pub const MAX_WORDS: usize = 8;

/// Values of one filter.
pub const MAX_VALUES_OF_FILTER: usize = 20;
