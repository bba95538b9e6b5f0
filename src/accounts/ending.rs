//! Ending tokens: one, and with `cascade` all that it made.

use crate::accounts::Overrides;
use crate::accounts::clients::suspend;
use crate::accounts::created_by_tree::{Made, find_created_by};
use crate::accounts::revoke_presented::end_access;
use crate::accounts::rights::AdminWatch;
use crate::accounts::rows::{TokenName, TokenRow, UNLINKED, find_token};
use crate::accounts::tokens::{audit, store};
use crate::accounts::view::{TokenView, show_one_token};
use crate::audit::chain::{Audited, Event, append};
use crate::auth::authorized::{Recorded, Writing};
use crate::clock;
use crate::db::schema::identities;
use crate::error::{Error, Result};
use diesel::{QueryDsl, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;

/// How a token is to be ended.
#[derive(Debug, Clone)]
pub struct Ending {
    /// Which token.
    pub token: TokenName,
    /// Why.
    pub reason: Option<String>,
    /// All that it made ends with it.
    pub cascade: bool,
}

/// A token that ended, and what it had made.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = EndedToken)]
pub struct Ended {
    /// The token.
    pub token: TokenView,
    /// Clients and tokens that it made, identities that it linked, and what those made in turn, as they are now. A link
    /// that this request took away is among them as `cut`, one that was taken away before is not.
    pub created: Vec<Made>,
    /// How much more it made that you do not manage: nothing was done to it.
    pub hidden: i64,
    /// How many tokens, clients and links of identities this request ended; 0 when all had ended before.
    pub ended: i64,
}

/// Ends the token by which the caller is known: the secret with all that this means, or the access token alone, whose
/// holder had no more than that; then there is nothing to list.
pub fn end_own_token(writing: &mut Writing<'_, '_>, reason: Option<String>) -> Result<Recorded<Option<Ended>>> {
    if let Some(shown) = writing.caller.access.clone() {
        let end = clock::format_instant(shown.expires_at);
        let proof = end_access(writing.transaction, writing.actor, &shown.jti, &end)?;
        return Ok(proof.map_or_else(|| Recorded::unchanged(None), |proof| Recorded::new(None, proof)));
    }
    let id = writing.caller.token_id.clone().ok_or_else(Error::record_not_found)?;
    let ending = Ending {
        token: TokenName::Id(id),
        reason,
        cascade: false,
    };
    end_token(writing, ending, Overrides::default())?.try_map(|ended| Ok(Some(ended)))
}

/// Revokes a token. Repeating it is harmless: it lists what the token made, and with `cascade` ends that.
pub fn end_token(writing: &mut Writing<'_, '_>, ending: Ending, overrides: Overrides) -> Result<Recorded<Ended>> {
    let (token, _) = find_token(writing.transaction.conn, writing.caller, &ending.token)?;
    let watch = AdminWatch::start(writing.transaction, writing.actor)?;
    let mut proofs: Vec<Audited> = Vec::new();
    let mut unlinked = Vec::new();
    proofs.extend(revoke(writing, token.clone(), ending.reason.as_deref())?);
    if ending.cascade {
        let why = format!(
            "made by {}: {}",
            token.id,
            ending.reason.as_deref().unwrap_or("cascade")
        );
        let created_by_tree = find_created_by(writing.transaction.conn, writing.caller, &token.id)?;
        for (made, _) in created_by_tree.tokens {
            proofs.extend(revoke(writing, made, Some(&why))?);
        }
        for (made, client) in created_by_tree.identities {
            proofs.extend(cut_link(writing, &made.id)?);
            unlinked.push((made, client));
        }
        for made in created_by_tree.clients {
            if made.state == "active" {
                proofs.push(suspend(writing, made)?);
            }
        }
    }
    watch.finish(writing.transaction, writing.actor, overrides, None)?;
    let (conn, now) = (&mut *writing.transaction.conn, writing.transaction.now);
    let (token, client) = find_token(conn, writing.caller, &TokenName::Id(token.id))?;
    let mut created_by_tree = find_created_by(conn, writing.caller, &token.id)?;
    // Deleted already, but listed, because an investigation of a leak needs them.
    created_by_tree.unlinked = unlinked;
    let ended = Ended {
        hidden: created_by_tree.hidden,
        created: created_by_tree.show(conn, now)?,
        token: show_one_token(conn, token, client, now)?,
        ended: i64::try_from(proofs.len()).unwrap_or(i64::MAX),
    };
    Ok(match proofs.pop() {
        Some(proof) => Recorded::new(ended, proof),
        None => Recorded::unchanged(ended),
    })
}

/// Cuts the link of a subject of another issuer: its very next request is refused. None where there is no such link.
pub fn cut_link(writing: &mut Writing<'_, '_>, id: &str) -> Result<Option<Audited>> {
    let cut = diesel::delete(identities::table.find(id)).execute(writing.transaction.conn)?;
    if cut == 0 {
        return Ok(None);
    }
    writing.transaction.state.epoch += 1;
    append(writing.transaction, writing.actor, Event::done(UNLINKED, Some(id))).map(Some)
}

/// Revokes a token unless it was revoked before.
fn revoke(writing: &mut Writing<'_, '_>, mut row: TokenRow, reason: Option<&str>) -> Result<Option<Audited>> {
    if row.revoked_at.is_some() {
        return Ok(None);
    }
    row.revoked_at = Some(clock::format_instant(writing.transaction.now));
    row.revoked_reason = reason.map(str::to_owned);
    store(writing.transaction, &mut row)?;
    audit(writing.transaction, writing.actor, "token.revoke", &row).map(Some)
}
