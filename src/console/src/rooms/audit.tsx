import { useEffect, useRef, useState } from 'preact/hooks';
import { call, send } from '../api';
import { canVerify, type Entry, type Verdict, verify } from '../chain';
import { follow } from '../stream';
import { announce, Changes, number, Problem, textOf, time, useAction } from '../ui';

const LIMIT = 50;
const KEPT_MAX = 400;
// Thousands of entries may come at once: they are drawn together.
const GATHER_MS = 150;
const EXPORT_MS_MAX = 600_000;
const FIELDS = [
  ['action', 'Action'],
  ['actor_id', 'Actor (id)'],
  ['resource_type', 'Resource type'],
  ['resource_id', 'Resource (id)'],
] as const;

type Filters = Record<string, string>;

export function Audit() {
  const [filters, setFilters] = useState<Filters>({});
  const filtered = Object.values(filters).some(Boolean);
  return (
    <>
      <FilterForm apply={setFilters} count={Object.values(filters).filter(Boolean).length} />
      <Timeline key={JSON.stringify(filters)} filters={filters} filtered={filtered} />
    </>
  );
}

const iso = (local: string): string => (local ? new Date(local).toISOString() : '');

function FilterForm({ apply, count }: { apply: (filters: Filters) => void; count: number }) {
  const [draft, setDraft] = useState<Filters>({});
  const field = (name: string, label: string, isTime = false) => {
    const shared = { value: draft[name] ?? '', onInput: (event: { currentTarget: HTMLInputElement }) => setDraft({ ...draft, [name]: event.currentTarget.value }) };
    return <label class="inline">{label}{isTime ? <input type="datetime-local" {...shared} /> : <input type="text" maxLength={256} {...shared} />}</label>;
  };
  const submit = () => apply({ ...trimmed(draft), since: iso(draft.since ?? ''), until: iso(draft.until ?? '') });
  return (
    <details class="more">
      <summary>Filters{count > 0 && `, ${count} in use`}</summary>
      <form class="filters" aria-label="Filters" onSubmit={(event) => { event.preventDefault(); submit(); }}>
        {FIELDS.map(([name, label]) => field(name, label))}
        {field('since', 'Since (your time)', true)}
        {field('until', 'Until (your time)', true)}
        <span class="actions">
          <button type="submit" class="primary">Filter</button>
          <button type="button" onClick={() => { setDraft({}); apply({}); }}>Clear</button>
        </span>
      </form>
    </details>
  );
}

const trimmed = (draft: Filters): Filters => Object.fromEntries(Object.entries(draft).map(([name, value]) => [name, value.trim()]));

/** The token goes in a header, so that the file is fetched by the page and then saved. */
function Exports({ filters }: { filters: Filters }) {
  const action = useAction();
  const [stop, setStop] = useState<AbortController | null>(null);
  const save = (type: string, name: string) => action.run(async () => {
    const gone = new AbortController();
    setStop(gone);
    try {
      const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(EXPORT_MS_MAX)]);
      const response = await send('GET', '/audit', { query: filters, headers: { Accept: type } }, signal);
      download(await response.blob(), name);
      announce(`${name} is complete.`);
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    } finally {
      setStop(null);
    }
  });
  return (
    <>
      <button type="button" aria-disabled={action.busy} onClick={() => void save('application/x-ndjson', 'audit.ndjson')}>Export NDJSON</button>
      <button type="button" aria-disabled={action.busy} onClick={() => void save('text/csv', 'audit.csv')}>Export CSV</button>
      {stop && <button type="button" onClick={() => stop.abort()}>Stop the export</button>}
      <Problem error={action.error} />
    </>
  );
}

