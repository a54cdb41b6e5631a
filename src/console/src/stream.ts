import { type Ask, isAborted, Refused, send, understood } from './api';

const BUFFER_MAX = 4_000_000;
const SILENCE_MS = 45_000;
const PAUSE_MS = 1_000;
const PAUSE_MS_MAX = 30_000;

export interface Listener {
  readonly entry: (data: string) => void;
  readonly state: (state: 'live' | 'waiting' | 'stopped', why?: string) => void;
}

/** Follows the live stream until the signal; connects again with the last id when it ends or falls silent. */
export async function follow(query: Ask['query'], listener: Listener, stop: AbortSignal): Promise<void> {
  let last = '';
  let pause = PAUSE_MS;
  while (!stop.aborted) {
    let why = '';
    try {
      last = await read(query, last, listener, stop, (id) => {
        last = id;
        pause = PAUSE_MS;
      });
    } catch (error) {
      if (isAborted(error) && stop.aborted) return;
      const cause = understood(error);
      if (cause instanceof Refused && cause.status >= 400 && cause.status < 429) {
        return listener.state('stopped', `${cause.message} (${cause.code})`);
      }
      why = isAborted(error) ? '' : cause.message;
      if (cause instanceof Refused && Number(cause.retryAfter) > 0) pause = Math.min(Number(cause.retryAfter) * 1000, PAUSE_MS_MAX);
    }
    if (stop.aborted) return;
    listener.state('waiting', why);
    await wait(pause, stop);
    pause = Math.min(pause * 2, PAUSE_MS_MAX);
  }
}

function wait(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    stop.addEventListener('abort', () => { clearTimeout(timer); done(); }, { once: true });
  });
}

async function read(query: Ask['query'], last: string, listener: Listener, stop: AbortSignal, seen: (id: string) => void): Promise<string> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const headers: Record<string, string> = { Accept: 'text/event-stream' };
  if (last) headers['Last-Event-ID'] = last;
  try {
    const response = await send('GET', '/audit', { query, headers }, AbortSignal.any([stop, silence.signal]));
    listener.state('live');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventParser(listener.entry, (id) => { last = id; seen(id); });
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return last;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      parser.push(value);
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** Server-sent events as HTML's standard reads them, as far as this server sends them. */
class EventParser {
  private buffer = '';
  private data: string[] = [];

  constructor(private readonly event: (data: string) => void, private readonly id: (id: string) => void) {}

  push(text: string): void {
    this.buffer += text;
    if (this.buffer.length > BUFFER_MAX) throw new Error('an event is too long');
    const lines = this.buffer.split(/\r\n|\n|\r/);
    this.buffer = lines.pop() ?? '';
    lines.forEach((line) => this.line(line));
  }

  private line(line: string): void {
    if (!line) {
      if (this.data.length) this.event(this.data.join('\n'));
      this.data = [];
      return;
    }
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.data.push(value);
    if (name === 'id' && value) this.id(value);
  }
}
