/**
 * An agent whose engine is in an endless loop, for a test that kills it: prints the engine's
 * process id. Arguments: the built host, and files with the options' parts.
 */
import { readFileSync, writeSync } from "node:fs";
import { deserialize } from "node:v8";

const [host, file] = process.argv.slice(2);
const load = (path) => import(`${host}/${path}.js`);
const { Supervisor } = await load("engine/supervisor");
const { createMemory } = await load("native/native");
const { REPLAY_BYTES_MAX, STATE_BYTES_MAX } = await load("schema/memory");
const { session, blocks } = deserialize(readFileSync(file));

const memory = (name, bytes) => ({ fd: createMemory(name, bytes), bytes });
const windows = {
  state: memory("orphan-state", STATE_BYTES_MAX),
  replay: memory("orphan-replay", REPLAY_BYTES_MAX),
  rings: [],
};
const ignore = () => undefined;
const supervisor = new Supervisor(
  {
    session,
    windows,
    limits: { packs: [[0]] },
    record: false,
    watchdogMs: 600_000,
    offered: () => 0,
  },
  { onMatch: ignore, onFault: ignore, onRecorded: ignore, onRestart: ignore, onGivenUp: ignore },
);
await supervisor.start();
writeSync(windows.replay.fd, blocks, 0, blocks.length, 0);
void supervisor.replay(0, blocks.length);
console.log(supervisor.pid);
