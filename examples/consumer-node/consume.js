// Prints each event of the audit topic once. The arguments: bootstrap servers, --state and a file to go on where it stopped,
// --replay to read all again, --once to end where the topic ends now; without, Ctrl-C ends it. Exit status 1: something is wrong with
// the chains.
import { Consumer, ListOffsetTimestamps, stringDeserializers } from '@platformatic/kafka';
import { Kafka } from 'cloudevents';
import { parseArgs } from 'node:util';
import { Chains } from './chains.js';

const { values: given, positionals: [servers, topic = 'scaiwave.admin.audit.v1'] } = parseArgs({
  allowPositionals: true,
  options: {
    state: { type: 'string' }, group: { type: 'string', default: 'audit-example' },
    replay: { type: 'boolean' }, once: { type: 'boolean' },
  },
});
if (!servers) {
  console.error('Which Kafka? Say its bootstrap servers, such as 127.0.0.1:9092');
  process.exit(2);
}

const consumer = new Consumer({
  clientId: 'audit-example', groupId: given.group, bootstrapBrokers: servers.split(','), deserializers: stringDeserializers,
});
const chains = await known();
const counts = {};
const unsaved = new Map(); // the newest record of each partition, since the last save

function handle({ created_at: at, chain, seq, action, resource_id: what, actor_name: name, actor_id: id, delegate_id: delegate, changes }) {
  const who = JSON.stringify(name ?? id) + (delegate === null ? '' : ` through ${JSON.stringify(delegate)}`);
  console.log(`${at} ${chain}#${seq} ${action} ${what} by ${who}: ${JSON.stringify(changes)}`);
}

function take(message) {
  let kind = 'ALTERED';
  let entry;
  try {
    const event = Kafka.toEvent({ ...message, headers: Object.fromEntries(message.headers) });
    entry = event.data;
    kind = chains.check(message.key, event.id, entry);
  } catch (error) {
    console.error(`${message.key} at ${message.partition}/${message.offset} is no audit event: ${error.message}`);
  }
  counts[kind] = (counts[kind] ?? 0) + 1;
  if (kind === 'NEXT' || kind === 'GAP' || kind === 'FILLED') handle(entry);
  // A real consumer wakes somebody for ALTERED and FORK, and does not act on what it has read.
  if (kind !== 'NEXT' && kind !== 'REPEAT') console.error(`${kind} ${entry?.chain ?? message.key}#${entry?.seq}`);
  unsaved.set(message.partition, message);
  if (message.offset + 1n >= ends.get(message.partition)) {
    ends.delete(message.partition);
    if (given.once && ends.size === 0) end();
  }
}

/** The state first, the offsets then: what is read twice is dropped, what was skipped would be lost. */
async function save() {
  if (unsaved.size === 0) return;
  const read = [...unsaved.values()];
  unsaved.clear();
  chains.save();
  await Promise.all(read.map((message) => message.commit()));
}

// Without a state the chains are not known: then all is read from the beginning, whatever the group has committed.
const mode = given.replay || !chains.known ? 'earliest' : 'committed';
const ends = given.once ? await unread() : new Map();
const stream = await consumer.consume({ topics: [topic], mode, fallbackMode: 'earliest', autocommit: false });
stream.on('data', take);
stream.on('error', (error) => { throw error; });
const saving = setInterval(save, 1000);

/** What the file knows of this topic, and of no other. */
async function known() {
  try {
    const { topics } = await consumer.metadata({ topics: [topic] });
    return new Chains(given.state, topic, topics.get(topic).id);
  } catch (error) {
    console.error(error.message);
    await consumer.close(true);
    process.exit(2);
  }
}

/** The present ends of the partitions that have records to read. */
async function unread() {
  const beginnings = (await consumer.listOffsets({ topics: [topic], timestamp: ListOffsetTimestamps.EARLIEST })).get(topic);
  const found = (await consumer.listOffsets({ topics: [topic] })).get(topic);
  const partitions = found.map((end, partition) => partition);
  const committed = mode === 'committed' ? (await consumer.listCommittedOffsets({ topics: [{ topic, partitions }] })).get(topic) : [];
  return new Map(found.map((end, partition) => [partition, end])
    .filter(([partition, end]) => end > beginnings[partition] && end > (committed[partition] ?? -1n)));
}

async function end() {
  clearInterval(saving);
  stream.pause();
  await save();
  await consumer.close(true);
  console.error(`${chains.missing} entries missing; records: ${JSON.stringify(counts)}`);
  process.exit(chains.missing || counts.ALTERED || counts.FORK ? 1 : 0);
}

process.once('SIGINT', end);
process.once('SIGTERM', end);
if (given.once && ends.size === 0) end();
