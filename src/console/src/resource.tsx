import { useEffect, useRef, useState } from 'preact/hooks';
import { call, type Detail, type Fields, type Json, Refused } from './api';
import { bodyOf, type Schema, writable } from './contract';
import { labelOf, SchemaFields, unplaced } from './form';
import { announce, Loading, Problem, same, useAction, useLoad, Value } from './ui';

interface Version {
  readonly data: Fields;
  readonly etag: string;
}

interface Conflict {
  readonly mine: Fields;
  readonly theirs: Version;
}

/** A resource as a form made from the contract, saved with If-Match. What another has changed meanwhile is laid side by side. */
export function Resource({ title, path, operation, fleet = false, saved }: {
  title: string;
  path: string;
  operation: string;
  fleet?: boolean;
  saved?: () => void;
}) {
  const loaded = useLoad(async (signal) => {
    const [schema, reply] = await Promise.all([bodyOf(operation), call('GET', path, { signal, fleet })]);
    return { schema, version: { data: reply.data, etag: reply.etag } };
  }, [path, operation]);
  return (
    <section class="card" aria-label={title}>
      <h2>{title}</h2>
      <Loading of={loaded} />
      {loaded.value && <Editor key={loaded.value.version.etag} title={title} path={path} fleet={fleet} schema={loaded.value.schema} first={loaded.value.version} saved={saved} />}
    </section>
  );
}

interface EditorProps {
  readonly title: string;
  readonly path: string;
  readonly fleet: boolean;
  readonly schema: Schema;
  readonly first: Version;
  readonly saved: (() => void) | undefined;
}

function Editor({ title, path, fleet, schema, first, saved }: EditorProps) {
  const [base, setBase] = useState(first);
  const [mine, setMine] = useState(first.data);
  const [turn, setTurn] = useState(0);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const action = useAction();
  const changed = changesOf(schema, base.data, mine);
  const details = action.error instanceof Refused ? action.error.details : [];

  const button = useRef<HTMLButtonElement>(null);
  const resolving = useRef(false);
  useEffect(() => {
    if (resolving.current && !conflict) button.current?.focus();
    resolving.current = conflict !== null;
  }, [conflict]);

  const become = (version: Version) => {
    setBase(version);
    setMine(version.data);
    setConflict(null);
    setTurn((before) => before + 1);
  };
  const read = async (): Promise<Version> => {
    const reply = await call('GET', path, { fleet });
    return { data: reply.data, etag: reply.etag };
  };
  const put = async (body: Fields, etag: string, wanted: Fields) => {
    try {
      const reply = await call('PUT', path, { body, headers: { 'If-Match': etag }, fleet });
      become({ data: reply.data, etag: reply.etag });
      announce(`${title}: saved.`);
      saved?.();
    } catch (error) {
      if (!(error instanceof Refused && error.status === 412)) throw error;
      const theirs = await read();
      setConflict({ mine: wanted, theirs });
      announce(`${title}: somebody else has changed this meanwhile.`);
    }
  };
  const save = () => action.run(async () => {
    if (Object.keys(changed).length === 0) return announce('Nothing has changed.');
    await put(changed, base.etag, mine);
  });

  if (conflict) {
    return (
      <>
        <Problem error={action.error} />
        <Resolve
          schema={schema}
          base={base.data}
          conflict={conflict}
          busy={action.busy}
          cancel={() => become(conflict.theirs)}
          save={(body, wanted) => action.run(async () => {
            if (Object.keys(body).length === 0) return become(conflict.theirs);
            setBase(conflict.theirs);
            await put(body, conflict.theirs.etag, wanted);
          })}
        />
      </>
    );
  }
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <SchemaFields key={turn} schema={schema} value={mine} details={details} change={setMine} />
      <Remaining error={action.error} schema={schema} details={details} />
      <p class="actions">
        <button ref={button} type="submit" class="primary" aria-disabled={action.busy}>Save {title}</button>
        <button type="button" disabled={action.busy || Object.keys(changed).length === 0} onClick={() => { action.clear(); become(base); }}>Undo</button>
        <span class="quiet">{Object.keys(changed).length ? `Changed: ${Object.keys(changed).map(labelOf).join(', ')}` : 'Nothing changed'}</span>
      </p>
    </form>
  );
}

/** The refusal, with those of its details that stand at no field. */
export function Remaining({ error, schema, details }: { error: Error | null; schema: Schema; details: readonly Detail[] }) {
  if (!(error instanceof Refused)) return <Problem error={error} />;
  return <Problem error={new Refused(error.status, error.code, error.message, error.requestId, unplaced(schema, details), error.retryAfter)} />;
}

function changesOf(schema: Schema, base: Fields, mine: Fields): Fields {
  const names = writable(schema).map(([name]) => name).filter((name) => mine[name] !== undefined && !same(base[name], mine[name]));
  return Object.fromEntries(names.map((name) => [name, mine[name] as Json]));
}

function Resolve({ schema, base, conflict, busy, cancel, save }: {
  schema: Schema;
  base: Fields;
  conflict: Conflict;
  busy: boolean;
  cancel: () => void;
  save: (body: Fields, wanted: Fields) => void;
}) {
  const { mine, theirs } = conflict;
  const words = useRef<HTMLDivElement>(null);
  useEffect(() => words.current?.focus(), []);
  const names = writable(schema).map(([name]) => name)
    .filter((name) => !same(base[name], mine[name]) || !same(base[name], theirs.data[name]));
  const [choices, setChoices] = useState<Record<string, 'mine' | 'theirs'>>(() => Object.fromEntries(
    names.filter((name) => same(base[name], mine[name]) || same(base[name], theirs.data[name]))
      .map((name) => [name, same(base[name], mine[name]) ? 'theirs' : 'mine']),
  ));
  const open = names.filter((name) => !choices[name]);
  const wanted: Fields = { ...theirs.data };
  names.filter((name) => choices[name] === 'mine').forEach((name) => { wanted[name] = mine[name] as Json; });
  const choose = (name: string, whose: 'mine' | 'theirs') => setChoices({ ...choices, [name]: whose });
  return (
    <form class="conflict" onSubmit={(event) => { event.preventDefault(); save(changesOf(schema, theirs.data, wanted), wanted); }}>
      <div ref={words} class="problem" role="alert" tabIndex={-1}>
        <p><strong>SW_PRECONDITION_FAILED</strong> Somebody else has changed this since you loaded it. Nothing was saved. Choose for each field what to keep.</p>
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label="The conflict">
        <table class="changes">
          <thead><tr><th scope="col">Field</th><th scope="col">As you loaded it</th><th scope="col">Yours</th><th scope="col">Theirs, saved now</th></tr></thead>
          <tbody>
            {names.map((name) => (
              <tr>
                <th scope="row">{labelOf(name)}</th>
                <td><Value of={base[name]} /></td>
                {(['mine', 'theirs'] as const).map((whose) => (
                  <td>
                    <label class="choice">
                      <input type="radio" name={`keep-${name}`} checked={choices[name] === whose} onChange={() => choose(name, whose)} />
                      <span>{whose === 'mine' ? 'Keep yours' : 'Keep theirs'}</span>
                    </label>
                    <Value of={whose === 'mine' ? mine[name] : theirs.data[name]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="actions">
        <button type="submit" class="primary" disabled={busy || open.length > 0}>Save the choice</button>
        <button type="button" disabled={busy} onClick={cancel}>Drop mine, show theirs</button>
        {open.length > 0 && <span class="quiet">To choose: {open.map(labelOf).join(', ')}</span>}
      </p>
    </form>
  );
}
