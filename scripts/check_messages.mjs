// Checks our messages with what others wrote: Slack's own type definitions for the blocks, and
// caniemail.com's data for the mails. `npm ci && npm run check`; PYTHON names the interpreter.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import Ajv from "ajv";
import { caniemail } from "caniemail";
import { createGenerator } from "ts-json-schema-generator";

const CLIENTS = ["gmail.*", "outlook.windows", "outlook.outlook-com", "apple-mail.*"];
// Where these are ignored the mail is still right: lines of a trace are broken by <br> as well, and
// the hidden summary only repeats what follows.
const KNOWN = new Set(["white-space", "display:none"]);

const python = process.env.PYTHON ?? "python3";
const exported = execFileSync(python, ["scripts/export_messages.py"], { maxBuffer: 1 << 28 });
const { blocks, mails } = JSON.parse(exported);
const faults = [];

const types = createRequire(import.meta.url).resolve("@slack/types").replace(/\.js$/, ".d.ts");
const schema = createGenerator({ path: types, type: "KnownBlock", skipTypeCheck: true })
  .createSchema("KnownBlock");
const valid = new Ajv({ strict: false, allErrors: false }).compile(schema);
for (const [name, message] of Object.entries(blocks)) {
  for (const block of message) {
    if (!valid(block)) faults.push(`${name}: ${block.type}: ${JSON.stringify(valid.errors?.[0])}`);
  }
}

for (const [name, html] of Object.entries(mails)) {
  const { issues } = caniemail({ clients: CLIENTS, html });
  for (const client of issues.errors.keys()) {
    for (const { title } of issues.errors.get(client)) {
      if (!KNOWN.has(title)) faults.push(`${name}: mail: ${client} does not support ${title}`);
    }
  }
}

console.log([...new Set(faults)].join("\n"));
console.log(`${Object.keys(blocks).length} messages, ${Object.keys(mails).length} mails, ` +
  `${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
