import { createContext } from 'preact';
import { useContext, useId } from 'preact/hooks';
import type { Detail, Fields, Json } from './api';
import { faultOf, hintOf, isNullable, type Schema, typeOf, writable } from './contract';

interface FieldProps {
  readonly name: string;
  readonly pointer: string;
  readonly schema: Schema;
  readonly value: Json | undefined;
  readonly required: boolean;
  readonly details: readonly Detail[];
  readonly change: (value: Json | undefined) => void;
}

const LONG = 1_000;

/** Whether what is left empty is left out of the request, or empties the field. */
export const Creating = createContext(false);

/** A form made from a schema of the contract: what the contract gains, it shows without a change here. */
export function SchemaFields({ schema, value, details, change, pointer = '' }: {
  schema: Schema;
  value: Fields;
  details: readonly Detail[];
  change: (value: Fields) => void;
  pointer?: string;
}) {
  const put = (name: string, member: Json | undefined) => {
    const { [name]: _, ...others } = value;
    change(member === undefined ? others : { ...value, [name]: member });
  };
  return (
    <>
      {writable(schema).map(([name, property]) => (
        <Field
          key={name}
          name={name}
          pointer={`${pointer}/${name}`}
          schema={property}
          value={value[name]}
          required={schema.required?.includes(name) ?? false}
          details={details}
          change={(member) => put(name, member)}
        />
      ))}
    </>
  );
}

function Field(props: FieldProps) {
  const type = typeOf(props.schema);
  if (type === 'object') return props.schema.properties ? <Group {...props} /> : <Flags {...props} />;
  if (type === 'array') return typeOf(props.schema.items ?? {}) === 'object' ? <Objects {...props} /> : <Lines {...props} />;
  if (type === 'boolean') return <Check {...props} />;
  return <Text {...props} />;
}

export const labelOf = (name: string): string => {
  const words = name.replaceAll('_', ' ');
  return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/\b(id|ai)\b/gi, (word) => word.toUpperCase());
};

const sentence = (description: string | undefined): string =>
  (description ?? '').replaceAll('`', '').replaceAll(/\s+/g, ' ').trim().split(/(?<=\.) /)[0] ?? '';

/** What is said of the field: by the server, or else by the contract. */
function errorsAt({ pointer, details }: FieldProps, deep: boolean): string[] {
  return details
    .filter(({ field }) => field === pointer || (deep && field.startsWith(`${pointer}/`)))
    .map(({ field, message }) => (field === pointer ? message : `${field.slice(pointer.length + 1)}: ${message}`))
    .slice(0, 5);
}

function Notes({ id, props, deep = false, fault = '' }: { id: string; props: FieldProps; deep?: boolean; fault?: string }) {
  const errors = errorsAt(props, deep);
  return (
    <>
      <span class="hint" id={`${id}-hint`}>{[sentence(props.schema.description), hintOf(props.schema)].filter(Boolean).join(' — ')}</span>
      <span class="fault" id={`${id}-fault`}>{errors.length ? errors.join('; ') : fault}</span>
    </>
  );
}

const describedBy = (id: string): string => `${id}-hint ${id}-fault`;

function Label({ id, props }: { id: string; props: FieldProps }) {
  return <label for={id}>{labelOf(props.name)}{props.required && <span class="quiet"> (required)</span>}</label>;
}

function Text(props: FieldProps) {
  const id = useId();
  const { schema, value } = props;
  const creating = useContext(Creating);
  const kind = typeOf(schema);
  const isNumber = kind === 'integer' || kind === 'number';
  const cleared = isNullable(schema) ? null : creating && !props.required ? undefined : '';
  const set = (text: string) => {
    if (text === '') return props.change(cleared);
    return props.change(isNumber && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text);
  };
  const shared = {
    id,
    value: value === null || value === undefined ? '' : String(value),
    'aria-describedby': describedBy(id),
    'aria-invalid': errorsAt(props, false).length > 0,
    required: props.required,
  };
  let input = <input {...shared} type="text" inputMode={isNumber ? 'numeric' : 'text'} autocomplete="off" onInput={(event) => set(event.currentTarget.value)} />;
  if (schema.enum) {
    input = (
      <select {...shared} onChange={(event) => set(event.currentTarget.value)}>
        {(value === undefined || isNullable(schema)) && <option value="">not set</option>}
        {schema.enum.map((choice) => <option value={choice}>{choice}</option>)}
      </select>
    );
  } else if ((schema.maxLength ?? 0) >= LONG) {
    input = <textarea {...shared} rows={6} onInput={(event) => set(event.currentTarget.value)} />;
  }
  return <div class="field"><Label id={id} props={props} />{input}<Notes id={id} props={props} fault={faultOf(schema, value)} /></div>;
}

