/**
 * Which folder may import which. ARCHITECTURE.md prints the same table (a test compares), and
 * dependency-cruiser enforces it. A folder may always import itself.
 */
const ASSEMBLY = ["schema", "record", "state", "ops", "fields"];

/** Folders under host/ that `agent` wires together. */
const WIRED = [
  "schema",
  "files",
  "diagnostics",
  "yaml",
  "compile",
  "validate",
  "native",
  "engine",
  "capture",
  "replay",
  "config",
  "output",
  "bench",
];

const host = (folder, mayImport) => [`host/${folder}`, mayImport.map((name) => `host/${name}`)];
const assembly = (folder, mayImport) => [
  `assembly/${folder}`,
  mayImport.map((name) => `assembly/${name}`),
];

export const LAYERS = [
  assembly("schema", []),
  assembly("record", ["schema"]),
  assembly("state", ["record", "schema"]),
  assembly("ops", ["schema"]),
  assembly("fields", ["state", "record", "schema"]),
  assembly("pack", ["fields", "ops"]),
  assembly("engine", ASSEMBLY),
  assembly("sdk", ["fields", "ops", "state", "record"]),
  host("schema", []),
  host("files", []),
  host("diagnostics", []),
  host("yaml", ["diagnostics"]),
  host("compile", ["schema", "files", "diagnostics", "yaml", "validate"]),
  host("validate", ["schema"]),
  host("native", ["schema"]),
  host("engine", ["native", "schema", "files", "validate"]),
  host("capture", ["native", "schema", "replay"]),
  host("replay", ["schema", "files"]),
  host("config", ["schema", "diagnostics", "yaml"]),
  host("output", ["schema", "diagnostics"]),
  host("bench", ["compile", "engine", "native", "replay", "schema"]),
  host("agent", WIRED),
  host("cli", ["agent"]),
];

/** Phases are numbered folders here; each imports only lower numbers. */
export const PHASED = "host/compile";
export const PHASES = 7;
