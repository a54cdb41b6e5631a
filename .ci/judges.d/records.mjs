// ajv and the CloudEvents SDK over the records that the running server wrote to Kafka.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Kafka as Binding, ValidationError } from 'cloudevents';
import kafkajs from 'kafkajs';
import lz4 from 'lz4js';
import { parse } from 'yaml';
import { version } from './version.mjs';

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;
const { API, KAFKA, TENANT_ADMIN, SUPER_ADMIN, BROKEN } = process.env;
const FOUND = 10; // see .ci/judges
const TOPICS = ['audit', 'auditCheckpoints'];
// The server's records are compressed, and kafkajs comes without it.
CompressionCodecs[CompressionTypes.LZ4] = () => ({ decompress: async bytes => Buffer.from(lz4.decompress(bytes)) });
const WAIT_MS = 90_000; // heads are signed every minute
const contract = parse(readFileSync('asyncapi.yaml', 'utf8'));

/** What is done, and the events that must come of it. */
const CHANGES = [
  ['PUT', '/v1/admin/ai-config', TENANT_ADMIN, 'ai_config.update', { system_prompt_templates: [{ name: 'Kürze', prompt: `„Knapp“ 🙂\n${Date.now()}` }] }],
  ['PUT', '/v1/admin/prompt-studio', TENANT_ADMIN, 'prompt_studio.update', { allowlist: { roles: [`r${Date.now()}`] } }],
  ['PUT', '/v1/admin/note-processing', TENANT_ADMIN, 'note_processing.update', { prompt: `Tidy up. ${Date.now()}` }],
  ['POST', '/v1/admin/models/mistralai/voxtral-small-latest/disable', TENANT_ADMIN],
  ['POST', '/v1/admin/models/mistralai/voxtral-small-latest/enable', TENANT_ADMIN, 'model.enable'],
  ['POST', '/v1/admin/models/mistralai/voxtral-small-latest/disable', TENANT_ADMIN, 'model.disable'],
  ['POST', '/v1/admin/plugins/scaiwave.calculator/disable', TENANT_ADMIN],
  ['POST', '/v1/admin/plugins/scaiwave.calculator/enable', TENANT_ADMIN, 'plugin.enable'],
  ['POST', '/v1/admin/plugins/scaiwave.calculator/disable', TENANT_ADMIN, 'plugin.disable'],
  ['POST', '/v1/admin/partners', SUPER_ADMIN, 'partner.create', { slug: `judged-${Date.now()}`, name: 'Judged' }],
  ['POST', '/v1/admin/tenants', SUPER_ADMIN, 'tenant.create', { slug: `judged-${Date.now()}`, name: 'Judged', scaikey_tenant_id: `judged-${Date.now()}` }],
  ['POST', '/v1/admin/tenants', TENANT_ADMIN, 'access.deny', { slug: 'refused', name: 'Refused', scaikey_tenant_id: 'refused' }],
  ['GET', '/v1/admin/audit', TENANT_ADMIN, 'audit.export'],
];

for (const [method, path, token, action, body] of CHANGES) {
  const headers = { Authorization: `Bearer ${token}` };
  if (body) {
    headers['Content-Type'] = 'application/json';
  }
  if (method === 'GET') {
    headers.Accept = 'application/x-ndjson';
  }
  const reply = await fetch(API + path, { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(20_000) });
  await reply.text();
  if (!reply.ok && action !== 'access.deny') {
    throw new Error(`${method} ${path} answered ${reply.status}`);
  }
}
const wanted = new Set(CHANGES.map(change => change[3]).filter(Boolean).map(action => `io.scaiwave.admin.${action}`));
wanted.add('io.scaiwave.admin.audit_checkpoint');

const records = await read();
const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
ajv.addSchema(contract, 'asyncapi');
const pointers = new Map(Object.entries(contract.components.messages).map(([key, { name }]) => [name, `asyncapi#/components/messages/${key}`]));
if (BROKEN) {
  records.splice(0, records.length, ...spoilt(records[0]));
}
const findings = records.flatMap(record => findingsOf(record).map(finding => `${record.topic}/${record.partition}/${record.offset}: ${finding}`));
const absent = [...wanted].map(type => `no record of the type ${type} came`);
findings.push(...(BROKEN ? [] : absent));
findings.slice(0, 40).forEach(finding => console.log(finding));
console.log(`version: ajv ${version('ajv')}, cloudevents ${version('cloudevents')}`);
console.log(`judged: ${records.length} records, types ${new Set(records.map(typeOf)).size}`);
console.log(`findings: ${findings.length}`);
if (BROKEN) { // each of the spoilt ones must be found by its judge
  const found = records.every(record => findingsOf(record).length > 0);
  process.exit(found ? FOUND : 0);
}
process.exit(findings.length === 0 ? 0 : FOUND);

function typeOf(record) {
  return JSON.parse(record.value).type;
}

/** From the first record on, until one of each type has come. */
async function read() {
  const kafka = new Kafka({ brokers: [KAFKA], clientId: 'judge', logLevel: logLevel.ERROR });
  const consumer = kafka.consumer({ groupId: `judge-${Date.now()}` });
  const all = [];
  await consumer.connect();
  await consumer.subscribe({ topics: TOPICS.map(topic => contract.channels[topic].address), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      all.push({ topic, partition, offset: message.offset, key: message.key.toString(), value: message.value.toString(), headers: headersOf(message) });
      wanted.delete(typeOf(all.at(-1)));
    },
  });
  const end = Date.now() + WAIT_MS;
  while (wanted.size > 0 && Date.now() < end) {
    await new Promise(done => setTimeout(done, 200));
  }
  await consumer.disconnect();
  return all;
}

function headersOf(message) {
  return Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, value.toString()]));
}

function findingsOf(record) {
  return [...againstContract(record), ...asCloudEvent(record)];
}

function againstContract(record) {
  const value = JSON.parse(record.value);
  const pointer = pointers.get(value.type);
  if (!pointer) {
    return [`the type ${value.type} is not described`];
  }
  const validate = ajv.getSchema(`${pointer}/payload/schema`);
  return validate(value) ? [] : validate.errors.map(error => `${error.instancePath} ${error.message}`);
}

function asCloudEvent({ key, value, headers }) {
  try {
    const message = { key, value, headers, body: value };
    if (!Binding.isEvent(message)) {
      return ['the SDK sees no CloudEvent'];
    }
    Binding.toEvent(message).validate();
    return [];
  } catch (e) {
    return [e instanceof ValidationError ? `${e.message} ${JSON.stringify(e.errors ?? '')}` : String(e)];
  }
}

/** The same record with one thing wrong each. */
function spoilt(record) {
  const change = (spoil) => {
    const value = JSON.parse(record.value);
    spoil(value);
    return { ...record, value: JSON.stringify(value) };
  };
  return [
    change(event => { event.data.seq = 'one'; }),
    change(event => { delete event.id; }),
    change(event => { event.type = 'io.scaiwave.admin.made_up'; }),
    change(event => { event.time = 'yesterday'; }),
  ];
}
