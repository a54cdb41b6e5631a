import { useEffect, useState } from 'preact/hooks';
import { call, Refused } from './api';
import { begin, complete, type Oidc, settings } from './oidc';
import { current, sessionOf, signIn } from './session';
import { Problem, useAction } from './ui';

const TOKEN_MAX = 12_000;

/** A token is tried before it is taken. What its owner may do shows in the rooms; here only a bad token is refused. */
async function take(token: string): Promise<void> {
  if (!/^[\x21-\x7E]{1,12000}$/.test(token)) throw new Error(`That is no token: it is empty, longer than ${TOKEN_MAX} characters, or has blanks in it.`);
  try {
    await call('GET', '/audit', { query: { limit: 1 }, token });
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 403) throw error;
  }
  signIn(sessionOf(token));
}

export function SignIn() {
  const [oidc, setOidc] = useState<Oidc | null>(null);
  const start = useAction();
  const action = useAction();
  const { ended } = current();
  useEffect(() => {
    void start.run(async () => {
      const found = await settings();
      setOidc(found);
      const token = found ? await complete(found) : null;
      if (token) await take(token);
    });
  }, []);
  const paste = (form: HTMLFormElement) => action.run(async () => {
    const token = String(new FormData(form).get('token') ?? '').trim().replace(/^Bearer\s+/i, '');
    await take(token);
  });
  return (
    <main class="signin" id="main">
      <section class="card" aria-labelledby="signin-title">
        <h1 id="signin-title" tabIndex={-1}>ScaiWave console</h1>
        {ended && <p class="notice" role="alert">{ended}</p>}
        {oidc && (
          <p class="actions"><button type="button" class="primary" aria-disabled={action.busy} onClick={() => void action.run(() => begin(oidc))}>Sign in with {new URL(oidc.issuer).host}</button></p>
        )}
        <form onSubmit={(event) => { event.preventDefault(); void paste(event.currentTarget); }}>
          <div class="field">
            <label for="token">Access token of ScaiKey</label>
            <textarea id="token" name="token" class="secret" rows={4} autocomplete="off" spellcheck={false} required aria-describedby="token-hint" />
            <span class="hint" id="token-hint">It stays in the memory of this page. Reloading or closing the page forgets it.</span>
          </div>
          <Problem error={action.error ?? start.error} />
          <p class="actions"><button type="submit" class={oidc ? '' : 'primary'} aria-disabled={action.busy}>Sign in</button></p>
        </form>
      </section>
    </main>
  );
}
