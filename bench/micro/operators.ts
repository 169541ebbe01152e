/**
 * The operators that are measured: each with real-looking values and an operand, as Lanner asks it,
 * as a naive loop, and as JavaScript would on strings that are decoded already.
 */
import type { Network } from "../../host/compile/5-plan/graph.ts";
import type { DataBlock } from "../../host/compile/6-emit/data.ts";
import {
  listTable,
  networkTable,
  numberTable,
  pathTable,
  regexTable,
  setTable,
  textTable,
} from "../../host/compile/6-emit/tables.ts";

export interface Operator {
  readonly name: string;
  readonly values: readonly Buffer[];
  /** AssemblyScript over `at`, `length` and `operand`. */
  readonly lanner: string;
  readonly operand: (data: DataBlock) => number;
  readonly naive?: string;
  /** Where the naive loop reads another table. */
  readonly naiveOperand?: (data: DataBlock) => number;
  /** What a value is in JavaScript; text when left out. */
  readonly decode?: (value: Buffer) => string | number;
  readonly javascript: (value: never) => boolean;
  /** On bytes, where Buffer has something for it. */
  readonly buffer?: (value: Buffer) => boolean;
  /** On text. */
  readonly regexp?: RegExp;
}

const FOLDERS = [
  "/usr/bin",
  "/usr/lib/x86_64-linux-gnu",
  "/etc",
  "/etc/ssl/certs",
  "/proc/4711",
  "/home/ada/.ssh",
  "/var/log/nginx",
  "/tmp/build-7f3a/src",
  "/opt/app/node_modules/express/lib",
];
const NAMES = ["bash", "dpkg", "libc.so.6", "id_rsa", "status", "access.log", "main.c", "Shadow"];

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
const PATHS = FOLDERS.flatMap((folder) => NAMES.map((name) => bytes(`${folder}/${name}`)));
const COMMANDS = PATHS.map((path, i) =>
  bytes(`${path.toString("latin1")} --config /etc/app-${i}.conf -v --Output=/tmp/out-${i * 7919}`),
);
const NUMBERS = Array.from({ length: 64 }, (_, i) => {
  const number = Buffer.alloc(8);
  number.writeBigUInt64LE(BigInt((i * 7_919) % 1_024));
  return number;
});
const ADDRESSES = Array.from({ length: 64 }, (_, i) =>
  Buffer.of([10, 172, 192, 8][i % 4] ?? 0, [0, 16, 168, 8][i % 4] ?? 0, i, (i * 37) & 255),
);
export const THREADS = 1_000;
const TIDS = Array.from({ length: 64 }, (_, i) => {
  const tid = Buffer.alloc(4);
  tid.writeUInt32LE(10 + ((i * 15_485_863) % (THREADS - 10)));
  return tid;
});

const BINARIES = [
  ..."awk bash cat chmod chown cp curl cut dash date dd df diff dpkg du echo env find git".split(
    " ",
  ),
  ..."grep gzip head id kill less ln ls make mkdir mount mv nc perl ps python3 rm sed sh".split(
    " ",
  ),
].map((name) => `/usr/bin/${name}`);
const PREFIXES = ["/bin", "/sbin", "/boot", "/usr/sbin", "/usr/lib/systemd", "/etc/ssl", "/root"];
const MOST_PREFIXES = [...PREFIXES, "/home/ada/.ssh", "/var/spool/cron", "/proc/1", "/dev/shm"];
const NEEDLES = [
  "xmrig",
  "base64 -d",
  "/dev/tcp/",
  "nc -e",
  "stratum+tcp",
  ".ssh/",
  "--privileged",
];
const LISTED = [2n, 17n, 41n, 59n, 101n, 257n, 443n, 999n];
const NETWORKS = [
  [[10, 0, 0, 0], 8],
  [[172, 16, 0, 0], 12],
  [[192, 168, 0, 0], 16],
  [[169, 254, 0, 0], 16],
  [[127, 0, 0, 0], 8],
] as const;

