// The rules of asyncapi.yaml for the chains of the audit topic, as examples/consumer has them in Java.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const GENESIS = '0'.repeat(64);

/** RFC 8785: members sorted, no white space. Numbers are integers here. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

/** What is known of each chain: its newest seq and hash, and the gaps before. It is kept in a small file, if one is named. */
export class Chains {
  #chains = {};
  #recent = new Map(); // hashes by id, of what this process has handled

  /** The topic's name and id, which is another one when the topic was deleted and made again. Throws when the file is of another. */
  constructor(file, name, id) {
    this.file = file;
    this.topic = { name, id };
    if (!file || !existsSync(file)) return;
    const { topic, chains } = JSON.parse(readFileSync(file, 'utf8'));
    if (topic?.name !== name) throw new Error(`${file} is of the topic ${topic?.name}, not of ${name}`);
    if (topic.id !== id) throw new Error(`${file} is of the topic ${name} that was deleted: it was made again. Begin another file`);
    this.#chains = chains;
  }

  save() {
    if (!this.file) return;
    writeFileSync(`${this.file}.new`, JSON.stringify({ topic: this.topic, chains: this.#chains }));
    renameSync(`${this.file}.new`, this.file); // all of it or nothing
  }

  get known() {
    return Object.keys(this.#chains).length > 0;
  }

  get missing() {
    return Object.values(this.#chains).flatMap(({ gaps }) => gaps).reduce((sum, { from, to }) => sum + to + 1 - from, 0);
  }

  /** NEXT, GAP and FILLED are to be handled, REPEAT is to be dropped, ALTERED and FORK are alarms. */
  check(key, id, entry) {
    const { hash, ...hashed } = entry;
    if (createHash('sha256').update(canonical(hashed)).digest('hex') !== hash) return 'ALTERED';
    if (entry.chain !== key || entry.id !== id) return 'ALTERED';
    if (this.#recent.has(id)) return this.#recent.get(id) === hash ? 'REPEAT' : 'FORK';
    const chain = this.#chains[key] ?? { seq: 0, hash: GENESIS, gaps: [] };
    const kind = entry.seq > chain.seq ? this.#append(chain, entry) : this.#fill(chain, entry);
    if (kind === 'NEXT' || kind === 'GAP' || kind === 'FILLED') {
      this.#chains[key] = chain;
      this.#recent.set(id, hash);
      if (this.#recent.size > 50_000) this.#recent.delete(this.#recent.keys().next().value);
    }
    return kind;
  }

  #append(chain, { seq, prev_hash: before, hash }) {
    const missing = seq - chain.seq - 1;
    if (missing === 0 && before !== chain.hash) return 'FORK';
    if (missing > 0) chain.gaps.push({ from: chain.seq + 1, to: seq - 1, left: chain.hash, right: before });
    Object.assign(chain, { seq, hash });
    return missing > 0 ? 'GAP' : 'NEXT';
  }

  /** Late entries must fit what is on both sides of them; at any other place one was here already. */
  #fill(chain, { seq, prev_hash: before, hash }) {
    const gap = chain.gaps.find(({ from, to }) => from <= seq && seq <= to);
    if (!gap) return seq === chain.seq && hash !== chain.hash ? 'FORK' : 'REPEAT';
    if ((seq === gap.from && before !== gap.left) || (seq === gap.to && hash !== gap.right)) return 'FORK';
    chain.gaps = chain.gaps.filter((each) => each !== gap);
    if (seq > gap.from) chain.gaps.push({ ...gap, to: seq - 1, right: before });
    if (seq < gap.to) chain.gaps.push({ ...gap, from: seq + 1, left: hash });
    return 'FILLED';
  }
}
