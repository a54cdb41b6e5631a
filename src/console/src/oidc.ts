import { claimsOf } from './session';

/** Sign-in by authorization code with PKCE (RFC 7636), where the server's settings name an issuer. */
export interface Oidc {
  readonly issuer: string;
  readonly client_id: string;
}

interface Provider {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
}

interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

const TIMEOUT_MS = 15_000;
// Not the token: what the way to the issuer and back would lose, and what is of no use after it.
const PENDING = 'scaiwave-console-sign-in';

const redirectUri = (): string => `${location.origin}/console`;
const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

export async function settings(): Promise<Oidc | null> {
  const response = await fetch('/console/settings.json', { signal: AbortSignal.timeout(TIMEOUT_MS), credentials: 'omit' });
  return ((await response.json()) as { oidc: Oidc | null }).oidc;
}

async function provider(oidc: Oidc): Promise<Provider> {
  const response = await fetch(`${oidc.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    credentials: 'omit',
  });
  const found = (await response.json()) as Provider;
  if (found.issuer !== oidc.issuer) throw new Error('The issuer calls itself by another name than the settings do.');
  for (const endpoint of [found.authorization_endpoint, found.token_endpoint]) {
    if (!/^https?:$/.test(new URL(endpoint).protocol)) throw new Error('The issuer names an address that is not HTTP.');
  }
  return found;
}

/** Leaves the page for the issuer's. */
export async function begin(oidc: Oidc): Promise<void> {
  if (!crypto.subtle) throw new Error('Sign-in needs HTTPS.');
  const { authorization_endpoint } = await provider(oidc);
  const pending: Pending = { state: random(), nonce: random(), verifier: random() };
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier));
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const url = new URL(authorization_endpoint);
  for (const [name, value] of Object.entries({
    response_type: 'code',
    client_id: oidc.client_id,
    redirect_uri: redirectUri(),
    scope: 'openid profile email',
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  })) url.searchParams.set(name, value);
  location.assign(url);
}

/** The access token, when the page was reached by the issuer's redirect; null when it was not. The code leaves the address at once. */
export async function complete(oidc: Oidc): Promise<string | null> {
  const query = new URLSearchParams(location.search);
  if (!query.has('code') && !query.has('error')) return null;
  history.replaceState(null, '', '/console');
  const pending = taken();
  if (!pending || query.get('state') !== pending.state) throw new Error('The sign-in was not begun in this window. Begin again.');
  if (query.has('iss') && query.get('iss') !== oidc.issuer) throw new Error('The answer comes from another issuer.');
  if (query.has('error')) throw new Error(`The issuer refused: ${(query.get('error_description') ?? query.get('error') ?? '').slice(0, 300)}`);
  const { token_endpoint } = await provider(oidc);
  const response = await fetch(token_endpoint, {
    method: 'POST',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    credentials: 'omit',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: query.get('code') ?? '',
      redirect_uri: redirectUri(),
      client_id: oidc.client_id,
      code_verifier: pending.verifier,
    }),
  });
  const reply = (await response.json()) as { access_token?: string; id_token?: string };
  if (!response.ok || !reply.access_token) throw new Error('The issuer gave no token for the code.');
  checkIdToken(oidc, reply.id_token ?? '', pending.nonce);
  return reply.access_token;
}

function taken(): Pending | null {
  const text = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  return text ? (JSON.parse(text) as Pending) : null;
}

/** It came from the issuer itself, so that its signature need not be checked (OpenID Connect Core, 3.1.3.7). */
function checkIdToken(oidc: Oidc, token: string, nonce: string): void {
  const claims = claimsOf(token);
  const audience = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  if (claims.nonce !== nonce || claims.iss !== oidc.issuer || !audience.includes(oidc.client_id)) {
    throw new Error('The token is not the answer to this sign-in.');
  }
}
