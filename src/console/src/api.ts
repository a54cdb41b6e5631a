import { current, signOut } from './session';

const TIMEOUT_MS = 20_000;

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Fields = { [name: string]: Json };

export interface Detail {
  readonly field: string;
  readonly message: string;
}

/** A refusal as the API words it, or what kept the request from an answer. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId = '',
    readonly details: readonly Detail[] = [],
    readonly retryAfter = '',
  ) {
    super(message);
  }
}

export interface Reply<T = Fields> {
  readonly status: number;
  readonly data: T;
  readonly meta: Fields;
  readonly etag: string;
  readonly replayed: boolean;
}

export interface Ask {
  readonly query?: Record<string, string | number | boolean | undefined>;
  readonly body?: Fields;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  readonly fleet?: boolean;
  readonly token?: string;
}

/** One request to the API, within a time limit. A 401 ends the session. */
export async function call<T = Fields>(method: string, path: string, ask: Ask = {}): Promise<Reply<T>> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const signal = ask.signal ? AbortSignal.any([ask.signal, limit]) : limit;
  try {
    const response = await send(method, path, ask, signal);
    const body = (await response.json()) as { data: T; meta?: Fields };
    return {
      status: response.status,
      data: body.data,
      meta: body.meta ?? {},
      etag: response.headers.get('ETag') ?? '',
      replayed: response.headers.get('Idempotent-Replayed') === 'true',
    };
  } catch (error) {
    throw understood(error, limit);
  }
}

/** The response itself, refusals apart: for streams and downloads, whose length only the caller bounds. */
export async function send(method: string, path: string, ask: Ask, signal: AbortSignal): Promise<Response> {
  const { session, tenant } = current();
  const headers = new Headers(ask.headers);
  headers.set('Authorization', `Bearer ${ask.token ?? session?.token ?? ''}`);
  if (tenant && !ask.fleet && !ask.token) headers.set('X-Tenant-Id', tenant.id);
  if (ask.body) headers.set('Content-Type', 'application/json');
  if (!headers.has('Accept')) headers.set('Accept', 'application/json');
  const response = await fetch(`/v1/admin${path}${queryOf(ask.query)}`, {
    method,
    headers,
    signal,
    body: ask.body ? JSON.stringify(ask.body) : null,
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
  });
  if (response.ok) return response;
  const refused = await refusal(response);
  if (refused.status === 401 && !ask.token && session === current().session) {
    signOut(`You were signed out: ${refused.message} (${refused.code})`);
  }
  throw refused;
}

function queryOf(query: Ask['query']): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '');
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : '';
}

async function refusal(response: Response): Promise<Refused> {
  const retry = response.headers.get('Retry-After') ?? '';
  const id = response.headers.get('X-Request-Id') ?? '';
  try {
    const { error } = (await response.json()) as { error: Fields };
    const details = Array.isArray(error?.details) ? (error.details as unknown as Detail[]) : [];
    return new Refused(response.status, String(error.code), String(error.message), String(error.request_id ?? id), details, retry);
  } catch {
    return new Refused(response.status, `HTTP ${response.status}`, 'The reply is not in the form of this API.', id, [], retry);
  }
}

export function understood(error: unknown, limit?: AbortSignal): Error {
  if (error instanceof Refused) return error;
  if (limit?.aborted) return new Refused(0, 'TIMEOUT', `No answer within ${TIMEOUT_MS / 1000} seconds.`);
  if (error instanceof DOMException && error.name === 'AbortError') return error;
  return new Refused(0, 'NO_ANSWER', 'The server could not be reached, or its answer broke off.');
}

export const isAborted = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

/** A slug with its slashes as %2F, so that no segment of it is read as a path. */
export const segment = (text: string): string => encodeURIComponent(text);

/** Random where the page is not served over HTTPS, too. */
export function randomText(bytes = 16): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A key that stays the same while the same body is sent again, so that a creation whose reply was lost happens once. */
export class CreationKey {
  private key = '';
  private body = '';

  of(body: Fields): string {
    const text = JSON.stringify(body);
    if (text !== this.body || !this.key) {
      this.body = text;
      this.key = randomText();
    }
    return this.key;
  }

  used(): void {
    this.key = '';
  }
}
