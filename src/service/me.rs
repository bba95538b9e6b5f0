//! `GET /me`: what a caller needs to know to find out why something is refused.

use crate::auth::scope::{AnyToken, Scope};
use crate::clock;
use crate::error::Result;
use crate::http::{Answer, Call};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// Who calls, with which rights, from where, until when.
pub(super) async fn get_me(call: Call<AnyToken>) -> Result<Answer> {
    let caller = call
        .auth
        .read(crate::db::Lane::Quick, |reading| Ok(reading.caller.clone()))
        .await?;
    let now = clock::now();
    let skew = call
        .request
        .header("Date")
        .and_then(read_http_date)
        .map(|sent| (sent - now).num_seconds());
    Answer::of(&Me {
        client_id: caller.client_id,
        client_name: caller.client_name,
        token_id: caller.token_id,
        office_id: caller.office_id,
        scopes: caller.scopes.to_list(),
        expires_at: clock::format_instant(caller.expires_at),
        expires_in_days: (caller.expires_at - now).num_days(),
        networks: caller.networks.to_list(),
        address: call.auth.address().to_string(),
        server_time: clock::format_instant(now),
        clock_skew_seconds: skew,
        quota: call.request.quota().map(|quota| RemainingQuota {
            limit: quota.limit,
            remaining: quota.remaining,
            reset_seconds: quota.reset,
        }),
    })
}

/// Who the token belongs to and what it may do.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    client_id: String,
    client_name: String,
    token_id: Option<String>,
    /// The office acted for; null for the registry itself.
    office_id: Option<String>,
    #[schema(value_type = Vec<Scope>)]
    scopes: Vec<&'static str>,
    #[schema(format = DateTime)]
    expires_at: String,
    /// Whole days until then.
    expires_in_days: i64,
    /// From where the client may call; empty for anywhere.
    networks: Vec<String>,
    /// The address that this request came from, as networks are checked against it.
    address: String,
    #[schema(format = DateTime)]
    server_time: String,
    /// How far the request's `Date` header is ahead of the server's clock; null without one.
    clock_skew_seconds: Option<i64>,
    /// How many requests are left; null where none are counted.
    quota: Option<RemainingQuota>,
}

/// How many requests are left.
#[derive(Serialize, ToSchema)]
struct RemainingQuota {
    limit: u32,
    remaining: u32,
    reset_seconds: u64,
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7). Something else is no reason to refuse.
fn read_http_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text)
        .ok()
        .map(|instant| instant.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::read_http_date;

    #[test]
    fn a_date_of_http_is_read() {
        let read = read_http_date("Sun, 06 Nov 1994 08:49:37 GMT").map(|instant| instant.to_rfc3339());
        assert_eq!(read.as_deref(), Some("1994-11-06T08:49:37+00:00"));
        assert_eq!(read_http_date("yesterday"), None);
    }
}
