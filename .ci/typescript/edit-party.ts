// What a front-end team writes first: read one memorandum, and add, edit or remove one of its parties, with types
// generated from the published document and not a single cast beyond the parsed answer. It is compiled, not run.

import type { components } from "./registry.js";

type Mou = components["schemas"]["Mou"];
type MouPatch = components["schemas"]["MouPatch"];
type MouReplace = components["schemas"]["MouReplace"];
type Problem = components["schemas"]["Problem"];
type Party = NonNullable<Mou["parties"]>[string];

/** Where the registry is, and who asks. */
export interface Connection {
  readonly base: string;
  readonly token: string;
}

/** A record as it was read: the tag goes back in `If-Match`, so that nobody's later change is overwritten. */
export interface Held {
  readonly mou: Mou;
  readonly tag: string;
}

/** What the registry says when it refuses: a code for programs, a text for people, a pointer for every member at fault. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.title}`);
  }
}

async function call(connection: Connection, id: string, request: RequestInit, headers: Record<string, string>): Promise<Held> {
  const answer = await fetch(`${connection.base}/api/v1/mous/${encodeURIComponent(id)}`, {
    ...request,
    headers: { ...headers, Authorization: `Bearer ${connection.token}` },
  });
  if (!answer.ok) {
    throw new Refused((await answer.json()) as Problem);
  }
  return { mou: (await answer.json()) as Mou, tag: answer.headers.get("ETag") ?? "*" };
}

/** Reads one memorandum. */
export function readMou(connection: Connection, id: string): Promise<Held> {
  return call(connection, id, { method: "GET" }, {});
}

/** Changes only the members named in the patch. */
export function patchMou(connection: Connection, held: Held, patch: MouPatch): Promise<Held> {
  return call(connection, held.mou.id, { method: "PATCH", body: JSON.stringify(patch) }, {
    "Content-Type": "application/merge-patch+json",
    "If-Match": held.tag,
  });
}

/** Writes the whole record. */
export function replaceMou(connection: Connection, held: Held, whole: MouReplace): Promise<Held> {
  return call(connection, held.mou.id, { method: "PUT", body: JSON.stringify(whole) }, {
    "Content-Type": "application/json",
    "If-Match": held.tag,
  });
}

/** A new party, of which only the roles are known yet. */
export function addParty(connection: Connection, held: Held, officeId: string, roles: Party["roles"]): Promise<Held> {
  return patchMou(connection, held, { parties: { [officeId]: { roles } } });
}

/** One member of one party; all others stay as they are. */
export function setLocalReference(connection: Connection, held: Held, officeId: string, reference: string | null): Promise<Held> {
  return patchMou(connection, held, { parties: { [officeId]: { local_ref: reference } } });
}

/** A party goes by being set to null. */
export function removeParty(connection: Connection, held: Held, officeId: string): Promise<Held> {
  return patchMou(connection, held, { parties: { [officeId]: null } });
}

/** The same three edits the other way: what was read, changed as a form would and sent back whole. */
export function replaceParty(connection: Connection, held: Held, officeId: string, party: Party | null): Promise<Held> {
  const parties = { ...held.mou.parties };
  if (party === null) {
    delete parties[officeId];
  } else {
    parties[officeId] = party;
  }
  return replaceMou(connection, held, { ...held.mou, parties });
}

/** The offices that sign, which a list of parties shows first. */
export function signatories(mou: Mou): string[] {
  return Object.entries(mou.parties)
    .filter(([, party]) => party.roles.includes("signatory"))
    .map(([officeId]) => officeId);
}
