// Uses the types that openapi-typescript made of the contract, as a program would: a slug with slashes, read-change-write with an
// ETag, a creation that is repeated, the audit log in pages, as an export and as a live stream, statistics, and what a refusal says.
// It ends with an error at the first thing that is not so. API is the server's address, TENANT_ADMIN the token of a tenant's admin.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import createClient from 'openapi-fetch';
import type { components, paths } from './api.d.ts';

type Settings = components['schemas']['AiConfig'];
type Change = components['schemas']['UpdateAiConfig'];
type Entry = components['schemas']['AuditEntry'];

const { API, TENANT_ADMIN } = process.env;
assert(API && TENANT_ADMIN, 'API and TENANT_ADMIN must be set');
const slug = 'mistralai/voxtral-small-latest';
const client = createClient<paths, 'application/json'>({ baseUrl: API, headers: { Authorization: `Bearer ${TENANT_ADMIN}` } });

function taken<T>(reply: { data?: T; error?: unknown }): T {
  assert(reply.data !== undefined, `refused: ${JSON.stringify(reply.error)}`);
  return reply.data;
}

function change(body: Change, ifMatch = '*') {
  return client.PUT('/v1/admin/ai-config', { params: { header: { 'If-Match': ifMatch } }, body });
}

async function slugWithSlashes() {
  const reply = await client.POST('/v1/admin/models/{slug}/enable', { params: { path: { slug } } });
  assert.deepEqual(taken(reply).data, { slug, enabled: true, is_default: taken(reply).data.is_default });
}

async function readChangeWrite() {
  const read = await client.GET('/v1/admin/ai-config');
  const before: Settings = taken(read).data;
  const etag = read.response.headers.get('etag');
  assert(etag);
  const templates = [{ name: `Brief ${randomUUID()}`, prompt: 'First line.\n\tSecond line.' }];
  const after = taken(await change({ system_prompt_templates: templates }, etag)).data;
  assert.deepEqual(after.enabled_models, before.enabled_models);
  assert.deepEqual(after.system_prompt_templates, templates);

  const stale = await change({ default_model: null }, etag);
  assert.equal(stale.response.status, 412);
  assert.equal(stale.error?.error.code, 'SW_PRECONDITION_FAILED');

  // What was read may be sent back as it is.
  assert.deepEqual(taken(await change(after)).data, after);
}

async function repeatedCreation() {
  const key = randomUUID();
  const create = (local_id: string) =>
    client.POST('/v1/admin/participants/model', {
      params: { header: { 'Idempotency-Key': key } },
      body: { model: slug, local_id, display_name: 'Minutes' },
    });
  const first = await create(`minutes-${key}`);
  assert.equal(first.response.status, 201);
  assert.match(first.response.headers.get('location') ?? '', /^\/v1\/admin\/participants\?/);
  const repeated = await create(`minutes-${key}`);
  assert.equal(repeated.response.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(taken(repeated).data, taken(first).data);
  const reused = await create(`other-${key}`);
  assert.equal(reused.response.status, 409);
  assert.equal(reused.error?.error.code, 'SW_IDEMPOTENCY_KEY_REUSED');
}

async function pages() {
  const seen = new Set<string>();
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 50 };
    if (cursor) query.cursor = cursor;
    const page = await client.GET('/v1/admin/audit', {
      params: { query },
      headers: { Accept: 'application/json' },
    });
    const reply = taken(page);
    for (const entry of reply.data) {
      assert(!seen.has(entry.id), 'no entry comes twice');
      seen.add(entry.id);
    }
    cursor = reply.meta.next_cursor;
    assert.equal(reply.meta.has_more, cursor !== null);
  } while (cursor);
  assert(seen.size > 0, 'there are entries');
}

// A reply that is read as it comes, however long it is or lasts.
async function* lines(accept: string, query: { action?: string } = {}, lastEventId?: string) {
  const reply = await client.GET('/v1/admin/audit', {
    params: { query, header: lastEventId ? { 'Last-Event-ID': lastEventId } : {} },
    headers: { Accept: accept },
    parseAs: 'stream',
    signal: AbortSignal.timeout(60_000),
  });
  let rest = '';
  for await (const text of taken(reply)!.pipeThrough(new TextDecoderStream())) {
    const all = (rest + text).split('\n');
    rest = all.pop()!;
    yield* all;
  }
}

async function wholeExport() {
  let seq = 0;
  for await (const line of lines('application/x-ndjson')) {
    const entry: Entry = JSON.parse(line);
    assert.equal(entry.seq, ++seq, 'a chain is exported from its beginning, without gaps');
  }
  assert(seq > 0, 'there are entries');
}

// Each event has an id to resume after; one without an entry only moves it on.
async function* events(lastEventId?: string) {
  let id = '';
  let entry: Entry | undefined;
  for await (const line of lines('text/event-stream', { action: 'ai_config.update' }, lastEventId)) {
    if (line.startsWith('id: ')) id = line.slice(4);
    if (line.startsWith('data: ')) entry = JSON.parse(line.slice(6));
    if (line === '') {
      yield { id, entry };
      entry = undefined;
    }
  }
}

// The id of the request, which is in the entry too.
async function newTemplate() {
  const reply = await change({ system_prompt_templates: [{ name: `Live ${randomUUID()}`, prompt: 'Be brief.' }] });
  taken(reply);
  return reply.response.headers.get('x-request-id') ?? '';
}

async function liveStream() {
  let made: string | undefined;
  let seen = '';
  for await (const { id, entry } of events()) {
    seen = id;
    if (entry) {
      assert.equal(entry.request_id, made);
      break; // closes the connection
    }
    made ??= await newTemplate(); // the first event says that the stream is open
  }
  const missed = await newTemplate();
  for await (const { entry } of events(seen)) {
    if (entry) {
      assert.equal(entry.request_id, missed, 'the stream goes on after what was seen');
      break;
    }
  }
}

async function stats() {
  const found = taken(await client.GET('/v1/admin/stats')).data;
  assert(found.participants.total >= 1);
  assert(found.storage.limit === null || Number.isSafeInteger(found.storage.limit));
}

async function refusal() {
  const unknown = await client.POST('/v1/admin/models/{slug}/enable', { params: { path: { slug: 'acme/no such model' } } });
  assert.equal(unknown.response.status, 404);
  assert.equal(unknown.error?.error.code, 'SW_MODEL_NOT_FOUND');
  const invalid = await change({ default_model: 'not/enabled' });
  assert.equal(invalid.response.status, 422);
  assert.equal(invalid.error?.error.details?.[0]?.field, '/default_model');
}

await slugWithSlashes();
await readChangeWrite();
await repeatedCreation();
await pages();
await wholeExport();
await liveStream();
await stats();
await refusal();
console.log('The generated TypeScript client works.');
