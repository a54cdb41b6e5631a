// The console in a real browser, on a real server.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { startIssuer } from './issuer.mjs';
import { startProxy } from './proxy.mjs';
import { API, api, close, fits, go, newPage, newTenant, ORIGIN, root, settled, signIn, token } from './world.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ROOMS = ['Overview', 'Models', 'Plugins', 'Settings', 'Participants', 'Tenants', 'Partners', 'Audit'];
const ISSUER = process.env.SCAIWAVE_CONSOLE_OIDC_ISSUER;
const CLIENT = process.env.SCAIWAVE_CONSOLE_OIDC_CLIENT_ID;

after(close);

const barriers = (page) => page.evaluate(`${AXE}; axe.run({ resultTypes: ['violations'] }).then((all) => all.violations
  .filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html).join(' ')))`);
const inDialog = (page) => page.getByRole('dialog');
const actOn = async (page, id) => {
  await page.getByRole('button', { name: 'no tenant' }).click();
  await page.getByLabel('Id of the tenant').fill(id);
  await page.getByRole('button', { name: 'Act on it' }).click();
};

test('a bad token is refused, a good one is kept in memory only', async () => {
  const tenant = await newTenant();
  const page = await newPage();
  await page.goto(`${API}/console`);
  await page.getByLabel('Access token of ScaiKey').fill(`${tenant.admin.slice(0, -6)}AAAAAA`);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').getByText('SW_AUTH_INVALID_TOKEN').waitFor();
  await page.getByRole('alert').getByText('Request').waitFor();
  await signIn(page, tenant.admin);
  await page.getByText('Tina Tenant').click();
  await page.getByText('tenant_admin').waitFor();
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]));
  assert.equal(kept, JSON.stringify([{}, {}, '', `${API}/console`]));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Access token of ScaiKey').waitFor();
  assert.equal(await page.getByLabel('Access token of ScaiKey').inputValue(), '');
  await page.done();
});

