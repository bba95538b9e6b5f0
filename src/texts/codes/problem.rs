//! The codes of problems: every way in which a request can fail, with its status, what happened and what to do.

/// What the table says of one code.
#[derive(Debug)]
pub struct CodeFacts {
    /// The stable code, kebab-case; the last segment of the problem's `type`.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Short summary, the same for every occurrence.
    pub title: &'static str,
    /// When this happens.
    pub cause: &'static str,
    /// What the caller should do.
    pub fix: &'static str,
}

macro_rules! problem_codes {
    ($($variant:ident $code:literal $status:literal $title:literal $cause:literal $fix:literal;)+) => {
        /// Every way in which a request can fail.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $cause] $variant,)+
        }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            /// The row of the table.
            pub const fn facts(self) -> &'static CodeFacts {
                match self {
                    $(Code::$variant => &CodeFacts {
                        code: $code, status: $status, title: $title, cause: $cause, fix: $fix,
                    },)+
                }
            }
        }
    };
}

problem_codes! {
    MalformedRequest "malformed-request" 400 "The request cannot be read"
        "The request line, a header or the body is not what HTTP or this endpoint allows."
        "Read `detail`, correct the request and send it again.";
    MalformedJson "malformed-json" 400 "The body is not JSON"
        "The body is not valid JSON in UTF-8, or it is empty where one is needed."
        "Send valid JSON (RFC 8259) without a byte order mark.";
    DuplicateMember "duplicate-member" 400 "A member is given twice"
        "An object in the body has the same member twice. Parsers disagree on which one counts, so none is taken."
        "Give each member once.";
    TooDeep "too-deep" 400 "The body is nested too deeply"
        "The body has more than 32 levels of nesting."
        "Send documents as the API document describes them.";
    TooManyMembers "too-many-members" 400 "The body has too many members"
        "An object or array of the body has more than 5,000 members or items, the body more than 100,000 in all, or the name of a member more than 300 characters."
        "Send documents as the API document describes them; each map has its stated maximum.";
    InvalidParameter "invalid-parameter" 400 "A parameter is wrong"
        "A query parameter has a value that it cannot have."
        "See `errors`: each names the parameter and, where there is a closed list, the allowed values.";
    UnknownParameter "unknown-parameter" 400 "A parameter is unknown"
        "The query has a parameter that this operation does not have. It is refused, so that a misspelt filter never looks like an empty result."
        "See `errors` for the parameters that are allowed here.";
    InvalidCursor "invalid-cursor" 400 "The cursor does not fit"
        "The cursor is damaged, or was made for other filters, another sort or another language."
        "Keep all other parameters as they were, or start again without `cursor`.";
    InvalidId "invalid-id" 400 "The id is not one of this kind"
        "An id in the path has the wrong prefix or form, an MOU's id under /offices for instance."
        "Offices have `off_`, policies `pol_`, MOUs `mou_`, programs `prg_`, clients `cli_`, tokens `tok_`, followed by 26 characters; your own ids are written `ext:{system}:{key}`.";
    InvalidTokenRequest "invalid-token-request" 400 "The form is wrong"
        "A field of the form is missing, given twice, or cannot be read (RFC 6749, section 5.2: `invalid_request`)."
        "See `error_description`.";
    UnsupportedGrantType "unsupported-grant-type" 400 "This way to a token is not offered"
        "`grant_type` is something else than `client_credentials`."
        "Send `grant_type=client_credentials` with the client's id and secret.";
    InvalidScope "invalid-scope" 400 "The scope cannot be given"
        "`scope` names a scope that there is not, or that the client does not hold."
        "Ask for scopes that the client holds (`/api/v1/me` lists them), or leave `scope` out to get them all.";
    InvalidHeader "invalid-header" 400 "A header is wrong"
        "A header such as If-Match or Idempotency-Key has a value that it cannot have."
        "See `detail`.";
    TokenRequired "token-required" 401 "A token is needed"
        "The request has no `Authorization: Bearer` header."
        "Send `Authorization: Bearer <token>`. An admin of your office makes tokens.";
    InvalidToken "invalid-token" 401 "The token is not valid"
        "The token is malformed or unknown here."
        "Check that the whole token was copied; ask your admin for a new one.";
    TokenExpired "token-expired" 401 "The token has expired"
        "The token was valid once; its time is over."
        "Ask your admin to rotate it.";
    TokenRevoked "token-revoked" 401 "The token was revoked"
        "The token was revoked, its client is suspended, or its office was deleted."
        "Ask your admin.";
    RightsChanged "rights-changed" 401 "The rights behind the token have changed"
        "The access token (JWT) says more than its client may do today, or names another office: the client was changed after the token was made."
        "Ask `/oauth/token` for a new one, with the secret that this one was made from.";
    IdentityNotLinked "identity-not-linked" 401 "Nobody here is linked to this subject"
        "The token is a good one of an issuer that this registry trusts, but no administrator has linked its subject to a client."
        "Ask an administrator of the registry to link the token's `iss` and `sub` to your client (POST /api/v1/clients/{id}/identities).";
    InvalidClient "invalid-client" 401 "The client is not known"
        "The client id and the secret do not belong together, or the secret no longer counts."
        "Send the client's id and one of its secrets, by HTTP Basic or as `client_id` and `client_secret`; ask your admin for a new secret.";
    MissingScope "missing-scope" 403 "The token lacks a scope"
        "The token is valid, but it does not hold the scope that this operation needs."
        "See `missing_scopes`; ask your admin for a token that holds it.";
    NetworkNotAllowed "network-not-allowed" 403 "The token may not be used from here"
        "The client's allowed networks do not contain the address that the request came from."
        "Call from one of the client's networks (`/me` names them), or ask your admin to add yours. Behind a proxy, the operator must name it in EDUACCORD_TRUSTED_PROXIES.";
    NotYourPart "not-your-part" 403 "This part belongs to somebody else"
        "The record is visible to you, but your office may not change the members named in `errors`."
        "Change only your own part, or ask the owning office.";
    RegistryOnly "registry-only" 403 "Only the registry may do this"
        "The action is for the registry's own administrators: it reaches into the records or the history of several offices."
        "Ask the registry's administrators; see `action`.";
    NotGrantable "not-grantable" 403 "More rights than your own"
        "A client or token would get, or keep under a new secret, rights that the caller does not hold: a scope (`missing_scopes`), networks outside of its own (`missing_networks`), an office that the caller does not act for, or the registry itself."
        "Grant what you hold yourself, or ask an admin who holds it. Revoking and suspending are always possible.";
    SecretRequired "secret-required" 403 "This takes the secret itself"
        "The request was made with an access token. It is handed on and lives for ten minutes, so it makes, changes and ends no clients or tokens and links no subjects."
        "Send the client's secret as the bearer token. An access token ends itself at `/tokens/current/revoke`; who found a secret ends that at `/oauth/revoke`.";
    NotFound "not-found" 404 "There is nothing here"
        "No operation of this service has this path."
        "See /docs for all paths.";
    RecordNotFound "record-not-found" 404 "No such record"
        "There is no record with this id, or your office may not see it; which of the two is not told."
        "Check the id; ask the owning office whether you should see it.";
    MethodNotAllowed "method-not-allowed" 405 "This method is not for this path"
        "The path exists, but not with this method."
        "Use one of the methods in the `Allow` header.";
    RequestTimeout "request-timeout" 408 "The body came too slowly"
        "The whole body did not arrive in time."
        "Send the request again over a better connection.";
    Referenced "referenced" 409 "Other records refer to this one"
        "A record that others refer to cannot be deleted: their references would point nowhere."
        "Change the records in `referrers` first; `hidden_referrers` counts those that you may not see.";
    PossibleDuplicate "possible-duplicate" 409 "This record seems to exist already"
        "A record with the same distinguishing members exists: `existing_id`."
        "Use the existing record, or send the request with `confirm_distinct=true`.";
    IdentityTaken "identity-taken" 409 "The subject is linked already"
        "A subject of an issuer stands for one client only: `existing_id` is the link that there is."
        "Cut that link first, if the subject shall stand for another client.";
    ExternalIdTaken "external-id-taken" 409 "Your id means another record"
        "Your office already knows another record of this kind by this system and key: `existing_id`."
        "Use another key, or remove the id from that record first.";
    LastAdmin "last-admin" 409 "Nobody could administer the registry any more"
        "After this change no active client of the registry itself with the scope `admin` would have a usable token (that may be used from where you call)."
        "Make another administrator first. On the host: `eduaccord admin bootstrap`, or the command with `--force`.";
    RecordMerged "record-merged" 409 "The record was merged into another"
        "The record was a duplicate and was merged into `merged_into`. Reading it leads there (308); it cannot be changed any more."
        "Change the record `merged_into`.";
    HasClients "has-clients" 409 "Somebody acts for this office"
        "The office has active clients with living tokens or linked subjects: `clients` of them. Deleting or hiding its record would shut them out."
        "Suspend these clients or end their tokens first, or leave the record as it is.";
    TransferNotPending "transfer-not-pending" 409 "The offer can no longer be answered"
        "The offer was accepted, refused or ended, nobody answered it in time, or the record has changed since; see `state`."
        "Read the offer again. If the record is still to be yours, ask its owner to offer it again.";
    MergeConflict "merge-conflict" 409 "The two cannot be merged as they are"
        "Both offices know different records by the same ids of their own: `external_ids`. After the merge one of them would be lost."
        "Remove or change one of each pair, then merge.";
    FenceExcludesYou "fence-excludes-you" 409 "You would lock yourself out"
        "The networks that your own client shall be bound to do not contain the address that you call from."
        "Add your network, or send the request with `confirm_fence=true` if you mean it.";
    OwnToken "own-token" 409 "A token cannot rotate itself"
        "The token to be rotated is the one that the request was made with. Whoever found a token could prolong the find."
        "Use another token of an admin, or `eduaccord token rotate` on the host.";
    TokenEnded "token-ended" 409 "The token has ended"
        "A revoked or expired token stays listed, but it cannot be changed or rotated any more."
        "Make a new token for its client.";
    RecordDeleted "record-deleted" 410 "The record was deleted"
        "The record existed and was deleted at `deleted_at`."
        "Stop using the id. Its revisions stay readable.";
    CursorExpired "cursor-expired" 410 "The feed position is too old"
        "The position of the change feed was given out more than 180 days ago."
        "Read the lists again in full, then follow the feed from `since=now` as taken before the lists.";
    VersionConflict "version-conflict" 412 "The record has changed since"
        "The version in If-Match is not the current one: somebody changed the record after you read it."
        "Look at `overlaps`. If `merged` is given, send it with the current ETag; otherwise decide and send again.";
    BodyTooLarge "body-too-large" 413 "The body is too large"
        "The body is larger than this operation takes (documents 1 MiB, other bodies 256 KiB)."
        "Send less; large attachments live elsewhere and are linked.";
    UriTooLong "uri-too-long" 414 "The address is too long"
        "The path and query are longer than 8 KiB."
        "Use fewer values in one filter.";
    UnsupportedMediaType "unsupported-media-type" 415 "This media type is not taken here"
        "The body has a Content-Type or Content-Encoding that this operation does not take."
        "Send `application/json` (for PATCH also `application/merge-patch+json`), not compressed.";
    InvalidDocument "invalid-document" 422 "The content is wrong"
        "The body can be read, but does not keep the rules of its schema or of the registry."
        "See `errors`: each names its place by a JSON pointer. All are listed at once.";
    InvalidText "invalid-text" 422 "The text has forbidden characters"
        "A text has U+0000 or a lone surrogate, which no database keeps."
        "Remove them; see `errors` for the places.";
    IdempotencyKeyReused "idempotency-key-reused" 422 "The Idempotency-Key was used for another body"
        "The same client sent this key before, with another body."
        "Use a new key for every new request; repeat a key only with exactly the same body.";
    SecretAlreadyShown "secret-already-shown" 409 "The secret was shown once already"
        "This Idempotency-Key belongs to an answer that held a secret. Secrets are not kept, so it cannot be repeated."
        "If the first answer was lost, revoke that token and make another.";
    PreconditionRequired "precondition-required" 428 "If-Match is needed"
        "This operation changes a record and needs the version it is meant for."
        "Send `If-Match` with the ETag from your last GET, or `If-Match: *` to change whatever is there.";
    HeadersTooLarge "headers-too-large" 431 "The headers are too large"
        "The request's headers are larger than the service takes."
        "Send fewer or shorter headers.";
    RateLimited "rate-limited" 429 "Too many requests"
        "The token has used up its requests of this minute."
        "Wait as many seconds as `Retry-After` says; the header `RateLimit` tells beforehand how many are left.";
    TooManyFailures "too-many-failures" 429 "Too many refused tokens"
        "Too many tokens came from this address that have the form of one and are unknown here."
        "Find the client that sends a wrong token, one of another registry for instance; wait as many seconds as `Retry-After` says. Valid tokens from the same address go on counting meanwhile.";
    Internal "internal-error" 500 "Something broke here"
        "The service met a fault of its own. It is logged under `request_id`."
        "Try again later; if it stays, tell the operator the `request_id`.";
    DatabaseUnavailable "database-unavailable" 503 "The database does not answer"
        "The database is busy, restarting or cannot be reached. Nothing was changed."
        "Send the same request again after `Retry-After` seconds.";
    IssuerUnavailable "issuer-unavailable" 503 "The token's issuer does not answer"
        "The keys of the issuer that made the token were never received, so nobody can tell whether the token is good."
        "Send the same request again in a minute; if it stays, tell the operator, whose log says why.";
    SigningUnavailable "signing-unavailable" 503 "Access tokens cannot be made"
        "The service has no master key, or not the one that its signing keys were sealed with."
        "Send the secret itself as the bearer token. The operator sets EDUACCORD_MASTER_KEY_FILE (see the README) and starts again.";
    Reindexing "reindexing" 503 "The indexes are being brought up to date"
        "The registry was upgraded, and what lists and searches rest on is being derived again from the documents. Until that is done a list could leave records out, so none is given. Single records can be read and written."
        "Send the same request again after `Retry-After` seconds; `/readyz` tells when it is done.";
    NewerWriter "newer-writer" 503 "A newer version of the service has taken over"
        "Another instance of a newer version works on the same database, and this older one could write what the newer one does not expect. Nothing was changed. Reads go on."
        "Send the same request again after `Retry-After` seconds, so that a newer instance gets it. The operator ends the older instances.";
    Overloaded "overloaded" 503 "The service is busy"
        "More changes are waiting than the service takes at once. Nothing was changed."
        "Send the same request again after `Retry-After` seconds.";
    Stopping "stopping" 503 "The service is stopping"
        "This instance of the service is being stopped, to be upgraded for instance, and takes no more requests. Nothing was changed."
        "Send the same request again after `Retry-After` seconds, on a new connection: another instance or the next start answers it.";
}

impl Code {
    /// The stable text of the code.
    pub const fn as_str(self) -> &'static str {
        self.facts().code
    }

    /// The code with this text, for `/problems/{code}`.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

/// What a problem's code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeTexts {
    /// What happened, in a few words.
    pub title: &'static str,
    /// When this happens.
    pub cause: &'static str,
    /// What to do.
    pub fix: &'static str,
}

/// The texts of problems in one language: `Code "title" "cause" "fix";`.
macro_rules! problem_texts {
    ($($variant:ident $title:literal $cause:literal $fix:literal;)+) => {
        pub(super) const fn texts_of(code: $crate::texts::codes::Code) -> $crate::texts::codes::CodeTexts {
            match code {
                $($crate::texts::codes::Code::$variant => $crate::texts::codes::CodeTexts { title: $title, cause: $cause, fix: $fix },)+
            }
        }
    };
}
pub(super) use problem_texts;
