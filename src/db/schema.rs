//! Every table, as both databases have it. Written to match `migrations/`; a test compares them.
//!
//! All instants are RFC 3339 UTC text with microseconds and all civil dates `YYYY-MM-DD` text: of one width each,
//! so that text order is time order, and the same bytes on SQLite and PostgreSQL.
#![expect(missing_docs, reason = "the columns are described in the migrations")]

diesel::table! {
    registry_state (id) {
        id -> Integer,
        change_seq -> BigInt,
        audit_seq -> BigInt,
        audit_hash -> Text,
        epoch -> BigInt,
        created_at -> Text,
        derivation -> Integer,
        writer_level -> Integer,
        old_sight_until -> BigInt,
    }
}

diesel::table! {
    records (id) {
        id -> Text,
        kind -> Text,
        version -> BigInt,
        owner_office_id -> Text,
        audience -> Text,
        created_at -> Text,
        updated_at -> Text,
        deleted_at -> Nullable<Text>,
        document -> Text,
        derivation -> Integer,
        format -> BigInt,
    }
}

diesel::table! {
    record_links (record_id, relation, target_id, role) {
        record_id -> Text,
        relation -> Text,
        target_id -> Text,
        role -> Text,
        gives_sight -> Bool,
    }
}

diesel::table! {
    sight_spans (record_id, office_id, first_version) {
        record_id -> Text,
        office_id -> Text,
        first_version -> BigInt,
        last_version -> BigInt,
    }
}

diesel::table! {
    record_tags (record_id, tag) {
        record_id -> Text,
        tag -> Text,
    }
}

diesel::table! {
    record_keys (name, value) {
        name -> Text,
        value -> Text,
        record_id -> Text,
    }
}

diesel::table! {
    search_text (record_id) {
        record_id -> Text,
        folded -> Text,
    }
}

diesel::table! {
    office_ancestors (office_id, ancestor_id) {
        office_id -> Text,
        ancestor_id -> Text,
        depth -> BigInt,
    }
}

diesel::table! {
    office_index (id) {
        id -> Text,
        name_key -> Text,
        kind -> Text,
        country -> Nullable<Text>,
        subdivision -> Nullable<Text>,
        parent_id -> Nullable<Text>,
        valid_open -> Text,
        valid_from_first -> Nullable<Text>,
        valid_from_last -> Nullable<Text>,
        valid_to_first -> Nullable<Text>,
        valid_to_last -> Nullable<Text>,
    }
}

diesel::table! {
    mou_index (id) {
        id -> Text,
        title_key -> Text,
        kind -> Text,
        stage -> Text,
        confirmation -> Nullable<Text>,
        signed_key_ascending -> Text,
        signed_key_descending -> Text,
        signed_first -> Nullable<Text>,
        signed_last -> Nullable<Text>,
        effective_open -> Text,
        effective_from_first -> Nullable<Text>,
        effective_from_last -> Nullable<Text>,
        effective_to_first -> Nullable<Text>,
        effective_to_last -> Nullable<Text>,
    }
}

diesel::table! {
    policy_index (id) {
        id -> Text,
        title_key -> Text,
        kind -> Text,
        stage -> Text,
        announced_key_ascending -> Text,
        announced_key_descending -> Text,
        period_open -> Text,
        period_from_first -> Nullable<Text>,
        period_from_last -> Nullable<Text>,
        period_to_first -> Nullable<Text>,
        period_to_last -> Nullable<Text>,
    }
}

diesel::table! {
    program_index (id) {
        id -> Text,
        title_key -> Text,
        kind -> Text,
        stage -> Nullable<Text>,
        sensitive -> Text,
        starts_key_ascending -> Text,
        starts_key_descending -> Text,
        period_open -> Text,
        period_from_first -> Nullable<Text>,
        period_from_last -> Nullable<Text>,
        period_to_first -> Nullable<Text>,
        period_to_last -> Nullable<Text>,
    }
}

diesel::table! {
    record_codes (record_id, name, code) {
        record_id -> Text,
        name -> Text,
        code -> Text,
    }
}

diesel::table! {
    revisions (record_id, version) {
        record_id -> Text,
        version -> BigInt,
        seq -> BigInt,
        at -> Text,
        operation -> Text,
        client_id -> Text,
        office_id -> Nullable<Text>,
        audience -> Text,
        digest -> Text,
        document -> Nullable<Text>,
        reason -> Nullable<Text>,
        format -> BigInt,
    }
}

diesel::table! {
    office_merges (office_id) {
        office_id -> Text,
        survivor_id -> Text,
        canonical_id -> Text,
        at -> Text,
    }
}

diesel::table! {
    transfers (id) {
        id -> Text,
        record_id -> Text,
        kind -> Text,
        version -> BigInt,
        from_office_id -> Text,
        to_office_id -> Text,
        client_id -> Text,
        reason -> Nullable<Text>,
        created_at -> Text,
        until -> Text,
        state -> Text,
        ended_at -> Nullable<Text>,
    }
}

