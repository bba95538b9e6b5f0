//! Ways to change a database behind the service's back.

/// One way to tamper: the table whose rows are put back afterwards, and the statement.
pub(super) type Tampering = (&'static str, String);

/// Every way that is tried, each alone. The ids: two offices and the MOU between them, of which `fill` of `damage` tells.
pub(super) fn tamperings([one, other, mou]: &[String; 3]) -> Vec<Tampering> {
    let of = |id: &str| format!("'{id}'");
    let (one, other, mou) = (of(one), of(other), of(mou));
    let text = [
        // The head.
        (
            "records",
            format!("UPDATE records SET document = replace(document, 'Seoul', 'Busan') WHERE id = {one}"),
        ),
        (
            "records",
            format!(
                "UPDATE records SET document = replace(document, '\"version\":2', '\"version\": 2') WHERE id = {one}"
            ),
        ),
        ("records", format!("UPDATE records SET document = 'x' WHERE id = {one}")),
        (
            "records",
            format!("UPDATE records SET audience = 'everyone' WHERE id = {mou}"),
        ),
        (
            "records",
            format!("UPDATE records SET owner_office_id = {other} WHERE id = {mou}"),
        ),
        ("records", format!("UPDATE records SET version = 9 WHERE id = {one}")),
        ("records", format!("UPDATE records SET kind = 'mou' WHERE id = {one}")),
        (
            "records",
            format!("UPDATE records SET created_at = '2020-01-01T00:00:00.000000Z' WHERE id = {one}"),
        ),
        (
            "records",
            format!("UPDATE records SET updated_at = '2020-01-01T00:00:00.000000Z' WHERE id = {one}"),
        ),
        (
            "records",
            format!("UPDATE records SET deleted_at = updated_at WHERE id = {mou}"),
        ),
        (
            "records",
            "UPDATE records SET deleted_at = NULL WHERE deleted_at IS NOT NULL".to_owned(),
        ),
        (
            "records",
            "UPDATE records SET deleted_at = '2020-01-01T00:00:00.000000Z' WHERE deleted_at IS NOT NULL".to_owned(),
        ),
        ("records", format!("DELETE FROM records WHERE id = {mou}")),
        ("records", format!("UPDATE records SET derivation = 1 WHERE id = {mou}")),
        (
            "records",
            format!("UPDATE records SET derivation = 99 WHERE id = {mou}"),
        ),
        // Revisions.
        (
            "revisions",
            format!(
                "UPDATE revisions SET document = replace(document, 'One', 'Two') WHERE record_id = {one} AND version = 1"
            ),
        ),
        (
            "revisions",
            format!("UPDATE revisions SET document = NULL WHERE record_id = {one} AND version = 1"),
        ),
        (
            "revisions",
            format!("UPDATE revisions SET digest = 'sha256:0' WHERE record_id = {one} AND version = 1"),
        ),
        (
            "revisions",
            format!("UPDATE revisions SET audience = 'everyone' WHERE record_id = {mou} AND version = 2"),
        ),
        (
            "revisions",
            format!("UPDATE revisions SET operation = 'restore' WHERE record_id = {mou} AND version = 2"),
        ),
        (
            "revisions",
            format!("UPDATE revisions SET client_id = 'cli_other' WHERE record_id = {mou} AND version = 2"),
        ),
        (
            "revisions",
            format!("UPDATE revisions SET office_id = {other} WHERE record_id = {mou} AND version = 2"),
        ),
        (
            "revisions",
            format!("UPDATE revisions SET at = '2020-01-01T00:00:00.000000Z' WHERE record_id = {mou} AND version = 2"),
        ),
        (
            "revisions",
            format!("DELETE FROM revisions WHERE record_id = {mou} AND version = 1"),
        ),
        (
            "revisions",
            format!("DELETE FROM revisions WHERE record_id = {mou} AND version = 4"),
        ),
        ("revisions", format!("DELETE FROM revisions WHERE record_id = {mou}")),
        // The feed.
        ("changes", "DELETE FROM changes WHERE seq = 2".to_owned()),
        (
            "changes",
            "DELETE FROM changes WHERE seq = (SELECT max(seq) FROM changes)".to_owned(),
        ),
        ("changes", "DELETE FROM changes".to_owned()),
        (
            "changes",
            "UPDATE changes SET operation = 'delete' WHERE seq = 2".to_owned(),
        ),
        ("changes", "UPDATE changes SET version = 7 WHERE seq = 2".to_owned()),
        ("changes", "UPDATE changes SET kind = 'mou' WHERE seq = 2".to_owned()),
        (
            "changes",
            "UPDATE changes SET audience = 'owner' WHERE seq = 2".to_owned(),
        ),
        (
            "changes",
            "UPDATE changes SET previous_audience = 'everyone' WHERE seq = (SELECT max(seq) FROM changes)".to_owned(),
        ),
        (
            "changes",
            "UPDATE changes SET client_id = 'cli_other' WHERE seq = 2".to_owned(),
        ),
        (
            "changes",
            format!("UPDATE changes SET office_id = {other} WHERE seq = 2"),
        ),
        (
            "changes",
            "UPDATE changes SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 2".to_owned(),
        ),
        // The audit chain.
        ("audit", "UPDATE audit SET outcome = 'refused' WHERE seq = 2".to_owned()),
        (
            "audit",
            "UPDATE audit SET request_id = 'req_other' WHERE seq = 2".to_owned(),
        ),
        (
            "audit",
            "UPDATE audit SET client_id = 'cli_other' WHERE seq = 2".to_owned(),
        ),
        ("audit", "DELETE FROM audit WHERE seq = 2".to_owned()),
        ("audit", "DELETE FROM audit WHERE seq = 1".to_owned()),
        (
            "audit",
            "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)".to_owned(),
        ),
        ("audit", "DELETE FROM audit".to_owned()),
        // What follows from the documents.
        (
            "record_links",
            format!("DELETE FROM record_links WHERE record_id = {mou} AND target_id = {other} AND role <> ''"),
        ),
        (
            "record_links",
            format!(
                "INSERT INTO record_links (record_id, relation, target_id, role, gives_sight)
                 VALUES ({other}, 'parties', {one}, '', TRUE)"
            ),
        ),
        (
            "record_links",
            format!("UPDATE record_links SET gives_sight = FALSE WHERE record_id = {mou} AND target_id = {other}"),
        ),
        (
            "sight_spans",
            format!("UPDATE sight_spans SET first_version = 2 WHERE record_id = {mou}"),
        ),
        (
            "sight_spans",
            format!("INSERT INTO sight_spans VALUES ({other}, {one}, 1, 9223372036854775807)"),
        ),
        ("record_tags", "DELETE FROM record_tags WHERE tag = 'first'".to_owned()),
        (
            "record_tags",
            format!("INSERT INTO record_tags VALUES ({other}, 'first')"),
        ),
        ("record_codes", "DELETE FROM record_codes".to_owned()),
        ("record_keys", "UPDATE record_keys SET value = 'own:2'".to_owned()),
        ("record_keys", format!("UPDATE record_keys SET record_id = {other}")),
        (
            "search_text",
            format!("UPDATE search_text SET folded = 'nothing' WHERE record_id = {one}"),
        ),
        (
            "search_text",
            format!("DELETE FROM search_text WHERE record_id = {one}"),
        ),
        (
            "office_index",
            format!("UPDATE office_index SET country = 'MN' WHERE id = {one}"),
        ),
        ("office_index", format!("DELETE FROM office_index WHERE id = {other}")),
        ("mou_index", "UPDATE mou_index SET stage = 'void'".to_owned()),
        (
            "office_ancestors",
            "DELETE FROM office_ancestors WHERE depth = 1".to_owned(),
        ),
        (
            "office_ancestors",
            format!("INSERT INTO office_ancestors VALUES ({other}, {one}, 1)"),
        ),
        // Rows of records that never were.
        (
            "record_tags",
            "INSERT INTO record_tags VALUES ('off_nobody', 'x')".to_owned(),
        ),
        (
            "record_keys",
            "INSERT INTO record_keys VALUES ('office-identifier', 'own:9', 'off_nobody')".to_owned(),
        ),
        (
            "search_text",
            "INSERT INTO search_text VALUES ('off_nobody', 'x')".to_owned(),
        ),
        (
            "external_ids",
            format!(
                "INSERT INTO external_ids VALUES ({one}, 'erp', 'office', '1', 'off_nobody', '2026-01-01T00:00:00.000000Z')"
            ),
        ),
        (
            "external_ids",
            format!(
                "INSERT INTO external_ids VALUES ({one}, 'erp', 'mou', '1', {other}, '2026-01-01T00:00:00.000000Z')"
            ),
        ),
        ("change_losses", "DELETE FROM change_losses".to_owned()),
        // The state that every writer takes.
        (
            "registry_state",
            "UPDATE registry_state SET change_seq = change_seq + 1".to_owned(),
        ),
        (
            "registry_state",
            "UPDATE registry_state SET change_seq = change_seq - 1".to_owned(),
        ),
        (
            "registry_state",
            "UPDATE registry_state SET audit_seq = audit_seq + 1".to_owned(),
        ),
        (
            "registry_state",
            "UPDATE registry_state SET audit_hash = 'sha256:0'".to_owned(),
        ),
        ("registry_state", "DELETE FROM registry_state".to_owned()),
    ];
    text.to_vec()
}
