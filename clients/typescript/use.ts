// Uses the types that openapi-typescript made of the contract, as a program would: a slug with slashes, read-change-write with an
// ETag, a creation that is repeated, pages of the audit log, statistics, and what a refusal says. It ends with an error at the
// first thing that is not so. API is the server's address, TENANT_ADMIN the token of a tenant's admin.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import createClient from 'openapi-fetch';
import type { components, paths } from './api.d.ts';

type Settings = components['schemas']['AiConfig'];
type Change = components['schemas']['UpdateAiConfig'];

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
  assert.deepEqual(taken(await create(`minutes-${key}`)).data, taken(first).data);
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
await stats();
await refusal();
console.log('The generated TypeScript client works.');
