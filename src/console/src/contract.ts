import type { Fields, Json } from './api';

/** As much of a JSON schema as this contract's request bodies use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly readOnly?: boolean;
  readonly default?: Json;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
}

interface Operation {
  readonly operationId?: string;
  readonly requestBody?: { content: Record<string, { schema: Schema }> };
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
}

const TIMEOUT_MS = 20_000;
const DEPTH_MAX = 20;
let loaded: Promise<Document> | null = null;

/** The schema of an operation's request body, with its references resolved, from the contract that this server publishes. */
export async function bodyOf(operationId: string): Promise<Schema> {
  loaded ??= fetch('/openapi.json', { signal: AbortSignal.timeout(TIMEOUT_MS), credentials: 'omit' }).then((response) => response.json());
  const document = await loaded.catch((error: unknown) => {
    loaded = null;
    throw error;
  });
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) {
      const body = operation.operationId === operationId ? operation.requestBody : undefined;
      if (body) return resolved(document, body.content['application/json']!.schema, 0);
    }
  }
  throw new Error(`The contract has no body of ${operationId}.`);
}

function resolved(document: Document, schema: Schema, depth: number): Schema {
  if (depth > DEPTH_MAX) throw new Error('The contract is too deep.');
  if (schema.$ref) {
    const { $ref, ...beside } = schema;
    return resolved(document, { ...pointed(document, $ref), ...beside }, depth + 1);
  }
  const whole: { -readonly [name in keyof Schema]: Schema[name] } = { ...schema };
  if (schema.items) whole.items = resolved(document, schema.items, depth + 1);
  if (schema.properties) {
    whole.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, resolved(document, property, depth + 1)]),
    );
  }
  return whole;
}

function pointed(document: Document, reference: string): Schema {
  let node: unknown = document;
  for (const step of reference.slice(2).split('/')) node = (node as Record<string, unknown>)[step];
  return node as Schema;
}

export const typeOf = (schema: Schema): string => [schema.type ?? 'object'].flat().find((type) => type !== 'null') ?? 'string';
export const isNullable = (schema: Schema): boolean => [schema.type ?? ''].flat().includes('null');

/** The members that a client may write. */
export function writable(schema: Schema): [string, Schema][] {
  return Object.entries(schema.properties ?? {}).filter(([, property]) => !property.readOnly);
}

/** What a new form begins with. */
export function defaultsOf(schema: Schema): Fields {
  const given = writable(schema).filter(([, property]) => property.default !== undefined && property.default !== null);
  return Object.fromEntries(given.map(([name, property]) => [name, property.default as Json]));
}

/** What the contract asks of a value, in words. */
export function hintOf(schema: Schema): string {
  const hints: string[] = [];
  if (schema.minimum !== undefined || schema.maximum !== undefined) {
    const max = schema.maximum === Number.MAX_SAFE_INTEGER ? undefined : schema.maximum;
    hints.push(max === undefined ? `at least ${schema.minimum ?? 0}` : `${schema.minimum ?? 0} to ${max}`);
  }
  if (schema.maxLength !== undefined && !schema.enum) {
    hints.push(schema.minLength === schema.maxLength ? `${schema.maxLength} characters` : `${schema.minLength ?? 0} to ${schema.maxLength} characters`);
  }
  if (schema.maxItems !== undefined) hints.push(`at most ${schema.maxItems}`);
  if (schema.items?.maxLength !== undefined) hints.push(`each at most ${schema.items.maxLength} characters`);
  if (isNullable(schema)) hints.push('may be empty');
  return hints.join(', ');
}

/** What is wrong with a value, as far as it shows without asking; empty when nothing does. The server has the last word. */
export function faultOf(schema: Schema, value: Json | undefined): string {
  if (typeof value === 'string') {
    if (value.length < (schema.minLength ?? 0)) return 'is too short';
    if (value.length > (schema.maxLength ?? Infinity)) return 'is too long';
    if (schema.pattern && !matches(schema.pattern, value)) return 'does not have the form that is asked for';
  }
  if (typeof value === 'number') {
    if (value < (schema.minimum ?? -Infinity)) return `is less than ${schema.minimum}`;
    if (value > (schema.maximum ?? Infinity)) return `is more than ${schema.maximum}`;
  }
  return '';
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true;
  }
}
