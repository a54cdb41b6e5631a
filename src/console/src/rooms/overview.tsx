import { call } from '../api';
import { compact, Loading, number, time, useLoad } from '../ui';

interface Usage {
  readonly requests: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
}

interface Stats {
  readonly rooms: { total: number; by_type: Record<string, number> };
  readonly participants: { total: number; by_type: Record<string, number>; limit: number | null };
  readonly ai_usage: Usage & { period: string; limit: number | null; by_model: Record<string, Usage> };
  readonly storage: { used_bytes: number; file_count: number; limit: number | null };
  readonly as_of: string;
}

interface Check {
  readonly id: string;
  readonly status: string;
  readonly data?: Record<string, unknown>;
}

const TIMEOUT_MS = 10_000;
const BARS_MAX = 12;

export function Overview({ withStats }: { withStats: boolean }) {
  return <>{withStats && <Statistics />}<Health /></>;
}

function Statistics() {
  const stats = useLoad(async (signal) => (await call<Stats>('GET', '/stats', { signal })).data, []);
  const { value } = stats;
  if (!value) return <Loading of={stats} />;
  return (
    <>
      <div class="figures">
        <Figure title="Rooms" value={number(value.rooms.total)} parts={value.rooms.by_type} />
        <Figure title="Participants" value={number(value.participants.total)} limit={share(value.participants.total, value.participants.limit, number)} parts={value.participants.by_type} />
        <Figure title="AI tokens this month" value={compact(value.ai_usage.total_tokens)} limit={share(value.ai_usage.total_tokens, value.ai_usage.limit, compact)} parts={{ requests: value.ai_usage.requests, input: value.ai_usage.input_tokens, output: value.ai_usage.output_tokens }} />
        <Figure title="Storage" value={bytes(value.storage.used_bytes)} limit={share(value.storage.used_bytes, value.storage.limit, bytes)} parts={{ files: value.storage.file_count }} />
      </div>
      <section class="card" aria-label="AI use by model">
        <h2>AI use by model <span class="quiet">{value.ai_usage.period}</span></h2>
        <Bars usage={value.ai_usage} />
        <p class="quiet">As of {time(value.as_of)}</p>
      </section>
    </>
  );
}

const share = (used: number, limit: number | null, format: (value: number) => string): string =>
  limit === null ? 'no limit' : `${limit === 0 ? 100 : Math.round((used / limit) * 100)} % of ${format(limit)}`;

function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(units.length - 1, value > 0 ? Math.floor(Math.log10(value) / 3) : 0);
  return `${number(Math.round((value / 1000 ** power) * 10) / 10)} ${units[power]}`;
}

function Figure({ title, value, limit = '', parts }: { title: string; value: string; limit?: string; parts: Record<string, number> }) {
  return (
    <section class="card figure" aria-label={title}>
      <h2>{title}</h2>
      <p class="big">{value}</p>
      <p class="quiet">{limit}</p>
      <dl>{Object.entries(parts).filter(([, count]) => count > 0).map(([name, count]) => <div><dt>{name}</dt><dd>{compact(count)}</dd></div>)}</dl>
    </section>
  );
}

/** A bar for each model, the longest the whole width, and one for all of them against the limit. */
function Bars({ usage }: { usage: Stats['ai_usage'] }) {
  const models = Object.entries(usage.by_model).sort(([, one], [, other]) => other.total_tokens - one.total_tokens);
  if (models.length === 0) return <p class="quiet">No model was used in this month.</p>;
  const longest = Math.max(1, ...models.map(([, model]) => model.total_tokens));
  const shown = models.slice(0, BARS_MAX);
  return (
    <ul class="bars">
      {shown.map(([slug, model]) => (
        <Bar name={slug} value={`${compact(model.total_tokens)} tokens, ${number(model.requests)} requests`} part={model.total_tokens / longest} />
      ))}
      {models.length > BARS_MAX && <li class="quiet">{models.length - BARS_MAX} more with less use</li>}
      {usage.limit !== null && (
        <Bar name="All, against the limit" value={share(usage.total_tokens, usage.limit, compact)} part={usage.limit === 0 ? 1 : usage.total_tokens / usage.limit} whole />
      )}
    </ul>
  );
}

function Bar({ name, value, part, whole = false }: { name: string; value: string; part: number; whole?: boolean }) {
  const width = Math.max(0.4, Math.min(100, part * 100));
  return (
    <li class={whole ? 'whole' : ''}>
      <span class="name">{name}</span><span class="quiet">{value}</span>
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="4" />
        <rect class={part > 0.9 && whole ? 'bar full' : 'bar'} width={width} height="4" />
      </svg>
    </li>
  );
}

async function health(signal: AbortSignal): Promise<{ status: string; checks: Check[] }> {
  const response = await fetch('/health/ready', { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]), credentials: 'omit' });
  const body = (await response.json()) as { status?: string; checks?: Check[] };
  return { status: String(body.status ?? response.status), checks: Array.isArray(body.checks) ? body.checks : [] };
}

function Health() {
  const loaded = useLoad(health, []);
  const { value } = loaded;
  const trail = value?.checks.find((check) => check.id === 'audit')?.data ?? {};
  return (
    <section class="card" aria-label="Health">
      <h2>Health of this node</h2>
      <Loading of={loaded} />
      {value && (
        <>
          <ul class="checks">
            {value.checks.map((check) => (
              <li><span class={check.status === 'UP' ? 'chip good' : 'chip bad'}>{check.status}</span> {check.id}</li>
            ))}
          </ul>
          <h3>Audit trail</h3>
          <dl class="facts">
            <div><dt>State</dt><dd><span class={trail.state === 'ok' ? 'chip good' : 'chip warn'}>{String(trail.state ?? 'unknown')}</span></dd></div>
            <div><dt>Streaming to Kafka</dt><dd>{String(trail.streaming ?? 'unknown')}</dd></div>
            <div><dt>Backlog</dt><dd>{String(trail.pending ?? '—')}</dd></div>
            <div><dt>Oldest waits</dt><dd>{Number.isFinite(trail.oldest_age_seconds) ? `${Math.round(trail.oldest_age_seconds as number)} s` : '—'}</dd></div>
            <div><dt>Parked</dt><dd>{String(trail.parked ?? '—')}</dd></div>
          </dl>
          {Array.isArray(trail.problems) && trail.problems.length > 0 && <ul>{trail.problems.map((problem) => <li>{String(problem)}</li>)}</ul>}
          <p><button type="button" onClick={loaded.reload}>Look again</button></p>
        </>
      )}
    </section>
  );
}
