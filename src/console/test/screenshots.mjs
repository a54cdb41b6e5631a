// Draws docs/console/*.png of the local platform's own tenant.
import { mkdirSync } from 'node:fs';
import { api, close, go, newPage, settled, signIn, token } from './world.mjs';

const FOLDER = new URL('../../../docs/console/', import.meta.url).pathname;
const tina = token({ sub: 'local-tenant-admin', name: 'Tina Tenant', roles: ['tenant_admin'], tenant_id: 'acme-main' });

async function draw(name, colorScheme, prepare, bearer = tina) {
  const page = await newPage({ colorScheme, viewport: { width: 1200, height: 780 } });
  await signIn(page, bearer);
  await prepare(page);
  await settled(page);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${FOLDER}${name}-${colorScheme}.png`, animations: 'disabled' });
  await page.done();
}

mkdirSync(FOLDER, { recursive: true });
await draw('overview', 'light', (page) => page.getByText('AI use by model').waitFor());
await draw('models', 'dark', async (page) => {
  await go(page, 'Models');
  await page.getByRole('switch', { name: 'Claude Haiku 4.5' }).click();
  await page.getByText('This entry would be written').waitFor();
});
await draw('audit', 'dark', async (page) => {
  await go(page, 'Audit');
  await page.getByText('following').waitFor();
  await api('PUT', '/prompt-studio', { allowlist: { groups: [`team-${Date.now() % 1000}`] } }, tina);
  const item = page.getByRole('listitem').filter({ hasText: 'prompt_studio.update' }).first();
  await item.waitFor();
  await page.getByRole('button', { name: 'Verify what is shown' }).click();
  await item.getByText('✓ hash').waitFor();
  await item.locator('summary').click();
});
await draw('conflict', 'light', async (page) => {
  await go(page, 'Settings');
  const notes = page.getByRole('region', { name: 'Note processing' });
  await notes.getByLabel('Prompt').fill('Title each note by its decision.');
  await api('PUT', '/note-processing', { prompt: 'Title each note by its topic.', auto_categorise: true }, tina);
  await notes.getByRole('button', { name: 'Save Note processing' }).click();
  await notes.getByText('SW_PRECONDITION_FAILED').waitFor();
  await notes.scrollIntoViewIfNeeded();
  await api('PUT', '/note-processing', { prompt: null, auto_categorise: false }, tina);
});
await close();
