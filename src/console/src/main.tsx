import { type ComponentChildren, render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Audit } from './rooms/audit';
import { Participants, Partners, Tenants } from './rooms/fleet';
import { Models, Plugins } from './rooms/models';
import { Overview } from './rooms/overview';
import { Settings } from './rooms/settings';
import { actOn, current, reachesMany, signOut, type Session } from './session';
import { SignIn } from './signin';
import { Announcer, Dialog, time, useSession } from './ui';

interface Room {
  readonly id: string;
  readonly title: string;
  readonly scope: 'tenant' | 'fleet' | 'both';
  readonly content: (hasTenant: boolean) => ComponentChildren;
}

const ROOMS: readonly Room[] = [
  { id: 'overview', title: 'Overview', scope: 'both', content: (hasTenant) => <Overview withStats={hasTenant} /> },
  { id: 'models', title: 'Models', scope: 'tenant', content: () => <Models /> },
  { id: 'plugins', title: 'Plugins', scope: 'tenant', content: () => <Plugins /> },
  { id: 'settings', title: 'Settings', scope: 'tenant', content: () => <Settings /> },
  { id: 'participants', title: 'Participants', scope: 'tenant', content: () => <Participants /> },
  { id: 'tenants', title: 'Tenants', scope: 'fleet', content: () => <Tenants /> },
  { id: 'partners', title: 'Partners', scope: 'fleet', content: () => <Partners /> },
  { id: 'audit', title: 'Audit', scope: 'both', content: () => <Audit /> },
];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const hashRoom = (): string => location.hash.replace(/^#\//, '');

function useRoom(rooms: readonly Room[]): Room {
  const [id, setId] = useState(hashRoom());
  useEffect(() => {
    const changed = () => setId(hashRoom());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return rooms.find((room) => room.id === id) ?? rooms[0]!;
}

function App() {
  const { session } = useSession();
  useEffect(() => {
    if (session) return;
    document.title = 'Sign in · ScaiWave console';
    document.querySelector<HTMLElement>('h1')?.focus();
  }, [session]);
  return <>{session ? <Signed session={session} /> : <SignIn />}<Announcer /></>;
}

function Signed({ session }: { session: Session }) {
  const { tenant } = current();
  const many = reachesMany(session);
  const room = useRoom(ROOMS.filter((one) => many || one.scope !== 'fleet'));
  const hasTenant = !many || tenant !== null || session.hasTenant;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${room.title} · ScaiWave console`;
    title.current?.focus();
  }, [room.id]);
  useExpiry(session);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); title.current?.focus(); }}>Skip to the content</a>
      <header>
        <span class="brand">ScaiWave</span>
        {many && <TenantChoice />}
        <Who session={session} />
      </header>
      <div class="body">
        <nav aria-label="Rooms">
          <ul>
            {ROOMS.filter((one) => many || one.scope !== 'fleet').map((one) => (
              <li><a href={`#/${one.id}`} aria-current={one.id === room.id ? 'page' : undefined} onClick={() => title.current?.focus()}>{one.title}</a></li>
            ))}
          </ul>
        </nav>
        <main id="main">
          <h1 ref={title} tabIndex={-1}>{room.title}</h1>
          {room.scope === 'tenant' && !hasTenant
            ? <p class="notice">This room is about one tenant. Choose which, at the top or under <a href="#/tenants">Tenants</a>.</p>
            : <div key={`${room.id} ${tenant?.id ?? ''}`}>{room.content(hasTenant)}</div>}
        </main>
      </div>
    </>
  );
}

/** The server refuses an expired token in any case; this says so before the next click. */
function useExpiry({ expires }: Session) {
  useEffect(() => {
    if (expires === null) return undefined;
    const timer = setInterval(() => expires * 1000 < Date.now() - 60_000 && signOut('You were signed out: the token has expired.'), 5_000);
    return () => clearInterval(timer);
  }, [expires]);
}

function Who({ session }: { session: Session }) {
  return (
    <div class="who">
      <details>
        <summary>{session.name}</summary>
        <dl class="facts">
          <div><dt>Subject</dt><dd>{session.subject || 'none'}</dd></div>
          <div><dt>Roles</dt><dd>{session.roles.join(', ') || 'none'}</dd></div>
          <div><dt>At home in</dt><dd>{session.home || 'the platform'}</dd></div>
          <div><dt>Until</dt><dd>{session.expires === null ? 'not said' : time(new Date(Math.min(session.expires, 8e12) * 1000).toISOString())}</dd></div>
        </dl>
      </details>
      <button type="button" onClick={() => signOut()}>Sign out</button>
    </div>
  );
}

function TenantChoice() {
  const { tenant, recent } = current();
  const [choosing, setChoosing] = useState(false);
  return (
    <div class="tenant">
      <span class="quiet">Acting on</span>
      <button type="button" aria-haspopup="dialog" onClick={() => setChoosing(true)}>{tenant ? tenant.name : 'no tenant'}</button>
      {choosing && (
        <Dialog title="Act on a tenant" close={() => setChoosing(false)}>
          <TenantForm done={() => setChoosing(false)} />
          {recent.length > 0 && (
            <>
              <h3>Used before</h3>
              <ul class="plain">{recent.map((one) => <li><button type="button" class="link" onClick={() => { actOn(one); setChoosing(false); }}>{one.name}</button></li>)}</ul>
            </>
          )}
          <p class="actions">
            {tenant && <button type="button" onClick={() => { actOn(null); setChoosing(false); }}>Act on none</button>}
            <button type="button" onClick={() => setChoosing(false)}>Cancel</button>
          </p>
        </Dialog>
      )}
    </div>
  );
}

function TenantForm({ done }: { done: () => void }) {
  const [fault, setFault] = useState('');
  const submit = (form: HTMLFormElement) => {
    const id = String(new FormData(form).get('tenant') ?? '').trim();
    if (!UUID.test(id)) return setFault('The id of a tenant is a UUID.');
    actOn({ id, name: id });
    done();
    return undefined;
  };
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); submit(event.currentTarget); }}>
      <div class="field">
        <label for="tenant">Id of the tenant</label>
        <input id="tenant" name="tenant" autocomplete="off" spellcheck={false} aria-describedby="tenant-hint tenant-fault" aria-invalid={fault !== ''} />
        <span class="hint" id="tenant-hint">A UUID. Those you may reach are listed under Tenants.</span>
        <span class="fault" id="tenant-fault" role="alert">{fault}</span>
      </div>
      <p class="actions"><button type="submit" class="primary">Act on it</button></p>
    </form>
  );
}

render(<App />, document.getElementById('console')!);