function download(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function merged(kept: readonly Entry[], more: readonly Entry[]): Entry[] {
  const all = new Map(kept.map((entry) => [entry.id, entry]));
  more.filter((entry) => !all.has(entry.id)).forEach((entry) => all.set(entry.id, entry));
  return [...all.values()].sort((one, other) => (one.id < other.id ? 1 : -1)).slice(0, KEPT_MAX);
}

const STATES = { live: 'following', waiting: 'connecting', stopped: 'not following' };

/** The newest entries, the older ones by request, and those to come by the live stream. */
function Timeline({ filters, filtered }: { filters: Filters; filtered: boolean }) {
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const [cursor, setCursor] = useState('');
  const [live, setLive] = useState(true);
  const [state, setState] = useState<{ state: keyof typeof STATES; why: string }>({ state: 'waiting', why: '' });
  const [verifying, setVerifying] = useState(false);
  const verdicts = useVerdicts(entries, verifying);
  const action = useAction();
  const begun = useRef(false);
  const gone = useRef(new AbortController());

  const page = (from: string) => action.run(async () => {
    const reply = await call<Entry[]>('GET', '/audit', { query: { ...filters, limit: LIMIT, cursor: from }, signal: gone.current.signal });
    setEntries((kept) => merged(kept, reply.data));
    setCursor(String(reply.meta.next_cursor ?? ''));
  });
  const begin = () => {
    if (begun.current) return;
    begun.current = true;
    void page('');
  };
  useEffect(() => () => gone.current.abort(), []);
  useEffect(() => {
    if (!live) return begin();
    const stop = new AbortController();
    const fresh: Entry[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      const gathered = fresh.splice(0);
      setEntries((kept) => merged(kept, gathered));
    };
    // The stream first and the page after it: nothing falls between the two.
    void follow(filters, {
      entry: (data) => {
        fresh.push(JSON.parse(data) as Entry);
        if (fresh.length > KEPT_MAX) fresh.shift();
        timer ??= setTimeout(flush, GATHER_MS);
      },
      state: (now, why = '') => { setState({ state: now, why }); begin(); },
    }, stop.signal);
    return () => { stop.abort(); clearTimeout(timer); };
  }, [live]);

  const full = entries.length >= KEPT_MAX;
  return (
    <section aria-label="Timeline">
      <div class="filters bar">
        <label class="tick"><input type="checkbox" checked={live} onChange={(event) => setLive(event.currentTarget.checked)} /> Live</label>
        <span role="status" class={live && state.state === 'live' ? 'chip good' : 'chip'}>{live ? STATES[state.state] : 'paused'}</span>
        <button type="button" aria-pressed={verifying} disabled={!canVerify()} onClick={() => setVerifying(!verifying)}>Verify what is shown</button>
        <Exports filters={filters} />
        {!canVerify() && <span class="quiet">Verifying needs HTTPS: browsers compute hashes on secure pages only.</span>}
        {live && state.state !== 'live' && state.why && <span class="quiet">{state.why}</span>}
      </div>
      {verifying && <Summary entries={entries} verdicts={verdicts} filtered={filtered} />}
      <Problem error={action.error} />
      {entries.length === 0 && !action.busy && !action.error && <p class="quiet">{cursor ? 'Nothing in the newest part; look at older entries.' : 'No entry matches.'}</p>}
      <ol class="timeline">{entries.map((entry) => <Item key={entry.id} entry={entry} verdict={verdicts.get(entry.id)} />)}</ol>
      {cursor && (full
        ? <p class="notice">This page keeps {KEPT_MAX} entries. To see older ones, filter by time, or export.</p>
        : <p><button type="button" aria-disabled={action.busy} onClick={() => void page(cursor)}>Older entries</button></p>)}
    </section>
  );
}

function useVerdicts(entries: readonly Entry[], on: boolean): ReadonlyMap<string, Verdict> {
  const [verdicts, setVerdicts] = useState<ReadonlyMap<string, Verdict>>(new Map());
  useEffect(() => {
    let gone = false;
    if (!on) setVerdicts(new Map());
    else void verify(entries).then((found) => gone || setVerdicts(found));
    return () => { gone = true; };
  }, [entries, on]);
  return verdicts;
}

function Summary({ entries, verdicts, filtered }: { entries: readonly Entry[]; verdicts: ReadonlyMap<string, Verdict>; filtered: boolean }) {
  const checked = entries.map((entry) => verdicts.get(entry.id)).filter((verdict) => verdict !== undefined);
  const altered = checked.filter((verdict) => !verdict.whole).length;
  const broken = checked.filter((verdict) => verdict.link === 'broken').length;
  const open = checked.filter((verdict) => verdict.link === 'not shown').length;
  const good = altered === 0 && broken === 0;
  return (
    <div class={good ? 'verdict good' : 'verdict bad'} role="status">
      <p><strong>{good ? 'Nothing was altered' : 'NOT WHOLE'}</strong>{' '}
        {number(checked.length)} entries checked in this browser: {altered ? `${altered} altered` : 'each matches its hash'}, {broken ? `${broken} links broken` : `${number(checked.length - open)} links hold`}.
      </p>
      {open > 0 && (
        <p>Of {number(open)} {open === 1 ? 'entry' : 'entries'} the one before is not shown{filtered ? ', because the filters leave entries out' : ', because it is older than what is loaded or in a part out of view'}: that link is not judged.</p>
      )}
    </div>
  );
}

const LINKS: Record<Verdict['link'], string> = {
  linked: 'linked to the one before',
  first: 'first of its chain',
  broken: 'link broken',
  'not shown': 'the one before is not shown',
};

function Item({ entry, verdict }: { entry: Entry; verdict: Verdict | undefined }) {
  const [open, setOpen] = useState(false);
  const mark = verdict && (verdict.whole && verdict.link !== 'broken' ? 'good' : 'bad');
  return (
    <li class={mark ?? ''}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span class="line">
            <strong>{entry.action}</strong> <code>{entry.resource_id}</code>
            {verdict && <span class={`chip ${verdict.whole ? 'good' : 'bad'}`}>{verdict.whole ? '✓ hash' : '✗ altered'}</span>}
            {verdict && <span class={`chip ${verdict.link === 'broken' ? 'bad' : verdict.link === 'not shown' ? '' : 'good'}`}>{LINKS[verdict.link]}</span>}
          </span>
          <span class="line quiet">
            <time dateTime={entry.created_at}>{time(entry.created_at)}</time>{' · '}{entry.actor_name ?? entry.actor_id}{' · '}#{entry.seq}{' · '}{short(entry)}
          </span>
        </summary>
        {open && <Details entry={entry} />}
      </details>
    </li>
  );
}

const SHORT = 80;

/** The fields that changed, and what one alone became. */
function short(entry: Entry): string {
  const after = Object.entries(entry.changes?.after ?? {});
  const text = after.length === 1 ? `${after[0]![0]}: ${textOf(after[0]![1])}` : after.map(([name]) => name).join(', ');
  return text.length > SHORT ? `${text.slice(0, SHORT)}…` : text;
}

function Details({ entry }: { entry: Entry }) {
  const { changes, ...facts } = entry;
  return (
    <div class="details">
      <Changes before={changes.before} after={changes.after} />
      <dl class="facts">
        {Object.entries(facts).map(([name, value]) => <div><dt>{name}</dt><dd>{value === null ? 'none' : String(value).slice(0, 1_000)}</dd></div>)}
      </dl>
    </div>
  );
}