test('a token that is refused later ends the session, and says why', async () => {
  const tenant = await newTenant();
  const page = await newPage();
  await signIn(page, tenant.admin);
  await page.route('**/v1/admin/models/**', (route) => route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer spoilt' } }));
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('alert').getByText('You were signed out').waitFor();
  await page.done();
});

test('a model is switched after its entry was shown, and becomes the default', async () => {
  const tenant = await newTenant();
  const page = await newPage();
  await signIn(page, tenant.admin, 'models');
  await page.getByLabel('Search').fill('voxtral');
  const model = page.getByRole('listitem').filter({ hasText: 'mistralai/voxtral-small-latest' });
  await model.getByRole('switch').click();
  await inDialog(page).getByText('model.enable').waitFor();
  await inDialog(page).getByRole('row', { name: 'enabled no yes' }).waitFor();
  const before = await api('GET', '/ai-config', null, tenant.admin);
  assert.deepEqual(before.enabled_models, []);
  await inDialog(page).getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('switch', { checked: true }).waitFor();
  const after = await api('GET', '/ai-config', null, tenant.admin);
  assert.deepEqual(after.enabled_models, ['mistralai/voxtral-small-latest']);
  await model.getByRole('button', { name: 'Participant' }).click();
  await inDialog(page).getByLabel('Local ID').fill('voice');
  await inDialog(page).getByLabel('Display name').fill('Voice');
  await inDialog(page).getByRole('button', { name: 'Save' }).click();
  await model.getByText('has a participant').waitFor();
  await api('POST', '/models/claude-sonnet-4-6/enable', null, tenant.admin);
  await page.getByLabel('Search').fill('claude-sonnet');
  await page.getByRole('button', { name: 'Make default Claude Sonnet 4.6' }).click();
  await inDialog(page).getByRole('row', { name: 'default_model none claude-sonnet-4-6' }).waitFor();
  await inDialog(page).getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('button', { name: 'Clear default Claude Sonnet 4.6' }).waitFor();
  await page.done();
});

test('a plugin that the partner has switched off says so', async () => {
  const tenant = await newTenant();
  await api('PUT', `/partners/${tenant.partner_id}`, { disabled_plugins: ['scaiwave.notes'] }, root);
  const page = await newPage();
  await signIn(page, tenant.admin, 'plugins');
  const plugin = page.getByRole('listitem').filter({ hasText: 'scaiwave.notes' });
  await plugin.getByText('off by the partner').waitFor();
  assert.ok(await plugin.getByRole('switch').isDisabled());
  await page.done();
});

test('a change is seen live in the audit room, and verified there', async () => {
  const tenant = await newTenant();
  const audit = await newPage();
  await signIn(audit, tenant.admin, 'audit');
  await audit.getByText('following').waitFor();
  const settings = await newPage();
  await signIn(settings, tenant.admin, 'settings');
  const studio = settings.getByRole('region', { name: 'Prompt studio' });
  await studio.getByLabel('Enabled').waitFor();
  const wanted = !(await studio.getByLabel('Enabled').isChecked());
  await studio.getByLabel('Enabled').setChecked(wanted);
  await studio.getByLabel('Roles').fill('writers\neditors');
  await studio.getByRole('button', { name: 'Save Prompt studio' }).click();
  await settings.getByText('Prompt studio: saved.').waitFor();
  const item = audit.getByRole('listitem').filter({ hasText: 'prompt_studio.update' });
  await item.waitFor();
  await item.locator('summary').click();
  await item.getByRole('row', { name: /enabled/ }).waitFor();
  await item.getByRole('row', { name: /^allowlist\.roles empty writers editors$/ }).waitFor();
  assert.equal(await item.getByRole('row', { name: /groups/ }).count(), 0);
  await audit.getByRole('button', { name: 'Verify what is shown' }).click();
  await audit.getByText('Nothing was altered').waitFor();
  await item.getByText('✓ hash').waitFor();
  await settings.done();
  await audit.done();
});

test('an altered entry, a broken link and a gap are told apart', async () => {
  const tenant = await newTenant();
  for (const on of [true, false, true, false]) await api('PUT', '/note-processing', { auto_tags: on, enabled: on }, tenant.admin);
  const page = await newPage();
  const spoil = { change: () => undefined };
  await page.route('**/v1/admin/audit?*', async (route) => {
    if (route.request().headers().accept !== 'application/json') return route.abort();
    const response = await route.fetch();
    const body = await response.json();
    spoil.change(body.data);
    return route.fulfill({ response, json: body });
  });
  const verdict = async (change, text) => {
    spoil.change = change;
    await page.reload();
    await signIn(page, tenant.admin, 'audit');
    await page.getByText('note_processing.update').first().waitFor();
    await page.getByRole('button', { name: 'Verify what is shown' }).click();
    await page.getByText(text).waitFor();
  };
  const notes = (data) => data.filter((entry) => entry.action === 'note_processing.update');
  await page.goto(`${API}/console`);
  await verdict(() => undefined, 'Nothing was altered');
  await verdict((data) => { if (data.length > 1) notes(data)[1].actor_id = 'somebody else'; }, '1 altered');
  await verdict((data) => { if (data.length > 1) notes(data)[1].hash = 'f'.repeat(64); }, '1 links broken');
  await verdict((data) => { if (data.length > 1) data.splice(data.indexOf(notes(data)[1]), 1); }, 'Nothing was altered');
  await page.getByText('that link is not judged').waitFor();
  await page.done();
});

test('a stream that ends is taken up again after the last entry', async () => {
  const tenant = await newTenant();
  const page = await newPage();
  const asked = [];
  await page.route('**/v1/admin/audit*', async (route) => {
    const headers = route.request().headers();
    if (headers.accept !== 'text/event-stream') return route.continue();
    asked.push(headers['last-event-id']);
    if (asked.length > 1) return route.continue();
    return route.fulfill({ status: 200, contentType: 'text/event-stream', body: 'retry: 2000\nid: 01a207ae-ffd1-7c2b-9d10-5b1f7f6a2c3e\n\n' });
  });
  await signIn(page, tenant.admin, 'audit');
  await page.getByText('connecting').waitFor();
  await page.getByText('following').waitFor();
  await page.waitForTimeout(1500);
  await page.getByText('following').waitFor();
  assert.equal(asked[1], '01a207ae-ffd1-7c2b-9d10-5b1f7f6a2c3e');
  await page.done();
});

test('a conflict is laid side by side, and resolved', async () => {
  const tenant = await newTenant();
  const page = await newPage();
  await signIn(page, tenant.admin, 'settings');
  const notes = page.getByRole('region', { name: 'Note processing' });
  await notes.getByLabel('Prompt').fill('Mine: be brief.');
  await api('PUT', '/note-processing', { prompt: 'Theirs: be kind.', extract_todos: true }, tenant.admin);
  await notes.getByRole('button', { name: 'Save Note processing' }).click();
  await notes.getByText('SW_PRECONDITION_FAILED').waitFor();
  assert.match(await page.evaluate(() => document.activeElement.innerText), /Choose for each field/);
  const row = notes.getByRole('row', { name: /^Prompt/ });
  await row.getByText('Mine: be brief.').waitFor();
  await row.getByText('Theirs: be kind.').waitFor();
  assert.ok(await notes.getByRole('button', { name: 'Save the choice' }).isDisabled());
  await row.getByLabel('Keep yours').check();
  await notes.getByRole('button', { name: 'Save the choice' }).click();
  await page.getByText('Note processing: saved.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.innerText), 'Save Note processing');
  const now = await api('GET', '/note-processing', null, tenant.admin);
  assert.equal(now.prompt, 'Mine: be brief.');
  assert.equal(now.extract_todos, true);
  await page.done();
});

test('what the server refuses stands at its field', async () => {
  const tenant = await newTenant();
  const page = await newPage();
  await signIn(page, tenant.admin, 'settings');
  const defaults = page.getByRole('region', { name: 'AI defaults' });
  await defaults.getByLabel('Default model').fill('no-such-model');
  await defaults.getByRole('button', { name: 'Save AI defaults' }).click();
  await defaults.getByText('SW_VALIDATION_FAILED').waitFor();
  const field = defaults.getByLabel('Default model');
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  const fault = await page.locator(`[id="${(await field.getAttribute('aria-describedby')).split(' ')[1]}"]`).innerText();
  assert.match(fault, /enabled_models/);
  await page.done();
});

test('who has no right sees the refusal, with its code and request', async () => {
  const tenant = await newTenant();
  const page = await newPage();
  await signIn(page, tenant.member, 'models');
  await page.getByRole('alert').getByText('SW_AUTH_INSUFFICIENT_PERMISSION').waitFor();
  await page.done();
});

test('a participant whose reply was lost is created once', async () => {
  const tenant = await newTenant();
  await api('POST', '/models/claude-sonnet-4-6/enable', null, tenant.admin);
  const page = await newPage();
  const keys = [];
  await page.route('**/v1/admin/participants/model', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    if (keys.length > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await signIn(page, tenant.admin, 'participants');
  await page.getByRole('button', { name: 'Create an AI participant' }).click();
  await inDialog(page).getByLabel('Model').fill('claude-sonnet-4-6');
  await inDialog(page).getByLabel('Local ID').fill('minutes');
  await inDialog(page).getByLabel('Display name').fill('<img src=x onerror="document.title=1">');
  await inDialog(page).getByRole('button', { name: 'Create' }).click();
  await inDialog(page).getByText('NO_ANSWER').waitFor();
  await inDialog(page).getByRole('button', { name: 'Create' }).click();
  await page.getByText('it was created by the first try').waitFor();
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  await page.getByRole('heading', { name: '<img src=x onerror="document.title=1">' }).waitFor();
  assert.equal(await page.locator('img').count(), 0);
  await page.done();
});

test('a super admin creates a partner and a tenant, and acts on it at once', async () => {
  const slug = `made-${randomUUID().slice(0, 8)}`;
  const page = await newPage();
  await signIn(page, root, 'models');
  await page.getByText('This room is about one tenant').waitFor();
  await go(page, 'Partners');
  await page.getByRole('button', { name: 'Create a partner' }).click();
  await inDialog(page).getByLabel('Slug').fill(slug);
  await inDialog(page).getByLabel('Name').fill(`Partner ${slug}`);
  await inDialog(page).getByRole('button', { name: 'Create' }).click();
  await page.getByText('Create a partner: done.').waitFor();
  await page.getByRole('button', { name: `Edit Partner ${slug}` }).click();
  const partner = page.getByRole('region', { name: `Partner ${slug}`, exact: true });
  await partner.getByLabel('Max tenants').fill('3');
  await partner.getByRole('button', { name: 'Save' }).click();
  await page.getByText(`Partner ${slug}: saved.`).waitFor();
  await page.getByText('at most 3 tenants').waitFor();
  await go(page, 'Tenants');
  await page.getByRole('button', { name: 'Create a tenant' }).click();
  await inDialog(page).getByLabel('Slug').fill(slug);
  await inDialog(page).getByLabel('Name', { exact: true }).or(inDialog(page).getByLabel('Name (required)')).first().fill(`Tenant ${slug}`);
  await inDialog(page).getByLabel(/ScaiKey tenant ID/i).fill(slug);
  await inDialog(page).getByRole('button', { name: 'Create' }).click();
  await page.getByRole('banner').getByText(`Tenant ${slug}`).waitFor();
  await go(page, 'Overview');
  await page.getByText('AI tokens this month').waitFor();
  await page.done();
});

test('a list goes from page to page', async () => {
  const page = await newPage();
  await signIn(page, token({ sub: 'tina', roles: ['tenant_admin'], tenant_id: 'acme-main' }), 'participants');
  await page.getByText(/^1–50 of \d+$/).waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText(/^51–(\d+) of \1$/).waitFor();
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.getByText(/^1–50 of/).waitFor();
  await page.done();
});

test('exports are fetched with the token and saved', async () => {
  const tenant = await newTenant();
  await api('PUT', '/note-processing', { enabled: true }, tenant.admin);
  const page = await newPage();
  await signIn(page, tenant.admin, 'audit');
  for (const [name, file, first] of [['Export NDJSON', 'audit.ndjson', '{'], ['Export CSV', 'audit.csv', 'id']]) {
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name }).click();
    const download = await waiting;
    assert.equal(download.suggestedFilename(), file);
    assert.ok(readFileSync(await download.path(), 'utf8').replaceAll('"', '').startsWith(first));
  }
  await page.done();
});

test('what the API says is text, whatever it says', async () => {
  const tenant = await newTenant();
  const evil = '<script>document.title="x"</script>';
  const strange = token({ sub: evil, name: `${evil}${'n'.repeat(150)}`, role: { a: 1 }, roles: ['tenant_admin', 7, null, evil], tenant_id: tenant.scaikey_tenant_id });
  const prompt = 'long '.repeat(3_900);
  const templates = [1, 2, 3].map((name) => ({ name: `T${name} ${evil}`, prompt }));
  await api('PUT', '/ai-config', { system_prompt_templates: templates }, strange);
  const page = await newPage({ viewport: { width: 360, height: 740 } });
  await page.route('**/v1/admin/stats', (route) => route.fulfill({ status: 503, headers: { 'Retry-After': '7' }, contentType: 'text/html', body: evil }));
  await page.route('**/v1/admin/models/catalog*', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    Object.assign(body.data[0], { slug: '../../../partners', display_name: evil.repeat(8) });
    return route.fulfill({ response, json: body });
  });
  await signIn(page, strange);
  await page.getByText('Try again in 7 s.').waitFor();
  await go(page, 'Models');
  const asked = page.waitForRequest((request) => request.method() === 'POST');
  await page.getByRole('switch').first().click();
  assert.equal(new URL((await asked).url()).pathname, '/v1/admin/models/..%2F..%2F..%2Fpartners/enable');
  await inDialog(page).getByRole('alert').waitFor();
  await inDialog(page).getByRole('button', { name: 'Cancel' }).click();
  assert.ok(await fits(page));
  await go(page, 'Audit');
  const item = page.getByRole('listitem').filter({ hasText: 'ai_config.update' });
  await item.locator('summary').click();
  await item.getByRole('button', { name: /characters more/ }).click();
  await page.getByRole('button', { name: 'Verify what is shown' }).click();
  await item.getByText('✓ hash').waitFor();
  assert.ok(await fits(page));
  assert.equal(await page.title(), 'Audit · ScaiWave console');
  await page.done();
});

test('the keyboard is enough', async () => {
  const tenant = await newTenant();
  const page = await newPage();
  const focused = () => page.evaluate(() => document.activeElement.innerText || document.activeElement.id);
  await page.goto(`${API}/console`);
  await page.getByRole('button', { name: /^Sign in with/ }).waitFor(); // it comes with the settings, before the field
  assert.equal(await focused(), 'ScaiWave console');
  await page.keyboard.press('Tab');
  assert.match(await focused(), /^Sign in with/);
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'token');
  await page.keyboard.insertText(tenant.admin);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  assert.equal(await focused(), 'Overview');
  await page.reload();
  await signIn(page, tenant.admin, 'plugins');
  await page.getByRole('switch').first().waitFor();
  await page.getByText('Skip to the content').focus();
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'Plugins');
  await page.getByRole('switch').first().press(' ');
  await inDialog(page).getByText('This entry would be written').waitFor();
  assert.ok(await page.evaluate(() => document.activeElement.closest('dialog') !== null));
  await page.keyboard.press('Escape');
  await inDialog(page).waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'switch');
  await page.done();
});

