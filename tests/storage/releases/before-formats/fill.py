"""Writes the records of this release's files into a running service: what a registry in use has, and what later rules
may refuse. Arguments: the service's URL, the token of a registry administrator. Needs `eduaccord import` to have run."""

import json
import sys
import urllib.error
import urllib.request

BASE, ADMIN = sys.argv[1], sys.argv[2]


def call(method, path, body=None, token=ADMIN, **headers):
    request = urllib.request.Request(BASE + "/api/v1" + path, method=method)
    request.add_header("Authorization", "Bearer " + token)
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    if body is not None:
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        request.add_header("Content-Type", kind)
        request.data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
            return json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{method} {path}: {error.code} {error.read().decode()}") from error


def create(kind, body, token=ADMIN, **headers):
    return call("POST", "/" + kind, body, token, **headers)["id"]


def patch(kind, id, body, token=ADMIN):
    return call("PATCH", f"/{kind}/{id}", body, token, If_Match="*")


def act(kind, id, **body):
    return call("POST", f"/{kind}/{id}/actions", body, If_Match="*")


def office(name, country="KR", **more):
    return create("offices", {"names": {"en": name}, "kind": "education_office", "country": country, **more})


def token_of(office_id):
    """A token that lives for this run; (client, secret)."""
    scopes = [f"{kind}:{right}" for kind in ("offices", "mous", "programs", "policies") for right in ("read", "write")]
    client = call("POST", "/clients", {"name": "An office", "office_id": office_id, "scopes": scopes})["id"]
    return call("POST", f"/clients/{client}/tokens", {"name": "One run", "expires_in_days": 1})


# Offices: a tree, a transfer, a merge, a redaction, an evaluator that named itself, external ids.
a = office("Office A", tags=["first"], identifiers={"own": "a-1"}, website="https://a.example/")
b = office("Office B", "MN", posts={"head": {"post": "head", "holder": {"en": "A Person"}}})
unit = office("Unit of A", parent_id=a, owner_office_id=a)
twin = office("Office B, registered twice", "MN", identifiers={"own": "b-2"})
gone = office("Office to be deleted", "MN")
tokens = {name: token_of(id) for name, id in (("a", a), ("b", b))}
own = {name: made["secret"] for name, made in tokens.items()}
patch("offices", a, {"city": "Seoul"})
patch("offices", a, {"names": {"ko": "가 교육청"}})
patch("offices", a, {"city": None, "tags": ["first", "second"]})
act("offices", b, action="transfer", to_office_id=b, reason="It keeps its own record.")
patch(
    "offices",
    a,
    {"evaluations": {"y2024": {"evaluator_id": b, "scheme": {"en": "Yearly"}, "period": {"from": "2024", "to": "2024"}}}},
    own["b"],
)
act("offices", b, action="redact", pointer="/posts/head/holder/en", reason="The person has asked for it.")
act("offices", twin, action="merge_into", survivor_id=b, reason="The same office.")
call("DELETE", "/offices/" + gone, If_Match="*")
call("PUT", f"/offices/{b}/external-ids/crm/b", token=own["a"])

# Memoranda: drafts, restricted ones, one whose parties changed.
parties = {a: {"roles": ["signatory"]}, b: {"roles": ["signatory"]}}
mou = {"titles": {"en": "Exchange", "ko": "교류"}, "kind": "mou", "stage": "recorded", "parties": parties, "purposes": ["teacher_exchange"]}
public = create("mous", mou, own["a"], Idempotency_Key="first-mou")
partners = create("mous", {**mou, "titles": {"en": "Among partners"}, "visibility": "partners"}, own["a"])
private = create("mous", {**mou, "titles": {"en": "Private"}, "visibility": "private"}, own["a"])
create("mous", {**mou, "titles": {"en": "Draft"}, "stage": "draft"}, own["a"])
patch("mous", partners, {"parties": {unit: {"roles": ["witness"]}}})
patch("mous", partners, {"parties": {unit: None}})
patch("mous", public, {"terms": {"term_type": "fixed", "effective": {"from": "2023-01-01", "to": "2025-12-31"}}})
patch("mous", public, {"visibility": "partners"})
patch("mous", public, {"visibility": "public"})

# Policies and programs: nodes, small counts, a session, commitments.
policy = create(
    "policies",
    {
        "titles": {"en": "Plan"},
        "kind": "annual_plan",
        "stage": "published",
        "levels": {"task": {"labels": {"en": "Task"}, "order": 1}},
        "nodes": {"n1": {"level": "task", "order": 1, "labels": {"en": "First task"}, "responsibilities": {a: {"roles": ["lead"]}}}},
    },
    own["a"],
)
exact = lambda value: {"value": value, "qualifier": "exact"}
program = create(
    "programs",
    {
        "titles": {"en": "Counselling"},
        "kind": "training",
        "sensitive": True,
        "offices": {a: {"roles": ["lead"]}, b: {"roles": ["partner"]}},
        "mou_ids": [public],
        "policy_nodes": {"p": {"policy_id": policy, "node": "n1"}},
        "sessions": {
            "s1": {
                "state": "held",
                "planned": {"from": "2024-05", "to": "2024-05"},
                "participation": {
                    "few": {"role": "teacher", "unit": "person", "count": exact(3)},
                    "many": {"role": "teacher", "unit": "person", "count": exact(40)},
                },
            }
        },
    },
    own["a"],
)
patch("programs", program, {"stage": "completed"})
hidden = create("programs", {"titles": {"en": "Hidden"}, "kind": "meeting", "visibility": "private", "offices": {a: {"roles": ["host"]}}}, own["a"])
call("DELETE", "/programs/" + hidden, None, own["a"], If_Match="*")
call("POST", f"/offices/{a}/restore", {"revision": 1}, If_Match="*")

# What a later rule may refuse: texts that are not trimmed, invisible characters, identifiers that differ only in case.
office("  Not trimmed  ", aliases={"short": {"text": " N.T. ", "kind": "short"}})
office("Invisible \u200b\u202e characters", identifiers={"own": "a\u200b2"})
office("Two lines\nof one name", identifiers={"own": "CASE-1"})
office("Differs in case", identifiers={"own": "case-1"}, tags=["Tag", "tag"])
create("mous", {**mou, "titles": {"en": "  Not trimmed  "}, "authentic_languages": ["ko", "mn"]}, own["a"])

for made in tokens.values():
    call("POST", f"/tokens/{made['id']}/revoke", {"reason": "The run is over."})
call("POST", "/tokens/current/revoke", {})
