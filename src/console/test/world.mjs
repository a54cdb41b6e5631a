// What the tests stand on: the local platform's tokens, a browser, and a page that is watched.
import assert from 'node:assert/strict';
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const API = process.env.API;
export const ORIGIN = new URL(API).origin;
const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const BROWSER = PLACES.find((place) => place && existsSync(place));
const WAIT_MS = 20_000;

const key = JSON.parse(readFileSync(process.env.SCAIKEY_FILE, 'utf8')).keys.find((one) => one.kty === 'RSA');
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of the platform's stand-in for ScaiKey, with any claims. */
export function token(claims) {
  const now = Math.floor(Date.now() / 1000);
  const head = part({ alg: 'RS256', typ: 'JWT', kid: key.kid });
  const body = part({ iss: 'https://scaikey.local', aud: 'scaiwave', iat: now, exp: now + 3600, ...claims });
  const signature = sign('RSA-SHA256', Buffer.from(`${head}.${body}`), createPrivateKey({ key, format: 'jwk' }));
  return `${head}.${body}.${signature.toString('base64url')}`;
}

export const root = token({ sub: 'console-root', name: 'Sam Super', role: 'super_admin' });

export async function api(method, path, body, bearer, headers = {}) {
  const response = await fetch(`${API}/v1/admin${path}`, {
    method,
    headers: { Authorization: `Bearer ${bearer}`, ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
    body: body ? JSON.stringify(body) : undefined,
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
  return (await response.json()).data;
}

/** A tenant of a test's own, and its administrator's token. */
export async function newTenant() {
  const slug = `console-${randomUUID().slice(0, 8)}`;
  const partner = await api('POST', '/partners', { slug, name: `Partner of ${slug}`, scaikey_partner_id: slug }, root);
  const tenant = await api('POST', '/tenants', { slug, name: `Tenant ${slug}`, scaikey_tenant_id: slug, partner_id: partner.id }, root);
  return {
    ...tenant,
    partner: slug,
    admin: token({ sub: 'tina', name: 'Tina Tenant', roles: ['tenant_admin'], tenant_id: slug }),
    member: token({ sub: 'mo', name: 'Mo Member', roles: ['member'], tenant_id: slug }),
  };
}

let browser;
export const close = async () => browser?.close();

/** A page that notes what it must not do: break its policy, throw, or ask another origin than the one that is allowed. */
export async function newPage(options = {}, allowed = []) {
  browser ??= await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  page.faults = [];
  page.asked = [];
  page.on('pageerror', (error) => page.faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content.Security.Policy|TrustedHTML|Trusted Type/i.test(message.text())) page.faults.push(message.text());
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    page.asked.push(request.url());
    if (!['blob:', 'data:'].includes(url.protocol) && url.origin !== ORIGIN && !allowed.includes(url.origin)) page.faults.push(`request to ${url.origin}`);
  });
  page.done = async () => {
    assert.deepEqual(page.faults, []);
    await context.close();
  };
  return page;
}

export async function signIn(page, bearer, room = '') {
  await page.goto(`${API}/console${room && `#/${room}`}`);
  await page.getByLabel('Access token of ScaiKey').fill(bearer);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

export const go = async (page, room) => {
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: room, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: room, exact: true }).waitFor();
};

export const settled = (page) => page.waitForFunction(() => !document.body.innerText.includes('Loading…'));

export const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
