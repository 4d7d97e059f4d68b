// Checks what we make with what others wrote: Slack's own type definitions for the blocks and for
// the app's manifest, and caniemail.com's data for the mails. `npm ci && npm run check`; PYTHON names the interpreter.
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
const { blocks, mails, manifests } = JSON.parse(exported);
const faults = [];

const require = createRequire(import.meta.url);
const ajv = new Ajv({ strict: false, allErrors: false });
const validator = (path, type) => ajv.compile(
  createGenerator({ path, type, skipTypeCheck: true }).createSchema(type));

const types = require.resolve("@slack/types").replace(/\.js$/, ".d.ts");
const valid = validator(types, "KnownBlock");
for (const [name, message] of Object.entries(blocks)) {
  for (const block of message) {
    if (!valid(block)) faults.push(`${name}: ${block.type}: ${JSON.stringify(valid.errors?.[0])}`);
  }
}

// The type lets any key stand at the top of a manifest and is closed below it; the top is ours to
// close, with the keys that the type names.
const api = require.resolve("@slack/web-api").replace(/index\.js$/, "types/request/manifest.d.ts");
const validManifest = validator(api, "Manifest");
const TOP = ["_metadata", "display_information", "features", "oauth_config", "settings"];
const faultOf = (manifest) => {
  const other = Object.keys(manifest).find((key) => !TOP.includes(key));
  if (other) return `${other} is not known`;
  return validManifest(manifest) ? "" : JSON.stringify(validManifest.errors?.[0]);
};
for (const [name, manifest] of Object.entries(manifests)) {
  const fault = faultOf(manifest);
  if (fault) faults.push(`manifest ${name}: ${fault}`);
  const wrong = structuredClone(manifest);
  wrong.features.slash_commands[0].shortcut = true;
  if (!faultOf(wrong)) faults.push("the manifest's definition refuses nothing");
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
  `${Object.keys(manifests).length} manifests, ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
