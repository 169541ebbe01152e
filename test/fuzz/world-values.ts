/** What parameters of made-up events hold: texts, lists, data and addresses. */
import type { ParamType } from "../../host/schema/types.ts";
import type { Random } from "./random.ts";

const NAMES = ["sh", "bash", "nginx", "sshd", "cat", "Worker-1", "a b", "caf\u00e9"];
const PATHS = [
  "/bin/sh",
  "/usr/bin/cat",
  "/etc/passwd",
  "/etc/shadow",
  "/tmp/../etc/hosts",
  "/srv/demo/a b.txt",
  "/var/log//syslog",
  "/dev/null",
  "file",
  "./dir/x",
  "..",
  "/",
  "",
  "(NULL)",
  "/home/user/.ssh/id_rsa",
  "/caf\u00e9/\u65e5\u672c",
  `/long/${"d".repeat(300)}`,
];
const WORDS = ["-c", "-la", "--help", "x", "echo hi", "/etc/passwd", "-xf", "", "a=b", "\u00e9"];
const SETTINGS = ["PATH=/bin:/usr/bin", "HOME=/root", "SHELL=/bin/sh", "PWD=/", "EMPTY=", "none"];
const CONTAINERS = ["ab".repeat(32), "0123456789ab".padEnd(64, "c")];
const CGROUPS = [
  "cpuset=/\0cpu=/user.slice\0memory=/\0",
  ...CONTAINERS.map((id) => `cpuset=/docker/${id}\0memory=/docker/${id}\0pids=/\0`),
  `cpu=/libpod_parent/libpod-${"0f".repeat(32)}\0`,
];
const DATA = [
  "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  "root:x:0:0\n",
  "\x7fELF\x02\x01\x00\x00",
  "\x00\xff\xfe\x80",
  "plain",
  "",
];
const ACCOUNTS = ["root", "www-data", "user", ""];
const SHORT_ID = 12;

export interface Param {
  /** Of the event type. */
  readonly id: string;
  readonly name: string;
}

export function textOfParam(random: Random, { id, name }: Param): string {
  if (id.startsWith("ASYNC")) return random.pick(["container", "container", "container_removed"]);
  if (id.startsWith("CONTAINER_JSON")) return container(random);
  if (name === "container_id")
    return random.pick(["", ...CONTAINERS.map((each) => each.slice(0, SHORT_ID))]);
  if (/^(?:USER|GROUP)_/.test(id) && name === "name") return random.pick(ACCOUNTS);
  return random.pick(name === "comm" ? NAMES : random.chance(0.8) ? PATHS : NAMES);
}

/** Undefined for what is a number. */
export function bytesOfParam(
  random: Random,
  { id, name, type }: Param & { readonly type: ParamType },
): Buffer | undefined {
  switch (type) {
    case "BYTEBUF":
    case "CHARBUFARRAY":
    case "CHARBUF_PAIR_ARRAY":
      if (id.startsWith("ASYNC")) return Buffer.from(container(random));
      return bytesNamed(random, name);
    case "SOCKADDR":
      return socketAddress(random);
    case "SOCKTUPLE":
      return socketTuple(random);
    case "FDLIST":
      return descriptors(random);
    case "IPV4ADDR":
      return ipv4(random);
    case "IPV6ADDR":
      return ipv6(random);
    case "DYN":
      return Buffer.concat([Buffer.of(random.below(6)), word(random.below(100), 8)]);
    case "IPV4NET":
    case "IPV6NET":
    case "IPADDR":
    case "IPNET":
    case "DOUBLE":
      return word(random.below(100), 8);
    default:
      return undefined;
  }
}

function bytesNamed(random: Random, name: string): Buffer {
  const list = (words: readonly string[]): Buffer =>
    Buffer.from(random.times(random.below(5), () => `${random.pick(words)}\0`).join(""));
  switch (name) {
    case "cgroups":
      return Buffer.from(random.pick(CGROUPS));
    case "env":
      return list(SETTINGS);
    case "args":
    case "argv":
      return list(WORDS);
    default:
      return Buffer.from(random.pick(DATA), "latin1");
  }
}

function container(random: Random): string {
  const full = random.pick(CONTAINERS);
  const labels = random.pick([
    {},
    { app: "web", maintainer: "a b" },
    { "io.kubernetes.pod.name": "pod-1", "io.kubernetes.pod.namespace": "prod" },
  ]);
  return JSON.stringify({
    container: {
      id: full.slice(0, SHORT_ID),
      full_id: full,
      name: random.pick(["web", "db"]),
      image: "docker.io/library/nginx:1.27",
      imagerepo: "docker.io/library/nginx",
      imagetag: random.pick(["1.27", ""]),
      type: random.pick([0, 6, 7, 11]),
      privileged: random.chance(0.5),
      ip: "10.88.0.7",
      labels,
      Mounts: [
        { Source: "/proc", Destination: "/host/proc", Mode: "ro", RW: false, Propagation: "" },
        { Source: "/dev/shm", Destination: "/dev", Mode: "", RW: true, Propagation: "rprivate" },
      ].slice(random.below(3)),
    },
  });
}

const PORTS = [0, 22, 53, 80, 443, 8080, 40_000, 65_535];

function ipv4(random: Random): Buffer {
  return Buffer.from(
    random.pick([
      [127, 0, 0, 1],
      [192, 168, 50, 10],
      [10, 0, 0, 7],
      [8, 8, 8, 8],
      [0, 0, 0, 0],
    ]),
  );
}

function ipv6(random: Random): Buffer {
  const bytes = Buffer.alloc(16);
  bytes[15] = random.below(3);
  if (random.chance(0.5)) bytes.set([0xfd, 0, 0, 0x50]);
  if (random.chance(0.3))
    return Buffer.concat([bytes.fill(0, 0, 10).fill(255, 10, 12), ipv4(random)], 16);
  return bytes;
}

function word(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUInt16LE(value);
  return buffer;
}

const port = (random: Random): Buffer => word(random.pick(PORTS), 2);
const unixPath = (random: Random): Buffer =>
  Buffer.from(random.pick(["/run/app.sock\0", "/dev/log\0", "\0"]));

function socketAddress(random: Random): Buffer {
  switch (random.below(4)) {
    case 0:
      return Buffer.concat([Buffer.of(1), unixPath(random)]);
    case 1:
      return Buffer.concat([Buffer.of(10), ipv6(random), port(random)]);
    case 2:
      return Buffer.concat([Buffer.of(2), ipv4(random), port(random)]);
    default:
      return Buffer.alloc(0);
  }
}

function socketTuple(random: Random): Buffer {
  const ends = (address: (random: Random) => Buffer): Buffer[] => [
    ...[address(random), port(random)],
    ...[address(random), port(random)],
  ];
  switch (random.below(5)) {
    case 0:
      return Buffer.concat([Buffer.of(1), word(1, 8), word(2, 8), unixPath(random)]);
    case 1:
      return Buffer.concat([Buffer.of(10), ...ends(ipv6)]);
    case 2:
    case 3:
      return Buffer.concat([Buffer.of(2), ...ends(ipv4)]);
    default:
      return Buffer.alloc(0);
  }
}

/** A count, then that many descriptors with their flags. */
function descriptors(random: Random): Buffer {
  const count = random.below(4);
  const each = random.times(count, () => [word(random.below(10), 8), word(random.below(64), 2)]);
  return Buffer.concat([word(count, 2), ...each.flat()]);
}
