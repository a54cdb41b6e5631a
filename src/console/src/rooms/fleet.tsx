import { useState } from 'preact/hooks';
import { call, type Fields, segment } from '../api';
import { Create } from '../changes';
import type { Entry } from '../chain';
import { Resource } from '../resource';
import { actOn } from '../session';
import { Loading, Pages, Problem, Search, Select, time, useAction, useLoad } from '../ui';

const LIMIT = 50;
const TYPES = ['', 'human', 'model', 'agent', 'helper', 'bridge', 'federated'].map((value) => ({ value, label: value || 'all' }));

export function Participants() {
  const [query, setQuery] = useState({ q: '', participant_type: '', offset: 0 });
  const [creating, setCreating] = useState(false);
  const list = useLoad((signal) => call<Fields[]>('GET', '/participants', { query: { ...query, limit: LIMIT }, signal }), [query]);
  const { value } = list;
  return (
    <>
      <div class="filters">
        <Search label="Search" value={query.q} change={(q) => setQuery({ ...query, q, offset: 0 })} />
        <Select label="Type" value={query.participant_type} choices={TYPES} change={(type) => setQuery({ ...query, participant_type: type, offset: 0 })} />
        <button type="button" class="primary" onClick={() => setCreating(true)}>Create an AI participant</button>
      </div>
      <Loading of={list} />
      {value && (
        <>
          {value.data.length === 0 && <p class="quiet">No participant matches.</p>}
          <ul class="list">
            {value.data.map((participant) => (
              <li key={String(participant.id)}>
                <div class="what">
                  <h2>{String(participant.display_name)}</h2>
                  <code>{String(participant.fqid)}</code>
                  <p class="chips">
                    <span class="chip">{String(participant.participant_type)}</span>
                    {participant.model && <span class="chip">{String(participant.model)}</span>}
                    {participant.enabled === false && <span class="chip warn">off</span>}
                  </p>
                </div>
              </li>
            ))}
          </ul>
          <Pages total={Number(value.meta.total)} limit={LIMIT} offset={query.offset} go={(offset) => setQuery({ ...query, offset })} />
        </>
      )}
      {creating && <Create title="Create an AI participant" operation="createModelParticipant" path="/participants/model" close={() => setCreating(false)} done={list.reload} />}
    </>
  );
}

export function Partners() {
  const [offset, setOffset] = useState(0);
  const [creating, setCreating] = useState(false);
  const [open, setOpen] = useState('');
  const list = useLoad((signal) => call<Fields[]>('GET', '/partners', { query: { limit: LIMIT, offset }, signal, fleet: true }), [offset]);
  const { value } = list;
  return (
    <>
      <div class="filters"><button type="button" class="primary" onClick={() => setCreating(true)}>Create a partner</button></div>
      <Loading of={list} />
      {value && (
        <>
          <ul class="list">
            {value.data.map((partner) => (
              <li key={String(partner.id)}>
                <div class="what">
                  <h2>{String(partner.name)}</h2>
                  <code>{String(partner.slug)}</code>
                  <p class="chips">
                    {partner.status !== 'active' && <span class="chip warn">{String(partner.status)}</span>}
                    <span class="chip">{partner.max_tenants === null ? 'no limit of tenants' : `at most ${String(partner.max_tenants)} tenants`}</span>
                    {partner.contact_email && <span class="chip">{String(partner.contact_email)}</span>}
                  </p>
                </div>
                <div class="act">
                  <button type="button" aria-expanded={open === partner.id} onClick={() => setOpen(open === partner.id ? '' : String(partner.id))}>
                    {open === partner.id ? 'Close' : 'Edit'}<span class="hidden"> {String(partner.name)}</span>
                  </button>
                </div>
                {open === partner.id && (
                  <div class="whole">
                    <Resource title={`Partner ${String(partner.slug)}`} path={`/partners/${segment(String(partner.id))}`} operation="updatePartner" fleet saved={list.reload} />
                  </div>
                )}
              </li>
            ))}
          </ul>
          <Pages total={Number(value.meta.total)} limit={LIMIT} offset={offset} go={setOffset} />
        </>
      )}
      {creating && <Create title="Create a partner" operation="createPartner" path="/partners" fleet close={() => setCreating(false)} done={list.reload} />}
    </>
  );
}

/** The contract lists no tenants; their creations are on record, and these are read. */
export function Tenants() {
  const [creating, setCreating] = useState(false);
  const list = useLoad((signal) => tenants('', signal), []);
  const [more, setMore] = useState<{ entries: readonly Entry[]; cursor: string } | null>(null);
  const action = useAction();
  const entries = [...(list.value?.entries ?? []), ...(more?.entries ?? [])];
  const cursor = more ? more.cursor : (list.value?.cursor ?? '');
  const older = () => action.run(async () => {
    const page = await tenants(cursor);
    setMore({ entries: [...(more?.entries ?? []), ...page.entries], cursor: page.cursor });
  });
  const reload = () => { setMore(null); list.reload(); };
  return (
    <>
      <div class="filters"><button type="button" class="primary" onClick={() => setCreating(true)}>Create a tenant</button></div>
      <p class="quiet">Tenants in your reach, by the record of their creation, newest first. One that was created a moment ago may be missing until you look again.</p>
      <Loading of={list} />
      <ul class="list">
        {entries.map(({ id, tenant_id, created_at, changes: { after } }) => (
          <li key={id}>
            <div class="what">
              <h2>{String(after?.name ?? tenant_id)}</h2>
              <code>{String(after?.slug ?? '')}</code>
              <p class="chips"><span class="chip">created {time(created_at)}</span><span class="chip">{tenant_id}</span></p>
            </div>
            <div class="act">
              <button type="button" onClick={() => { actOn({ id: String(tenant_id), name: String(after?.name ?? tenant_id) }); location.hash = '#/overview'; }}>
                Act on it<span class="hidden">: {String(after?.name ?? tenant_id)}</span>
              </button>
            </div>
          </li>
        ))}
      </ul>
      <Problem error={action.error} />
      <p class="actions">
        {cursor && <button type="button" aria-disabled={action.busy} onClick={() => void older()}>Older ones</button>}
        <button type="button" onClick={reload}>Look again</button>
      </p>
      {creating && (
        <Create
          title="Create a tenant"
          operation="createTenant"
          path="/tenants"
          fleet
          close={() => setCreating(false)}
          done={(tenant) => { actOn({ id: String(tenant.id), name: String(tenant.name) }); reload(); }}
        />
      )}
    </>
  );
}

const PAGES_MAX = 20;

/** Pages may be empty and not the last: so that one press of a button shows something, some are read at a time. */
async function tenants(cursor: string, signal?: AbortSignal): Promise<{ entries: Entry[]; cursor: string }> {
  const entries: Entry[] = [];
  for (let page = 0; page < PAGES_MAX; page++) {
    const reply = await call<Entry[]>('GET', '/audit', {
      query: { action: 'tenant.create', limit: LIMIT, cursor },
      fleet: true,
      ...(signal ? { signal } : {}),
    });
    entries.push(...reply.data);
    cursor = String(reply.meta.next_cursor ?? '');
    if (!cursor || entries.length >= LIMIT) break;
  }
  return { entries, cursor };
}
