/** Patterns of cgroup paths, one function per runtime. */

/** Where the id of the last match lies, and Falco's number of the container's type. */
export class CgroupMatch {
  static address: usize = 0;
  static length: u32 = 0;
  /** Of the whole id where the path has it, else 0. */
  static fullLength: u32 = 0;
  static type: u32 = 0;

  static is(type: u32, address: usize, length: u32): bool {
    CgroupMatch.type = type;
    CgroupMatch.address = address;
    CgroupMatch.length = length;
    CgroupMatch.fullLength = 0;
    return true;
  }

  /** No runtime answers questions about it: what the path says is everything there is to know. */
  static get isWhole(): bool {
    const type = CgroupMatch.type;
    return type == Type.Lxc || type == Type.LibvirtLxc || type == Type.Bpm;
  }
}

const enum Type {
  Docker = 0,
  Lxc = 1,
  LibvirtLxc = 2,
  Cri = 6,
  Containerd = 7,
  Crio = 8,
  Bpm = 9,
  Podman = 11,
  /** Told by no path. */
  Unknown = 0xffff,
}

export const RUNTIMES: u32 = 7;

/** Tries the runtime with that place in the order. */
export function matchRuntime(runtime: u32, path: usize, length: u32): bool {
  Subject.address = path;
  Subject.length = length;
  if (runtime == 0) return isPodman();
  if (runtime == 1) return isDocker();
  if (runtime == 2) return isCri();
  if (runtime == 3) return isLxc();
  if (runtime == 4) return isLibvirt();
  if (runtime == 5) return isBpm();
  return isContainerd();
}

class Subject {
  static address: usize = 0;
  static length: u32 = 0;
}

/** An id is 64 hexadecimal digits; its first twelve are reported. */
const ID_BYTES: u32 = 64;
const SHORT_ID_BYTES: u32 = 12;
const NONE: u32 = 0xffff_ffff;
const SLASH: u8 = 47;

function isPodman(): bool {
  return (
    isRunc(Type.Podman, "/libpod-payload-", "") ||
    isRunc(Type.Podman, "/libpod-", ".scope") ||
    isRunc(Type.Podman, "/libpod-", ".scope/container") ||
    isRunc(Type.Podman, "/libpod-", "")
  );
}

/** A bare id below Kubernetes' cgroups may be of any runtime that serves pods. */
function isDocker(): bool {
  if (isRunc(Type.Docker, "/docker-", ".scope")) return true;
  return isRunc(find("/kubepods", 0) == NONE ? Type.Docker : Type.Cri, "/", "");
}

function isCri(): bool {
  return (
    isRunc(Type.Crio, "/crio-", "") ||
    isRunc(Type.Containerd, "/cri-containerd-", ".scope") ||
    isRunc(Type.Crio, "/crio-", ".scope") ||
    isRunc(Type.Containerd, ":cri-containerd:", "") ||
    isRunc(Type.Containerd, "/nerdctl-", ".scope")
  );
}

/**
 * `/<namespace>/<id>`, where the id may be any text of up to 64 bytes but for systemd's own units.
 * Much that is no container has such a path, so it is no word for the type.
 */
function isContainerd(): bool {
  const start = namespaceEnd();
  if (start == NONE) return false;
  const length = Subject.length - start;
  if (length == 0 || length > ID_BYTES) return false;
  if (endsWith(".service") || endsWith(".slice") || endsWith(".scope")) return false;
  const shown = length < SHORT_ID_BYTES ? length : SHORT_ID_BYTES;
  return CgroupMatch.is(Type.Unknown, Subject.address + start, shown);
}

/** Offset behind the first `/name/` whose name is letters and digits, with single marks between. */
function namespaceEnd(): u32 {
  const length = Subject.length;
  let start: u32 = 0;
  while (start < length) {
    if (byteAt(start) != SLASH) {
      start++;
      continue;
    }
    let at = start + 1;
    let wordAhead = true;
    for (; at < length; at++) {
      const byte = byteAt(at);
      if (isLetterOrDigit(byte)) wordAhead = false;
      else if (!wordAhead && (byte == 46 || byte == 95 || byte == 45)) wordAhead = true;
      else break;
    }
    if (at < length && byteAt(at) == SLASH && !wordAhead) return lastOfSame(start, at + 1);
    start = at;
  }
  return NONE;
}

/** The plugin looks for the last occurrence of the namespace it found. */
function lastOfSame(start: u32, end: u32): u32 {
  const bytes = end - start;
  let at = Subject.length - bytes;
  for (; at > start; at--) {
    if (memory.compare(Subject.address + at, Subject.address + start, bytes) == 0) break;
  }
  return at + bytes;
}

