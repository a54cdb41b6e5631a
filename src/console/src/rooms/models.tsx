import { useState } from 'preact/hooks';
import { call, type Fields, segment } from '../api';
import { Confirm, Create, type Intent } from '../changes';
import { Loading, number, Pages, Search, Select, Switch, time, useLoad } from '../ui';

interface Model {
  readonly slug: string;
  readonly display_name: string;
  readonly modality: string;
  readonly context_window: number | null;
  readonly status: string;
  readonly health_status: string | null;
  readonly enabled: boolean;
  readonly is_default: boolean;
  readonly participant_id: string | null;
}

const LIMIT = 50;
const PARTICIPANTS_MAX = 200;
const STATES = [{ value: '', label: 'all' }, { value: 'true', label: 'on' }, { value: 'false', label: 'off' }];
const MODALITIES = ['', 'chat', 'embedding', 'image', 'audio'].map((value) => ({ value, label: value || 'all' }));

export function Models() {
  const [query, setQuery] = useState({ q: '', modality: '', enabled: '', offset: 0 });
  const [intent, setIntent] = useState<Intent | null>(null);
  const [taking, setTaking] = useState<Model | null>(null);
  const list = useLoad((signal) => call<Model[]>('GET', '/models/catalog', { query: { ...query, limit: LIMIT }, signal }), [query]);
  const { value } = list;
  const flip = (model: Model) => setIntent({
    title: `Switch ${model.display_name} ${model.enabled ? 'off' : 'on'}`,
    method: 'POST',
    path: `/models/${segment(model.slug)}/${model.enabled ? 'disable' : 'enable'}`,
  });
  const prefer = (model: Model) => setIntent({
    title: model.is_default ? 'Have no default model' : `Make ${model.display_name} the default`,
    method: 'PUT',
    path: '/ai-config',
    body: { default_model: model.is_default ? null : model.slug },
  });
  return (
    <>
      <div class="filters">
        <Search label="Search" value={query.q} change={(q) => setQuery({ ...query, q, offset: 0 })} />
        <Select label="Modality" value={query.modality} choices={MODALITIES} change={(modality) => setQuery({ ...query, modality, offset: 0 })} />
        <Select label="State" value={query.enabled} choices={STATES} change={(enabled) => setQuery({ ...query, enabled, offset: 0 })} />
      </div>
      <Loading of={list} />
      {value && (
        <>
          {value.meta.stale === true && <p class="notice">ScaiGrid does not answer: this is the catalog as of {time(String(value.meta.as_of))}.</p>}
          {Number(value.meta.left_out) > 0 && <p class="notice">{number(Number(value.meta.left_out))} models of ScaiGrid are left out, because they are not well-formed.</p>}
          {value.data.length === 0 && <p class="quiet">No model matches.</p>}
          <ul class="list">
            {value.data.map((model) => (
              <li key={model.slug}>
                <div class="what">
                  <h2>{model.display_name}</h2>
                  <code>{model.slug}</code>
                  <p class="chips">
                    {model.is_default && <span class="chip good">default</span>}
                    <span class="chip">{model.modality}</span>
                    {model.context_window !== null && <span class="chip">{number(model.context_window)} tokens</span>}
                    {model.status !== 'active' && <span class="chip warn">{model.status}</span>}
                    {model.health_status && model.health_status !== 'healthy' && <span class="chip warn">{model.health_status}</span>}
                    {model.participant_id && <span class="chip">has a participant</span>}
                  </p>
                </div>
                <div class="act">
                  {model.enabled && model.modality === 'chat' && (
                    <button type="button" onClick={() => prefer(model)}>{model.is_default ? 'Clear default' : 'Make default'}<span class="hidden"> {model.display_name}</span></button>
                  )}
                  <button type="button" onClick={() => setTaking(model)}>Participant<span class="hidden"> of {model.display_name}</span></button>
                  <Switch label={model.display_name} on={model.enabled} flip={() => flip(model)} />
                </div>
              </li>
            ))}
          </ul>
          <Pages total={Number(value.meta.total)} limit={LIMIT} offset={query.offset} go={(offset) => setQuery({ ...query, offset })} />
        </>
      )}
      {intent && <Confirm intent={intent} done={list.reload} close={() => setIntent(null)} />}
      {taking && <Taking model={taking} done={list.reload} close={() => setTaking(null)} />}
    </>
  );
}

