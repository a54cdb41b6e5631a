// Writes the contract as Specmatic can generate requests from it: blind generation needs names of things that exist.
//   node specmatic.mjs SCOPE FOLDER
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

const [scope, folder] = process.argv.slice(2);
const { API, TENANT_ADMIN, SUPER_ADMIN, BROKEN } = process.env;
const contract = parse(readFileSync('openapi.yaml', 'utf8'));

/** Parameters that are left out: with them the answer hangs on more than the request. */
const NO_PARAMETER = {
  'X-Tenant-Id': 'a made-up tenant is 403; the token names one',
  'X-Request-Id': 'any is taken',
  'If-Match': 'a made-up tag is 412',
  'If-None-Match': 'the right tag is 304',
  cursor: 'only the server makes them',
  'Last-Event-ID': 'of live streams, which are no pages',
  'Idempotency-Key': 'of a second request with another body it makes a refusal',
  resource_type: 'the same as actor_id',
  resource_id: 'the same',
  until: 'the same as since',
  actor_id: 'any text is taken, and each parameter doubles the requests',
  offset: 'the same as limit',
};
/** Parameters that have one value each, so that there are hundreds of requests and not thousands. */
const VALUE = { modality: 'chat', participant_type: 'model' };
/** Operations that are left out: what may be sent together is more than a schema says. ContractExamplesTest sends them. */
const NO_OPERATION = {
  updateAiConfig: 'the default must be among the models, a mode needs a key',
  configureModelParticipant: 'the first of a model needs more members than the next',
  createModelParticipant: 'the model must be on',
  enableModel: 'a slug has slashes, and what Specmatic makes of it as a wrong one is right',
  disableModel: 'the same',
  createTenant: 'a name may be used once, and the shortest come twice',
  createPartner: 'the same',
  updatePartner: 'plugins must exist, and limits hang on the partner above',
};

const name = await names();
keepScope();
fillParameters();
fillBodies();
dropExamples(contract);
if (BROKEN) {
  const schema = contract.components.schemas[scope === 'tenant' ? 'Stats' : 'Partner'];
  schema.properties.made_up = { type: 'integer' };
  schema.required.push('made_up');
}
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/openapi.yaml`, stringify(contract, { aliasDuplicateObjects: false }));

async function get(path, token) {
  const reply = await fetch(API + path, { headers: { Authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(20_000) });
  if (!reply.ok) {
    throw new Error(`${path} answered ${reply.status}`);
  }
  return (await reply.json()).data;
}

/** Names of what exists. */
async function names() {
  const [model] = (await get('/v1/admin/models/catalog', TENANT_ADMIN)).filter(one => one.modality === 'chat' && one.status === 'active');
  const [plugin] = await get('/v1/admin/plugins', TENANT_ADMIN);
  const partners = await get('/v1/admin/partners', SUPER_ADMIN);
  return { ...VALUE, slug: model.slug, plugin_id: plugin.id, partner_id: partners.at(-1).id };
}

function keepScope() {
  for (const [path, operations] of Object.entries(contract.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (operation.operationId && (!operation['x-scope'].startsWith(scope) || operation.operationId in NO_OPERATION)) {
        delete operations[method];
      }
    }
    if (!Object.values(operations).some(operation => operation.operationId)) {
      delete contract.paths[path];
    }
  }
}

function component(node) {
  return node.$ref ? node.$ref.split('/').slice(1).reduce((at, key) => at[key], contract) : node;
}

function fillParameters() {
  const kept = reference => !(component(reference).name in NO_PARAMETER);
  for (const operation of Object.values(contract.paths).flatMap(Object.values)) {
    operation.parameters = operation.parameters?.filter(kept);
    const page = operation.responses?.['200']?.content;
    if (page) { // of exports and streams nothing but pages is asked for
      operation.responses['200'].content = { 'application/json': page['application/json'] };
    }
  }
  for (const parameter of Object.values(contract.components.parameters)) {
    if (parameter.name in name) {
      parameter.schema = { type: 'string', enum: [name[parameter.name]] };
    }
  }
}

/** Bodies get schemas of their own, in which names of things are null, and texts no pattern that Specmatic cannot fill. */
function fillBodies() {
  for (const operation of Object.values(contract.paths).flatMap(Object.values)) {
    const body = operation.requestBody?.content['application/json'];
    if (body) {
      body.schema = filled(body.schema);
    }
  }
}

function filled(node) {
  if (!node || typeof node !== 'object') {
    return node;
  }
  if (/Optional(Uuid|ModelSlug)$/.test(node.$ref)) {
    return { type: 'null' };
  }
  if (node.$ref) {
    const { $ref, ...own } = node;
    return filled({ ...component(node), ...own });
  }
  if (Array.isArray(node)) {
    return node.map(filled);
  }
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, filled(value)]));
  if (copy.pattern?.includes('\\u')) {
    delete copy.pattern;
  }
  for (const [key, value] of Object.entries(copy.properties ?? {})) {
    if (value.readOnly || value.uniqueItems) { // Specmatic repeats an item
      delete copy.properties[key];
    }
  }
  return copy;
}

/** An example is of another installation. */
function dropExamples(node) {
  if (node && typeof node === 'object') {
    delete node.example;
    delete node.examples;
    Object.values(node).forEach(dropExamples);
  }
}
