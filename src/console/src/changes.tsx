import { useState } from 'preact/hooks';
import { type Ask, call, CreationKey, type Fields, Refused } from './api';
import { bodyOf, defaultsOf } from './contract';
import { Creating, SchemaFields } from './form';
import { Remaining } from './resource';
import { announce, Changes, Dialog, Loading, Problem, useAction, useLoad } from './ui';

export interface Intent {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly body?: Fields;
}

interface Preview {
  readonly action: string;
  readonly resource_id: string;
  readonly changes: { before: Fields | null; after: Fields | null };
}

/** Shows what a change would write into the audit log, and makes it when that is confirmed. */
export function Confirm({ intent, done, close }: { intent: Intent; done: () => void; close: () => void }) {
  const ask: Ask = intent.body ? { body: intent.body } : {};
  const preview = useLoad(async (signal) => {
    const reply = await call(intent.method, intent.path, { ...ask, signal, query: { dry_run: true } });
    return { entry: reply.meta.audit_entry as unknown as Preview | null };
  }, [intent]);
  const action = useAction();
  const confirm = () => action.run(async () => {
    await call(intent.method, intent.path, ask);
    announce(`${intent.title}: done.`);
    close();
    done();
  });
  const entry = preview.value?.entry;
  return (
    <Dialog title={intent.title} close={close}>
      <Loading of={preview} />
      {preview.value && !entry && <p>This would change nothing.</p>}
      {entry && (
        <>
          <p>This entry would be written to the audit log: <code>{entry.action}</code> of <code>{entry.resource_id}</code></p>
          <Changes before={entry.changes.before} after={entry.changes.after} />
        </>
      )}
      <Problem error={action.error} />
      <p class="actions">
        <button type="button" class="primary" disabled={!entry} aria-disabled={action.busy} onClick={() => void confirm()}>Confirm</button>
        <button type="button" onClick={close}>Cancel</button>
      </p>
    </Dialog>
  );
}

/** A form that creates. Sent again unchanged, it carries the same Idempotency-Key. */
export function Create({ title, operation, method = 'POST', path, fleet = false, initial = {}, close, done }: {
  title: string;
  operation: string;
  method?: string;
  path: string;
  fleet?: boolean;
  initial?: Fields;
  close: () => void;
  done: (created: Fields) => void;
}) {
  const schema = useLoad(async () => bodyOf(operation), [operation]);
  const [given, setGiven] = useState<Fields | null>(null);
  const [key] = useState(() => new CreationKey());
  const action = useAction();
  const details = action.error instanceof Refused ? action.error.details : [];
  const value = given ?? { ...(schema.value && method === 'POST' ? defaultsOf(schema.value) : {}), ...initial };
  const submit = () => action.run(async () => {
    const headers: Record<string, string> = method === 'POST' ? { 'Idempotency-Key': key.of(value) } : {};
    const reply = await call(method, path, { body: value, headers, fleet });
    key.used();
    announce(`${title}: ${reply.replayed ? 'it was created by the first try.' : 'done.'}`);
    close();
    done(reply.data);
  });
  return (
    <Dialog title={title} close={close}>
      <Loading of={schema} />
      {schema.value && (
        <form noValidate onSubmit={(event) => { event.preventDefault(); void submit(); }}>
          <Creating.Provider value={method === 'POST'}>
            <SchemaFields schema={schema.value} value={value} details={details} change={setGiven} />
          </Creating.Provider>
          <Remaining error={action.error} schema={schema.value} details={details} />
          <p class="actions">
            <button type="submit" class="primary" aria-disabled={action.busy}>{method === 'POST' ? 'Create' : 'Save'}</button>
            <button type="button" onClick={close}>Cancel</button>
          </p>
        </form>
      )}
    </Dialog>
  );
}