diesel::table! {
    redactions (record_id, version, audit_seq) {
        record_id -> Text,
        version -> BigInt,
        audit_seq -> BigInt,
        pointer -> Text,
        digest_before -> Text,
        digest_after -> Text,
        at -> Text,
    }
}

diesel::table! {
    changes (seq) {
        seq -> BigInt,
        record_id -> Text,
        kind -> Text,
        version -> BigInt,
        operation -> Text,
        at -> Text,
        client_id -> Text,
        office_id -> Nullable<Text>,
        audience -> Text,
        previous_audience -> Nullable<Text>,
    }
}

diesel::table! {
    change_losses (seq, office_id) {
        seq -> BigInt,
        office_id -> Text,
    }
}

diesel::table! {
    audit (seq) {
        seq -> BigInt,
        at -> Text,
        client_id -> Text,
        token_id -> Nullable<Text>,
        office_id -> Nullable<Text>,
        operation -> Text,
        target_id -> Nullable<Text>,
        version -> Nullable<BigInt>,
        outcome -> Text,
        value_hash -> Text,
        request_id -> Text,
        previous_hash -> Text,
        hash -> Text,
        address -> Nullable<Text>,
        code -> Nullable<Text>,
        occurrences -> Nullable<BigInt>,
        disclosed -> Nullable<Text>,
        period -> Nullable<Text>,
    }
}

diesel::table! {
    audit_records (seq, record_id) {
        seq -> BigInt,
        record_id -> Text,
    }
}

diesel::table! {
    token_usage (token_id, operation, hour) {
        token_id -> Text,
        operation -> Text,
        hour -> Text,
        client_id -> Text,
        office_id -> Nullable<Text>,
        requests -> BigInt,
        reads -> BigInt,
        refused -> BigInt,
        audited -> BigInt,
        last_at -> Text,
        last_network -> Text,
    }
}

diesel::table! {
    clients (id) {
        id -> Text,
        office_id -> Nullable<Text>,
        name -> Text,
        scopes -> Text,
        networks -> Text,
        state -> Text,
        created_at -> Text,
        created_by_token -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    tokens (id) {
        id -> Text,
        client_id -> Text,
        name -> Text,
        secret_hash -> Text,
        last_four -> Text,
        created_at -> Text,
        created_by_token -> Nullable<Text>,
        expires_at -> Text,
        revoked_at -> Nullable<Text>,
        revoked_reason -> Nullable<Text>,
        rotated_from -> Nullable<Text>,
        last_used_at -> Nullable<Text>,
        last_used_network -> Nullable<Text>,
        version -> BigInt,
        longest_life -> Nullable<BigInt>,
    }
}

diesel::table! {
    external_ids (office_id, system, kind, external_key) {
        office_id -> Text,
        system -> Text,
        kind -> Text,
        external_key -> Text,
        record_id -> Text,
        created_at -> Text,
    }
}

diesel::table! {
    idempotency (client_id, operation, idempotency_key) {
        client_id -> Text,
        operation -> Text,
        idempotency_key -> Text,
        body_hash -> Text,
        status -> BigInt,
        headers -> Text,
        body -> Text,
        created_at -> Text,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        state -> Text,
        sealed_private -> Nullable<Text>,
        public_jwk -> Text,
        created_at -> Text,
        activated_at -> Nullable<Text>,
        retiring_at -> Nullable<Text>,
        retired_at -> Nullable<Text>,
    }
}

diesel::table! {
    identities (id) {
        id -> Text,
        issuer -> Text,
        subject -> Text,
        client_id -> Text,
        created_at -> Text,
        created_by_token -> Nullable<Text>,
        last_used_at -> Nullable<Text>,
    }
}

diesel::table! {
    links_ever_made (identity_id) {
        identity_id -> Text,
        client_id -> Text,
    }
}

diesel::table! {
    revoked_access (jti) {
        jti -> Text,
        expires_at -> Text,
    }
}

diesel::joinable!(office_index -> records (id));
diesel::joinable!(record_links -> records (record_id));
diesel::joinable!(mou_index -> records (id));
diesel::joinable!(policy_index -> records (id));
diesel::joinable!(program_index -> records (id));

diesel::allow_tables_to_appear_in_same_query!(
    registry_state,
    records,
    record_links,
    sight_spans,
    record_tags,
    record_keys,
    search_text,
    office_ancestors,
    office_index,
    mou_index,
    policy_index,
    program_index,
    record_codes,
    revisions,
    changes,
    change_losses,
    audit,
    audit_records,
    token_usage,
    clients,
    tokens,
    external_ids,
    idempotency,
    signing_keys,
    identities,
    links_ever_made,
    revoked_access,
    office_merges,
    transfers,
    redactions,
);
