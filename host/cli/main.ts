#!/usr/bin/env node
/** Runs the command line in this process. */
import { processIo } from "./process-io.ts";
import { runCli } from "./program.ts";

const io = processIo();
const code = await runCli(process.argv.slice(2), io);
await io.flushed();
process.exitCode = io.exitCode(code);