const DPKG = bytes("/usr/bin/dpkg");
const GLOB = /^\/home\/.*\/\.ssh\/id_.*$/s;
const REGEX = /^\/(usr|opt)\/.*\/(lib[a-z]+\.so(\.[0-9]+)?|main\.[ch])$/s;
const PARENTS = new Map(Array.from({ length: THREADS }, (_, i) => [i + 1, i]));
const LISTED_NUMBERS = new Set(LISTED.map(Number));
const BINARY_SET = new Set(BINARIES);
const ANSWERS = new Map<string, boolean>();

/** Pairs of id and parent behind their count. */
function parentTable(data: DataBlock): number {
  const table = Buffer.alloc(4 + THREADS * 8);
  table.writeUInt32LE(THREADS);
  for (const [id, parent] of PARENTS) {
    table.writeUInt32LE(id, id * 8 - 4);
    table.writeUInt32LE(parent, id * 8);
  }
  return data.add(table);
}

const mask = (bits: number): number => (bits === 0 ? 0 : -1 << (32 - bits));
const MASKED = NETWORKS.map(([address, bits]) => ({
  value: Buffer.from(address).readInt32BE() & mask(bits),
  mask: mask(bits),
}));

function isInMasked(text: string): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = text.split(".").map(Number);
  const address = (a << 24) | (b << 16) | (c << 8) | d;
  return MASKED.some((network) => (address & network.mask) === network.value);
}

function remembered(text: string): boolean {
  const known = ANSWERS.get(text);
  if (known !== undefined) return known;
  const answer = BINARY_SET.has(text);
  ANSWERS.set(text, answer);
  return answer;
}

function ancestorOf(id: number, levels: number): number {
  let at = id;
  for (let level = 0; level < levels; level++) at = PARENTS.get(at) ?? 0;
  return at;
}

const number = (value: Buffer): number =>
  value.length === 8 ? Number(value.readBigUInt64LE()) : value.readUInt32LE();