test('a filter narrows page, stream and what is verified', async () => {
  const tenant = await newTenant();
  await api('PUT', '/note-processing', { enabled: true }, tenant.admin);
  await api('PUT', '/prompt-studio', { enabled: true }, tenant.admin);
  await api('PUT', '/note-processing', { enabled: false }, tenant.admin);
  const page = await newPage();
  await signIn(page, tenant.admin, 'audit');
  await page.getByText('Filters').click();
  await page.getByLabel('Action').fill('note_processing.update');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByText('Filters, 1 in use').waitFor();
  await page.waitForFunction(() => document.querySelectorAll('.timeline > li').length === 2);
  await page.getByRole('button', { name: 'Verify what is shown' }).click();
  await page.getByText('because the filters leave entries out').waitFor();
  await page.getByText('Nothing was altered').waitFor();
  await page.done();
});

for (const colorScheme of ['light', 'dark']) {
  test(`every room is usable by everybody (${colorScheme}), and fits on 360 px`, async () => {
    const tenant = await newTenant();
    const page = await newPage({ colorScheme });
    const check = async (room) => {
      await settled(page);
      await page.setViewportSize({ width: 360, height: 740 });
      assert.ok(await fits(page), `${room} is wider than 360 px`);
      await page.setViewportSize({ width: 1280, height: 860 });
      assert.deepEqual(await barriers(page), [], room);
    };
    await page.goto(`${API}/console`);
    await check('Sign in');
    await signIn(page, root);
    await actOn(page, tenant.id);
    for (const room of ROOMS) {
      await go(page, room);
      assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
      await check(room);
    }
    await page.getByRole('button', { name: 'Verify what is shown' }).click();
    await page.locator('.timeline summary').first().click();
    await check('Audit, verified');
    await go(page, 'Models');
    await page.getByRole('switch').first().click();
    await inDialog(page).getByText('This entry would be written').waitFor();
    await check('the confirmation');
    await page.keyboard.press('Escape');
    await go(page, 'Participants');
    await page.getByRole('button', { name: 'Create an AI participant' }).click();
    await inDialog(page).getByLabel('Model').waitFor();
    await check('the form that creates');
    await page.done();
  });
}

