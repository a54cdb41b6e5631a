import type { Fields, Json } from './api';

export interface Entry {
  readonly id: string;
  readonly chain: string;
  readonly seq: number;
  readonly created_at: string;
  readonly action: string;
  readonly actor_id: string;
  readonly actor_type: string;
  readonly actor_name: string | null;
  readonly resource_type: string;
  readonly resource_id: string;
  readonly tenant_id: string | null;
  readonly changes: { before: Fields | null; after: Fields | null };
  readonly request_id: string | null;
  readonly prev_hash: string;
  readonly hash: string;
}

/** What is known of an entry: whether its content matches its hash, and how it is linked to the entry before it. */
export interface Verdict {
  readonly whole: boolean;
  readonly link: 'linked' | 'first' | 'broken' | 'not shown';
}

const FIRST = '0'.repeat(64);

/** RFC 8785. JSON.stringify writes texts and numbers as it asks; members are sorted by their UTF-16 units. */
export function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`);
  return `{${members.join(',')}}`;
}

export const canVerify = (): boolean => typeof crypto.subtle !== 'undefined';

async function hashOf(entry: Entry): Promise<string> {
  const { hash, ...rest } = entry;
  const bytes = new TextEncoder().encode(canonical(rest as unknown as Json));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const known = new WeakMap<Entry, boolean>();

async function isWhole(entry: Entry): Promise<boolean> {
  const found = known.get(entry);
  if (found !== undefined) return found;
  const whole = (await hashOf(entry)) === entry.hash;
  known.set(entry, whole);
  return whole;
}

/** A verdict for each entry, by id. A predecessor that the filters leave out is no break. */
export async function verify(entries: readonly Entry[]): Promise<Map<string, Verdict>> {
  const places = new Map(entries.map((entry) => [`${entry.chain} ${entry.seq}`, entry]));
  const verdicts = new Map<string, Verdict>();
  for (const entry of entries) {
    const before = entry.seq === 1 ? FIRST : places.get(`${entry.chain} ${entry.seq - 1}`)?.hash;
    verdicts.set(entry.id, { whole: await isWhole(entry), link: linkOf(entry, before) });
  }
  return verdicts;
}

function linkOf(entry: Entry, before: string | undefined): Verdict['link'] {
  if (before === undefined) return 'not shown';
  if (entry.prev_hash !== before) return 'broken';
  return entry.seq === 1 ? 'first' : 'linked';
}