function Check(props: FieldProps) {
  const id = useId();
  return (
    <div class="field check">
      <input id={id} type="checkbox" checked={props.value === true} aria-describedby={describedBy(id)} onChange={(event) => props.change(event.currentTarget.checked)} />
      <Label id={id} props={props} />
      <Notes id={id} props={props} />
    </div>
  );
}

/** A list of texts, one a line. */
function Lines(props: FieldProps) {
  const id = useId();
  const lines = Array.isArray(props.value) ? props.value.map(String) : [];
  const fault = lines.map((line) => faultOf(props.schema.items ?? {}, line)).find(Boolean);
  return (
    <div class="field">
      <Label id={id} props={props} />
      <textarea
        id={id}
        rows={Math.min(10, Math.max(3, lines.length + 1))}
        defaultValue={lines.join('\n')}
        aria-describedby={describedBy(id)}
        aria-invalid={errorsAt(props, true).length > 0}
        spellcheck={false}
        onInput={(event) => props.change(event.currentTarget.value.split('\n').map((line) => line.trim()).filter(Boolean))}
      />
      <Notes id={id} props={props} deep fault={fault ? `a line ${fault}` : ''} />
    </div>
  );
}

/** Names that are on, one a line; those that are off end in =false. */
function Flags(props: FieldProps) {
  const id = useId();
  const flags = Object.entries((props.value ?? {}) as Fields);
  const read = (text: string): Fields => Object.fromEntries(
    text.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => [line.replace(/=(true|false)$/, ''), !line.endsWith('=false')]),
  );
  return (
    <div class="field">
      <Label id={id} props={props} />
      <textarea
        id={id}
        rows={3}
        defaultValue={flags.map(([name, on]) => (on ? name : `${name}=false`)).join('\n')}
        aria-describedby={describedBy(id)}
        spellcheck={false}
        onInput={(event) => props.change(read(event.currentTarget.value))}
      />
      <Notes id={id} props={props} deep />
    </div>
  );
}

function Group(props: FieldProps) {
  return (
    <fieldset>
      <legend>{labelOf(props.name)}</legend>
      <SchemaFields schema={props.schema} value={(props.value ?? {}) as Fields} details={props.details} pointer={props.pointer} change={props.change} />
    </fieldset>
  );
}

function Objects(props: FieldProps) {
  const id = useId();
  const items = (Array.isArray(props.value) ? props.value : []) as Fields[];
  const full = items.length >= (props.schema.maxItems ?? Infinity);
  return (
    <fieldset aria-describedby={describedBy(id)}>
      <legend>{labelOf(props.name)}</legend>
      <Notes id={id} props={props} />
      {items.map((item, index) => (
        <fieldset class="item">
          <legend>{index + 1}</legend>
          <SchemaFields
            schema={props.schema.items ?? {}}
            value={item}
            details={props.details}
            pointer={`${props.pointer}/${index}`}
            change={(changed) => props.change(items.with(index, changed))}
          />
          <button type="button" onClick={() => props.change(items.toSpliced(index, 1))}>Remove {index + 1}</button>
        </fieldset>
      ))}
      <button type="button" disabled={full} onClick={() => props.change([...items, {}])}>Add one</button>
    </fieldset>
  );
}

/** The details that no field of the form shows. */
export function unplaced(schema: Schema, details: readonly Detail[]): Detail[] {
  const names = writable(schema).map(([name]) => `/${name}`);
  return details.filter(({ field }) => !names.some((name) => field === name || field.startsWith(`${name}/`)));
}
