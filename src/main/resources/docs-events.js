// Shows asyncapi.json of this server. All of it is set as text, never as markup. Ready-made renderers need inline styles, which the page's
// policy forbids.
let contract;

/** An element; children are elements or texts. */
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter(child => child !== undefined && child !== ''));
  return made;
}

const text = value => (value ? element('p', { class: 'text' }, value.trim()) : '');
// It scrolls, so the keyboard must reach it.
const json = value => element('pre', { tabindex: '0' }, JSON.stringify(value, null, 2));
const lastOf = reference => reference.split('/').pop();

/** What a reference points at, with the members beside it. */
function resolved(node) {
  if (!node?.$ref) return node ?? {};
  const target = node.$ref.slice(2).split('/').reduce((at, name) => at[name.replaceAll('~1', '/').replaceAll('~0', '~')], contract);
  return { ...resolved(target), ...node };
}

function folded(title, content) {
  const details = element('details', {}, element('summary', {}, title));
  details.addEventListener('toggle', () => details.children.length > 1 || details.append(content()));
  return details;
}

function typeOf(schema) {
  const item = schema.items ? ` of ${typeOf(schema.items)}` : '';
  if (schema.$ref) return lastOf(schema.$ref);
  return [schema.type ?? (schema.enum ? 'one of' : 'any')].flat().join(' or ') + item;
}

/** The members of all parts of a schema, and a link to each schema that it names. */
function membersOf(schema) {
  const whole = resolved(schema);
  return [...Object.entries(whole.properties ?? {}).map(([name, of]) => [name, of, (whole.required ?? []).includes(name)]),
    ...(whole.allOf ?? []).flatMap(membersOf)];
}

function rowOf([name, of, required]) {
  const whole = resolved(of);
  const type = of.$ref ? element('a', { href: `#schema-${lastOf(of.$ref)}` }, lastOf(of.$ref)) : typeOf(of);
  const fixed = whole.const === undefined ? '' : `always ${JSON.stringify(whole.const)}. `;
  const mark = required ? '' : 'optional. ';
  return element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, type),
    element('td', {}, mark + fixed + (whole.description ?? '')));
}

function schemaOf(schema) {
  const members = membersOf(schema);
  const made = element('div', {}, text(resolved(schema).description));
  if (members.length) made.append(element('table', {}, ...members.map(rowOf)));
  made.append(folded('JSON Schema', () => json(schema.$ref ? resolved({ $ref: schema.$ref }) : schema)));
  return made;
}

function message(name, node) {
  const of = resolved(node);
  const payload = of.payload?.schema ?? of.payload;
  const made = element('section', { id: `message-${name}` }, element('h3', {}, of.title ?? name), element('code', {}, of.name ?? name),
    text(of.summary), text(of.description));
  if (payload) made.append(folded(`Payload ${payload.$ref ? lastOf(payload.$ref) : ''}`, () => schemaOf(payload)));
  for (const example of of.examples ?? []) {
    made.append(folded(`Example: ${example.summary ?? example.name}`, () => json(example.payload)));
  }
  return made;
}

function channel([name, node]) {
  const operations = Object.values(contract.operations).filter(operation => lastOf(operation.channel.$ref) === name);
  return element('section', { id: `channel-${name}` }, element('h2', {}, node.title ?? name), element('code', {}, node.address),
    text(node.description),
    ...operations.flatMap(operation => [text(`The server ${operation.action}s: ${operation.summary}`), text(operation.description)]),
    folded('Kafka', () => json(node.bindings)),
    ...Object.entries(node.messages).map(([key, of]) => message(key, of)));
}

function schema([name, node]) {
  return element('section', { id: `schema-${name}` }, element('h3', {}, name), schemaOf(node));
}

async function show() {
  const main = document.getElementById('events');
  try {
    const reply = await fetch('../asyncapi.json');
    if (!reply.ok) throw new Error(`asyncapi.json: ${reply.status}`);
    contract = await reply.json();
    const { info, channels, components } = contract;
    main.append(element('h1', {}, `${info.title} ${info.version}`));
    main.append(element('ul', {}, ...Object.entries(channels).map(([name, of]) =>
      element('li', {}, element('a', { href: `#channel-${name}` }, of.title ?? name), ' ', element('code', {}, of.address)))));
    main.append(folded('Delivery, order, hashes and compatibility', () => text(info.description)));
    main.append(...Object.entries(channels).map(channel));
    main.append(element('h2', {}, 'Schemas'), ...Object.entries(components.schemas).map(schema));
  } catch (problem) {
    main.append(text(`The events cannot be shown: ${problem.message}`));
  }
}

show();
