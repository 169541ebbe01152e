/** Event times (ns since the epoch) as text. Local means the time zone of this process (`TZ`). */

const NS_PER_SECOND = 1_000_000_000n;

interface Parts {
  readonly date: Date;
  /** Nine digits. */
  readonly fraction: string;
}

/** `HH:MM:SS.nnnnnnnnn`, local. */
export function clockTime(ns: bigint): string {
  return `${clockSeconds(ns)}.${split(ns).fraction}`;
}

/** `YYYY-MM-DDTHH:MM:SS.nnnnnnnnn` and the zone as given, in UTC. */
export function isoTime(ns: bigint, zone: "Z" | "+0000"): string {
  const { date, fraction } = split(ns);
  return `${date.toISOString().slice(0, 19)}.${fraction}${zone}`;
}

/**
 * Text of a field that shows the event's own time, or undefined for any other field. They are
 * formatted here and not in the engine because only the host knows the time zone.
 */
export function timeFieldText(field: string, ns: bigint): string | undefined {
  switch (field) {
    case "evt.time":
    case "evt.outputtime":
      return clockTime(ns);
    case "evt.time.s":
      return clockSeconds(ns);
    case "evt.time.iso8601":
      return isoTime(ns, "+0000");
    case "evt.datetime":
      return `${localDate(ns)} ${clockTime(ns)}`;
    case "evt.datetime.s":
      return `${localDate(ns)} ${clockSeconds(ns)}`;
    case "evt.rawtime":
      return String(ns);
    case "evt.rawtime.s":
      return String(ns / NS_PER_SECOND);
    case "evt.rawtime.ns":
      return split(ns).fraction;
    default:
      return undefined;
  }
}

/** What such a field is in JSON: raw times as they read, all others in whole nanoseconds. */
export function timeFieldNumber(field: string, ns: bigint): bigint | undefined {
  const text = timeFieldText(field, ns);
  if (text === undefined) return undefined;
  return field.startsWith("evt.rawtime.") ? BigInt(text) : ns;
}

function split(ns: bigint): Parts {
  return {
    date: new Date(Number(ns / 1_000_000n)),
    fraction: String(ns % NS_PER_SECOND).padStart(9, "0"),
  };
}

function clockSeconds(ns: bigint): string {
  const { date } = split(ns);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":");
}

function localDate(ns: bigint): string {
  const { date } = split(ns);
  const month = twoDigits(date.getMonth() + 1);
  return `${String(date.getFullYear())}-${month}-${twoDigits(date.getDate())}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