export const OPERATORS: readonly Operator[] = [
  {
    name: "=",
    values: PATHS,
    lanner: "isText(at, length, operand)",
    operand: (data) => textTable(data, "/usr/bin/dpkg"),
    naive: "naiveIs(at, length, operand)",
    javascript: (value: string) => value === "/usr/bin/dpkg",
    buffer: (value) => value.equals(DPKG),
  },
  {
    name: "startswith",
    values: PATHS,
    lanner: "startsWithText(at, length, operand)",
    operand: (data) => textTable(data, "/etc/ssl/"),
    naive: "naiveStarts(at, length, operand)",
    javascript: (value: string) => value.startsWith("/etc/ssl/"),
    regexp: /^\/etc\/ssl\//,
  },
  {
    name: "endswith",
    values: PATHS,
    lanner: "endsWithText(at, length, operand)",
    operand: (data) => textTable(data, "access.log"),
    naive: "naiveEnds(at, length, operand)",
    javascript: (value: string) => value.endsWith("access.log"),
    regexp: /access\.log$/,
  },
  {
    name: "contains",
    values: COMMANDS,
    lanner: "containsText(at, length, operand)",
    operand: (data) => textTable(data, "--output=/dev"),
    naive: "naiveHas(at, length, operand)",
    javascript: (value: string) => value.includes("--output=/dev"),
    buffer: (value) => value.includes("--output=/dev"),
    regexp: /--output=\/dev/,
  },
  {
    name: "icontains",
    values: COMMANDS,
    lanner: "containsFoldedText(at, length, operand)",
    operand: (data) => textTable(data, "--output=/dev"),
    naive: "naiveHasFolded(at, length, operand)",
    javascript: (value: string) => value.toLowerCase().includes("--output=/dev"),
    regexp: /--output=\/dev/i,
  },
  {
    name: `contains any of ${NEEDLES.length}`,
    values: COMMANDS,
    lanner: "containsAny(at, length, operand)",
    operand: (data) => listTable(data, NEEDLES),
    naive: "naiveHasAny(at, length, operand)",
    javascript: (value: string) => NEEDLES.some((needle) => value.includes(needle)),
    buffer: (value) => NEEDLES.some((needle) => value.includes(needle)),
    regexp: /xmrig|base64 -d|\/dev\/tcp\/|nc -e|stratum\+tcp|\.ssh\/|--privileged/,
  },
  {
    name: `in, of ${BINARIES.length}`,
    values: PATHS,
    lanner: "isInSet(at, length, operand)",
    operand: (data) => setTable(data, BINARIES),
    naive: "naiveIsIn(at, length, operand)",
    naiveOperand: (data) => listTable(data, BINARIES),
    javascript: (value: string) => BINARY_SET.has(value),
  },
  {
    name: "in, remembered in a row",
    values: PATHS,
    lanner: "cachedIsIn(at, length, operand)",
    operand: (data) => setTable(data, BINARIES),
    naive: "naiveIsIn(at, length, operand)",
    naiveOperand: (data) => listTable(data, BINARIES),
    javascript: remembered,
  },
  {
    name: `pmatch, ${MOST_PREFIXES.length} prefixes`,
    values: PATHS,
    lanner: "isBelow(at, length, operand)",
    operand: (data) => pathTable(data, MOST_PREFIXES),
    naive: "naiveBelow(at, length, operand)",
    naiveOperand: (data) => listTable(data, MOST_PREFIXES),
    javascript: (value: string) =>
      MOST_PREFIXES.some((prefix) => value === prefix || value.startsWith(`${prefix}/`)),
  },
  {
    name: "glob",
    values: PATHS,
    lanner: "matchesGlob(at, length, operand + 4, load<u32>(operand), false)",
    operand: (data) => textTable(data, "/home/*/.ssh/id_*"),
    naive: "naiveGlob(at, length, operand + 4, load<u32>(operand))",
    javascript: (value: string) => GLOB.test(value),
  },
  {
    name: "regex",
    values: PATHS,
    lanner: "matchesRegex(at, length, operand)",
    operand: (data) => regexTable(data, "/(usr|opt)/.*/(lib[a-z]+\\.so(\\.[0-9]+)?|main\\.[ch])"),
    javascript: (value: string) => REGEX.test(value),
  },
  {
    name: `number in, of ${LISTED.length}`,
    values: NUMBERS,
    lanner: "isNumberIn(load<u64>(at), operand)",
    operand: (data) => numberTable(data, LISTED),
    decode: number,
    javascript: (value: number) => LISTED_NUMBERS.has(value),
  },
  {
    name: "number order",
    values: NUMBERS,
    lanner: "load<u64>(at) < <u64>operand",
    operand: () => 512,
    decode: number,
    javascript: (value: number) => value < 512,
  },
  {
    name: `in ${NETWORKS.length} networks`,
    values: ADDRESSES,
    lanner: "isInNetworks(at, length, operand)",
    operand: (data) => networkTable(data, networks()),
    naive: "naiveNetworks(at, length, operand)",
    decode: (value) => value.join("."),
    javascript: isInMasked,
  },
  {
    name: "ancestor, 4 levels up",
    values: TIDS,
    lanner: "(ancestorId(at, 4) & 1) == <u32>operand",
    operand: () => 1,
    naive: "(naiveAncestor(load<u32>(at), 4, operand) & 1) == 1",
    naiveOperand: parentTable,
    decode: number,
    javascript: (value: number) => (ancestorOf(value, 4) & 1) === 1,
  },
];

function networks(): readonly Network[] {
  return NETWORKS.map(([address, bits]) => ({
    bytes: Buffer.from(address).toString("latin1"),
    bits,
  }));
}
