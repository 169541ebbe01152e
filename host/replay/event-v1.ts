import type { Cursor } from "./cursor.ts";
import { EVENT_HEADER_BYTES, eventBlock } from "./encode.ts";

const HEADER_V1_BYTES = 22;
/** Longest parameter list that the engine decodes. */
const PARAMS_MAX = 64;
const NOTIFICATION = 280;
const INFRASTRUCTURE = 286;
/** Producers counted three bytes too many in the events of these two types. */
const OVERCOUNT_BYTES = 3;

/**
 * An event of the first file version as a block of today's. Its header does not say how many
 * parameters follow; the count is the one for which lengths and values fill the event: each further
 * length adds at least its own two bytes, so no two counts can. Returns undefined when none does.
 */
export function upgradeEventBlock(body: Cursor, hasFlags: boolean): Buffer | undefined {
  if (body.remaining < (hasFlags ? 6 : 2) + HEADER_V1_BYTES) return undefined;
  const cpu = body.u16("cpu");
  const flags = hasFlags ? body.u32("event flags") : 0;
  const header = body.bytes(HEADER_V1_BYTES, "an event header");
  const length = header.readUInt32LE(16);
  const type = header.readUInt16LE(20);
  if (length < HEADER_V1_BYTES) return undefined;
  const overcounted = type === NOTIFICATION || type === INFRASTRUCTURE;
  const available = length - HEADER_V1_BYTES;
  const rest = body.bytes(Math.min(available, body.remaining), "event parameters");
  const exact = countParams(rest, available);
  const count = exact ?? (overcounted ? countParams(rest, available - OVERCOUNT_BYTES) : undefined);
  if (count === undefined) return undefined;
  const values = rest.subarray(0, exact === undefined ? available - OVERCOUNT_BYTES : available);

  const event = Buffer.alloc(EVENT_HEADER_BYTES + values.length);
  header.copy(event);
  event.writeUInt32LE(event.length, 16);
  event.writeUInt32LE(count, 22);
  values.copy(event, EVENT_HEADER_BYTES);
  return eventBlock(event, { cpu, stateOnly: (flags & 1) !== 0 });
}

function countParams(bytes: Buffer, available: number): number | undefined {
  if (available < 0 || available > bytes.length) return undefined;
  let used = 0;
  for (let count = 0; count <= PARAMS_MAX; count++) {
    if (used === available) return count;
    const at = count * 2;
    if (at + 2 > available) return undefined;
    used += 2 + bytes.readUInt16LE(at);
  }
  return undefined;
}
