/** Who is signed in, and the tenant they act on. In the page's memory only: closing or reloading it forgets both. */
export interface Session {
  readonly token: string;
  readonly name: string;
  readonly subject: string;
  readonly roles: readonly string[];
  readonly home: string;
  readonly hasTenant: boolean;
  readonly expires: number | null;
}

export interface Tenant {
  readonly id: string;
  readonly name: string;
}

interface State {
  readonly session: Session | null;
  readonly tenant: Tenant | null;
  readonly recent: readonly Tenant[];
  readonly ended: string;
}

const RECENT_MAX = 12;
const SHOWN_MAX = 200;
const NOBODY: State = { session: null, tenant: null, recent: [], ended: '' };
const listeners = new Set<() => void>();
let state = NOBODY;

export const current = (): State => state;

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: State): void {
  state = next;
  listeners.forEach((listener) => listener());
}

/** The claims are shown and choose what the menu has; what they allow is the server's to say. */
export function sessionOf(token: string): Session {
  const claims = claimsOf(token);
  const roles = [claims.role, ...list(claims.roles)].filter((role) => typeof role === 'string').slice(0, 20);
  return {
    token,
    subject: text(claims.sub),
    name: text(claims.name) || text(claims.email) || text(claims.sub) || 'unnamed',
    roles: [...new Set(roles.map(text))],
    home: text(claims.tenant_id) || text(claims.partner_id),
    hasTenant: text(claims.tenant_id) !== '',
    expires: Number.isFinite(claims.exp) ? (claims.exp as number) : null,
  };
}

export function claimsOf(token: string): Record<string, unknown> {
  try {
    const part = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(part), (char) => char.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, SHOWN_MAX) : '');

export const reachesMany = (session: Session): boolean =>
  session.roles.includes('super_admin') || session.roles.includes('partner_admin');

export const signIn = (session: Session): void => become({ ...NOBODY, session });

export function signOut(why = ''): void {
  if (state.session) become({ ...NOBODY, ended: why });
}

export function actOn(tenant: Tenant | null): void {
  const others = state.recent.filter((recent) => recent.id !== tenant?.id);
  become({ ...state, tenant, recent: tenant ? [tenant, ...others].slice(0, RECENT_MAX) : others });
}
