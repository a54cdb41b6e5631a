// Every error and warning of @asyncapi/parser is a finding.
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { version } from './version.mjs';

const WARNING = 1; // errors are 0
let text = readFileSync('asyncapi.yaml', 'utf8');
if (process.env.BROKEN) {
  text = text.replace("$ref: '#/channels/audit'", "$ref: '#/channels/absent'");
}
const { document, diagnostics } = await new Parser().parse(text);
const findings = diagnostics.filter(diagnostic => diagnostic.severity <= WARNING);
for (const finding of findings) {
  console.log(`${finding.code} at ${finding.path.join('.')}: ${finding.message}`);
}
console.log(`version: ${version('@asyncapi/parser')}`);
console.log('judged: asyncapi.yaml');
console.log(`findings: ${findings.length}`);
process.exit(document && findings.length === 0 ? 0 : 10);