function isLxc(): bool {
  return (
    isLxcUnder("/lxc/") || isLxcUnder("/lxc.payload/") || isLxcUnder("/lxc.payload.")
  );
}

function isLxcUnder(prefix: string): bool {
  const at = find(prefix, 0);
  if (at == NONE) return false;
  const start = at + <u32>prefix.length;
  let end = start;
  while (end < Subject.length && byteAt(end) != SLASH) end++;
  return end > start && CgroupMatch.is(Type.Lxc, Subject.address + start, end - start);
}

function isLibvirt(): bool {
  const plain = findLast(".libvirt-lxc");
  if (plain != NONE && plain + 12 == Subject.length) {
    let start = plain;
    while (start > 0 && byteAt(start - 1) != SLASH) start--;
    if (start > 0 && start < plain) {
      return CgroupMatch.is(Type.LibvirtLxc, Subject.address + start, plain - start);
    }
  }
  // systemd writes the `-` behind `lxc` as \x2d
  const escaped = find("-lxc\\x2d", 0);
  if (escaped != NONE) {
    const tail: u32 = endsWith(".scope/libvirt") ? 14 : endsWith(".scope") ? 6 : 0;
    const start = escaped + 8;
    if (tail != 0 && Subject.length - tail > start) {
      const length = Subject.length - tail - start;
      return CgroupMatch.is(Type.LibvirtLxc, Subject.address + start, length);
    }
  }
  const legacy = find("/libvirt/lxc/", 0);
  if (legacy == NONE || legacy + 13 >= Subject.length) return false;
  const start = legacy + 13;
  return CgroupMatch.is(Type.LibvirtLxc, Subject.address + start, Subject.length - start);
}

function isBpm(): bool {
  const at = find("bpm-", 0);
  if (at == NONE) return false;
  const start = at + 4;
  const scope = find(".scope", start);
  const end = scope == NONE ? Subject.length : scope;
  for (let i = start; i < end; i++) {
    const byte = byteAt(i);
    if (!isLetterOrDigit(byte) && byte != 46 && byte != 95 && byte != 45) return false;
  }
  return end > start && CgroupMatch.is(Type.Bpm, Subject.address + start, end - start);
}

/** Between the last prefix and the last suffix there are exactly 64 hexadecimal digits. */
function isRunc(type: u32, prefix: string, suffix: string): bool {
  const found = findLast(prefix);
  if (found == NONE) return false;
  const start = found + <u32>prefix.length;
  const end = suffix.length == 0 ? Subject.length : findLast(suffix);
  if (end == NONE || end < start || end - start != ID_BYTES) return false;
  for (let i = start; i < end; i++) {
    if (!isHex(byteAt(i))) return false;
  }
  CgroupMatch.is(type, Subject.address + start, SHORT_ID_BYTES);
  CgroupMatch.fullLength = ID_BYTES;
  return true;
}

function byteAt(index: u32): u8 {
  return load<u8>(Subject.address + index);
}

function isHex(byte: u8): bool {
  const lower = byte | 32;
  return (byte >= 48 && byte <= 57) || (lower >= 97 && lower <= 102);
}

function isLetterOrDigit(byte: u8): bool {
  const lower = byte | 32;
  return (byte >= 48 && byte <= 57) || (lower >= 97 && lower <= 122);
}

function endsWith(suffix: string): bool {
  const bytes = <u32>suffix.length;
  return Subject.length >= bytes && isAt(Subject.length - bytes, suffix);
}

function find(text: string, from: u32): u32 {
  const bytes = <u32>text.length;
  for (let at = from; at + bytes <= Subject.length; at++) {
    if (isAt(at, text)) return at;
  }
  return NONE;
}

function findLast(text: string): u32 {
  const bytes = <u32>text.length;
  if (bytes > Subject.length) return NONE;
  for (let at = <i32>(Subject.length - bytes); at >= 0; at--) {
    if (isAt(<u32>at, text)) return <u32>at;
  }
  return NONE;
}

/** ASCII text; a literal lies in static memory as UTF-16, nothing is allocated. */
function isAt(at: u32, text: string): bool {
  for (let i: i32 = 0; i < text.length; i++) {
    if (byteAt(at + <u32>i) != <u8>load<u16>(changetype<usize>(text) + (<usize>i << 1))) {
      return false;
    }
  }
  return true;
}
