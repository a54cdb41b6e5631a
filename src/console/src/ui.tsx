import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Fields, isAborted, type Json, Refused } from './api';
import { current, subscribe } from './session';

export function useSession() {
  const [state, setState] = useState(current());
  useEffect(() => subscribe(() => setState(current())), []);
  return state;
}

interface Loaded<T> {
  readonly value: T | null;
  readonly error: Error | null;
  readonly loading: boolean;
  readonly reload: () => void;
}

/** Loads again when a dependency changes, and forgets an answer that is not waited for any more. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, dependencies: readonly unknown[]): Loaded<T> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ value: T | null; error: Error | null; loading: boolean }>({ value: null, error: null, loading: true });
  useEffect(() => {
    const gone = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    load(gone.signal).then(
      (value) => gone.signal.aborted || setState({ value, error: null, loading: false }),
      (error: Error) => gone.signal.aborted || isAborted(error) || setState({ value: null, error, loading: false }),
    );
    return () => gone.abort();
  }, [...dependencies, turn]);
  return { ...state, reload: () => setTurn((before) => before + 1) };
}

/** What an action is doing, and how it failed. One at a time: its button is not disabled meanwhile, which would take the focus away. */
export function useAction(): { busy: boolean; error: Error | null; run: (action: () => Promise<void>) => Promise<void>; clear: () => void } {
  const [state, setState] = useState<{ busy: boolean; error: Error | null }>({ busy: false, error: null });
  const running = useRef(false);
  const run = async (action: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setState({ busy: true, error: null });
    try {
      await action();
      setState({ busy: false, error: null });
    } catch (error) {
      setState({ busy: false, error: error as Error });
    } finally {
      running.current = false;
    }
  };
  return { ...state, run, clear: () => setState({ busy: false, error: null }) };
}

let announcer: (text: string) => void = () => undefined;

/** Says a sentence to who listens to the page, and shows it to who looks. */
export const announce = (text: string): void => announcer(text);

const SHOWN_MS = 6_000;

export function Announcer() {
  const [text, setText] = useState('');
  useEffect(() => {
    announcer = setText;
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => setText(''), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return <div role="status" class={text ? 'toast shown' : 'toast'}>{text}</div>;
}

/** An error as the API words it: code, message, request id, and the fields that no form shows. */
export function Problem({ error, details = true }: { error: Error | null; details?: boolean }) {
  if (!error) return null;
  const refused = error instanceof Refused ? error : null;
  return (
    <div class="problem" role="alert">
      <p><strong>{refused?.code ?? 'ERROR'}</strong> {error.message}</p>
      {details && refused && refused.details.length > 0 && (
        <ul>{refused.details.slice(0, 20).map((detail) => <li><code>{detail.field || 'body'}</code> {detail.message}</li>)}</ul>
      )}
      {refused?.retryAfter && <p>Try again in {refused.retryAfter} s.</p>}
      {refused?.requestId && <p class="quiet">Request <code>{refused.requestId}</code></p>}
    </div>
  );
}

export function Loading({ of }: { of: Loaded<unknown> }) {
  if (of.error) return <><Problem error={of.error} /><p><button type="button" onClick={of.reload}>Try again</button></p></>;
  return of.value === null ? <p class="quiet" role="status">Loading…</p> : null;
}

/** A dialog that keeps the focus, closes by Escape, and gives the focus back. */
export function Dialog({ title, children, close }: { title: string; children: ComponentChildren; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} aria-label={title} onCancel={(event) => { event.preventDefault(); close(); }}>
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}

/** Where in a list the page is, and the way to its neighbours. */
export function Pages({ total, limit, offset, go }: { total: number; limit: number; offset: number; go: (offset: number) => void }) {
  if (total <= limit && offset === 0) return <p class="quiet">{number(total)} in all</p>;
  return (
    <nav class="pages" aria-label="Pages">
      <button type="button" disabled={offset === 0} onClick={() => go(Math.max(0, offset - limit))}>Previous</button>
      <span>{number(Math.min(offset + 1, total))}–{number(Math.min(offset + limit, total))} of {number(total)}</span>
      <button type="button" disabled={offset + limit >= total} onClick={() => go(offset + limit)}>Next</button>
    </nav>
  );
}

export function Search({ label, value, change }: { label: string; value: string; change: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => text !== value && change(text.trim()), 300);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label class="inline">{label}
      <input type="search" value={text} maxLength={200} onInput={(event) => setText(event.currentTarget.value)} />
    </label>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export function Select({ label, value, choices, change }: { label: string; value: string; choices: readonly Choice[]; change: (value: string) => void }) {
  return (
    <label class="inline">{label}
      <select value={value} onChange={(event) => change(event.currentTarget.value)}>
        {choices.map((choice) => <option value={choice.value}>{choice.label}</option>)}
      </select>
    </label>
  );
}

/** On or off, for the eye and for a screen reader. */
export function Switch({ label, on, disabled, flip }: { label: string; on: boolean; disabled?: boolean; flip: () => void }) {
  return (
    <button type="button" class="switch" role="switch" aria-checked={on} aria-label={label} disabled={disabled ?? false} onClick={flip}>
      <span aria-hidden="true">{on ? 'On' : 'Off'}</span>
    </button>
  );
}

/** Only what changed, before and after side by side. All of it is text. */
export function Changes({ before, after }: { before: Fields | null; after: Fields | null }) {
  const lines = differences(before ?? {}, after ?? {}, '', 0);
  if (lines.length === 0) return <p class="quiet">No field changed.</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="What changed">
      <table class="changes">
        <thead><tr><th scope="col">Field</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
        <tbody>
          {lines.map(([name, was, is]) => (
            <tr><th scope="row">{name}</th><td class="before"><Value of={was} /></td><td class="after"><Value of={is} /></td></tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const DEPTH_MAX = 4;
const isObject = (value: Json | undefined): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members that differ, those of objects on both sides by their own names. */
function differences(before: Fields, after: Fields, prefix: string, depth: number): [string, Json | undefined, Json | undefined][] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !same(before[name], after[name]))
    .flatMap((name) => {
      const [was, is] = [before[name], after[name]];
      if (isObject(was) && isObject(is) && depth < DEPTH_MAX) return differences(was, is, `${prefix}${name}.`, depth + 1);
      return [[`${prefix}${name}`, was, is] as [string, Json | undefined, Json | undefined]];
    });
}

const CLIPPED = 2_000;

export function Value({ of }: { of: Json | undefined }) {
  const [whole, setWhole] = useState(false);
  const text = textOf(of);
  if (text.length <= CLIPPED || whole) return <span class="value">{text}</span>;
  return (
    <span class="value">{text.slice(0, CLIPPED)}…{' '}
      <button type="button" class="link" onClick={() => setWhole(true)}>{number(text.length - CLIPPED)} characters more</button>
    </span>
  );
}

export function textOf(value: Json | undefined): string {
  if (value === undefined) return '—';
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.length ? value.join('\n') : 'empty';
  return JSON.stringify(value, null, 1);
}

export const same = (one: Json | undefined, other: Json | undefined): boolean => JSON.stringify(one) === JSON.stringify(other);

export const number = (value: number): string => new Intl.NumberFormat('en').format(value);
export const compact = (value: number): string => new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
const FORMAT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short',
});
export const time = (iso: string): string => {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : FORMAT.format(date);
};
