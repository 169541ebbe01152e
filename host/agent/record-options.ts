/** Sizes, times and lengths as the user writes them for a recording. */
import { AgentError, EXIT } from "./io.ts";
import type { Rotation } from "./record-files.ts";

const SIZE = /^(\d{1,12})([kmg]?)(?:i?b)?$/i;
const DURATION = /^(\d{1,9})([smhd]?)$/;

const BYTES_OF: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
const SECONDS_OF: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3_600, d: 86_400 };

/** A smaller file would be little more than its own process list. */
const ROTATE_BYTES_MIN = 64 << 10;
/** Bounded by the capture programs. */
const SNAPLEN_MAX = 65_535;

/** Undefined when neither is asked for. Throws AgentError. */
export function readRotation(
  size: string | undefined,
  time: string | undefined,
): Rotation | undefined {
  if (size === undefined && time === undefined) return undefined;
  return {
    ...(size === undefined ? {} : { bytes: readSize(size) }),
    ...(time === undefined ? {} : { seconds: readDuration(time) }),
  };
}

function readSize(text: string): number {
  const [, digits, unit = ""] = SIZE.exec(text) ?? [];
  const bytes = Number(digits) * (BYTES_OF[unit.toLowerCase()] ?? Number.NaN);
  if (bytes >= ROTATE_BYTES_MIN) return bytes;
  throw usage(`--rotate-size "${text}" is no size; use 64k or more, as 100M or 2G`);
}

function readDuration(text: string): number {
  const [, digits, unit = ""] = DURATION.exec(text) ?? [];
  const seconds = Number(digits) * (SECONDS_OF[unit] ?? Number.NaN);
  if (seconds >= 1) return seconds;
  throw usage(`--rotate-time "${text}" is no time; use 1 or more seconds, as 90s, 10m or 1h`);
}

/** Bytes of data kept of each event. Throws AgentError. */
export function readSnaplen(text: string): number {
  const bytes = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (bytes <= SNAPLEN_MAX) return bytes;
  throw usage(`--snaplen "${text}" is no length; use 0 to ${String(SNAPLEN_MAX)} bytes`);
}

function usage(message: string): AgentError {
  return new AgentError(EXIT.usage, message);
}
