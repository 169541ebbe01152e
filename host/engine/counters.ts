/**
 * What the engine has counted, read from the state window (drawn in assembly/state/counters.ts).
 */
const COUNTERS_OFFSET = 2_048;

/** Index of each counter that the host shows. */
const INDEX = {
  events: 0,
  evaluated: 1,
  evaluations: 2,
  matches: 3,
  matchCalls: 4,
  malformed: 5,
  unknownTypes: 6,
  threadsFull: 7,
  descriptorsFull: 8,
  processDescriptorsFull: 9,
  stringsFull: 10,
  stringsTooLong: 11,
  containersFull: 12,
  usersFull: 13,
  groupsFull: 14,
  interfacesFull: 15,
  packTraps: 23,
  ringGaps: 25,
  outOfOrder: 26,
  tapFull: 29,
  /** Behind those of the event types. */
  skipped: 672,
} as const;

export type CounterName = keyof typeof INDEX;
export type EngineCounters = Readonly<Record<CounterName, bigint>>;

/** Bytes from the start of the state window that hold them all. */
export const COUNTERS_END = COUNTERS_OFFSET + 8 * (INDEX.skipped + 1);

/** Reads the counters from the first COUNTERS_END bytes of the state window. */
export function readCounters(state: Uint8Array): EngineCounters {
  const view = new DataView(state.buffer, state.byteOffset, state.byteLength);
  const read = ([name, index]: readonly [string, number]): readonly [string, bigint] => [
    name,
    view.getBigUint64(COUNTERS_OFFSET + 8 * index, true),
  ];
  return Object.fromEntries(Object.entries(INDEX).map(read)) as EngineCounters;
}

/** What was lost in the engine, by reason in words. */
export function engineLosses(counters: EngineCounters): ReadonlyMap<string, bigint> {
  return new Map([
    ["malformed records", counters.malformed],
    ["records of unknown type", counters.unknownTypes],
    ["no room for a thread", counters.threadsFull],
    ["no room for a descriptor", counters.descriptorsFull],
    ["too many descriptors in one process", counters.processDescriptorsFull],
    ["no room for a text", counters.stringsFull],
    ["text too long", counters.stringsTooLong],
    ["no room for a container", counters.containersFull],
    ["no room for a user", counters.usersFull],
    ["no room for a group", counters.groupsFull],
    ["no room for a local address", counters.interfacesFull],
    ["gaps in a ring", counters.ringGaps],
    ["no room in the recording", counters.tapFull],
    ["events not shown to slow packs", counters.skipped],
  ]);
}