/** The participant as which a model takes part: its form begins with what there is. */
function Taking({ model, done, close }: { model: Model; done: () => void; close: () => void }) {
  const found = useLoad(async (signal) => {
    if (!model.participant_id) return {};
    for (let offset = 0, total = 1; offset < total; offset += PARTICIPANTS_MAX) {
      const reply = await call<Fields[]>('GET', '/participants', { query: { participant_type: 'model', limit: PARTICIPANTS_MAX, offset }, signal });
      const one = reply.data.find((each) => each.id === model.participant_id);
      if (one) {
        const { id, server_name, fqid, avatar_url, participant_type, model: of, ...own } = one;
        return own;
      }
      total = Number(reply.meta.total);
    }
    throw new Error('The participant of this model was not found among those of the tenant.');
  }, [model]);
  if (!found.value) return <Loading of={found} />;
  return (
    <Create
      title={`Participant of ${model.display_name}`}
      operation="configureModelParticipant"
      method="PUT"
      path={`/models/${segment(model.slug)}/participant`}
      initial={found.value}
      done={done}
      close={close}
    />
  );
}

interface Plugin {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly scope: string;
  readonly tools: readonly { name: string; description: string; side_effects: boolean }[];
  readonly permissions: readonly string[];
  readonly injects_context: boolean;
  readonly enabled: boolean;
  readonly disabled_by_partner: boolean;
}

export function Plugins() {
  const [query, setQuery] = useState({ q: '', enabled: '', offset: 0 });
  const [intent, setIntent] = useState<Intent | null>(null);
  const list = useLoad((signal) => call<Plugin[]>('GET', '/plugins', { query: { ...query, limit: LIMIT }, signal }), [query]);
  const { value } = list;
  const flip = (plugin: Plugin) => setIntent({
    title: `Switch ${plugin.name} ${plugin.enabled ? 'off' : 'on'}`,
    method: 'POST',
    path: `/plugins/${segment(plugin.id)}/${plugin.enabled ? 'disable' : 'enable'}`,
  });
  return (
    <>
      <div class="filters">
        <Search label="Search" value={query.q} change={(q) => setQuery({ ...query, q, offset: 0 })} />
        <Select label="State" value={query.enabled} choices={STATES} change={(enabled) => setQuery({ ...query, enabled, offset: 0 })} />
      </div>
      <Loading of={list} />
      {value && (
        <>
          {value.data.length === 0 && <p class="quiet">No plugin matches.</p>}
          <ul class="list">
            {value.data.map((plugin) => (
              <li key={plugin.id}>
                <div class="what">
                  <h2>{plugin.name} <span class="quiet">{plugin.version}</span></h2>
                  <code>{plugin.id}</code>
                  <p>{plugin.description}</p>
                  <p class="chips">
                    {plugin.disabled_by_partner && <span class="chip warn">off by the partner</span>}
                    <span class="chip">for a {plugin.scope}</span>
                    {plugin.injects_context && <span class="chip">adds context</span>}
                    {plugin.permissions.map((permission) => <span class="chip">{permission}</span>)}
                  </p>
                  {plugin.tools.length > 0 && (
                    <details>
                      <summary>{plugin.tools.length} {plugin.tools.length === 1 ? 'tool' : 'tools'}<span class="hidden"> of {plugin.name}</span></summary>
                      <ul>{plugin.tools.map((tool) => <li><code>{tool.name}</code>{tool.side_effects && ' (has side effects)'} {tool.description}</li>)}</ul>
                    </details>
                  )}
                </div>
                <div class="act">
                  <Switch label={plugin.name} on={plugin.enabled} disabled={plugin.disabled_by_partner && !plugin.enabled} flip={() => flip(plugin)} />
                </div>
              </li>
            ))}
          </ul>
          <Pages total={Number(value.meta.total)} limit={LIMIT} offset={query.offset} go={(offset) => setQuery({ ...query, offset })} />
        </>
      )}
      {intent && <Confirm intent={intent} done={list.reload} close={() => setIntent(null)} />}
    </>
  );
}