test('OpenID Connect signs in with PKCE, and takes no answer that is not to this sign-in', async () => {
  const tenant = await newTenant();
  const issuer = await startIssuer(ISSUER, CLIENT, tenant.admin);
  try {
    const page = await newPage({}, [ISSUER]);
    const begin = page.getByRole('button', { name: /Sign in with/ });
    await page.goto(`${API}/console`);
    for (const [twist, words] of [['state', 'not begun in this window'], ['nonce', 'not the answer to this sign-in']]) {
      issuer.twist = twist;
      await begin.click();
      await page.getByRole('alert').getByText(words).waitFor();
    }
    issuer.twist = '';
    await begin.click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    assert.equal(page.url(), `${API}/console`);
    assert.equal(await page.evaluate(() => sessionStorage.length + localStorage.length), 0);
    const [asked] = issuer.asked;
    assert.equal(asked.code_challenge_method, 'S256');
    assert.equal(asked.redirect_uri, `${ORIGIN}/console`);
    assert.equal(new Set(issuer.asked.map(({ state, nonce, code_challenge }) => state + nonce + code_challenge)).size, issuer.asked.length);
    await page.done();
  } finally {
    await issuer.close();
  }
});

for (const prefix of ['', '/wave/admin']) {
  const where = prefix || 'no prefix';
  test(`the reference at /docs renders under its policy, and tries a request out (${where})`, async (t) => {
    const tenant = await newTenant();
    const proxy = await startProxy(prefix);
    t.after(proxy.close);
    const page = await newPage({}, [proxy.origin]);
    await page.goto(`${proxy.origin}${prefix}/docs`);
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    await page.locator('.auth-container input').fill(tenant.admin);
    await page.locator('.auth-btn-wrapper button.authorize').click();
    await page.locator('.auth-btn-wrapper button.btn-done').click();
    await page.locator('#operations-Settings-getAiConfig .opblock-summary-control').click();
    await page.locator('#operations-Settings-getAiConfig').getByRole('button', { name: /Try it out/ }).click();
    await page.locator('#operations-Settings-getAiConfig').getByRole('button', { name: 'Execute' }).click();
    await page.locator('#operations-Settings-getAiConfig .live-responses-table .response-col_status').filter({ hasText: '200' }).waitFor();
    assert.ok(page.asked.includes(`${proxy.origin}${prefix}/v1/admin/ai-config`));
    await page.done();
  });

  test(`the events at /docs/events render under their policy, for everybody (${where})`, async (t) => {
    const proxy = await startProxy(prefix);
    t.after(proxy.close);
    const page = await newPage({}, [proxy.origin]);
    await page.goto(`${proxy.origin}${prefix}/docs`);
    await page.getByRole('link', { name: 'The events on Kafka' }).click();
    const change = page.locator('#message-modelEnable');
    await change.getByText(/^Payload/).click();
    await change.getByRole('rowheader', { name: 'specversion' }).waitFor();
    await change.getByText(/^Example/).first().click();
    await change.getByText('"prev_hash"').first().waitFor();
    const schema = page.locator('#schema-AuditEntry');
    await schema.getByText('JSON Schema').click();
    await schema.locator('pre').getByText('"properties"').waitFor();
    assert.deepEqual(await barriers(page), []);
    await page.setViewportSize({ width: 360, height: 740 });
    assert.ok(await fits(page), 'wider than 360 px');
    await page.getByRole('link', { name: 'asyncapi.json' }).click();
    assert.equal(await page.evaluate(() => document.contentType), 'application/json');
    await page.done();
  });
}
