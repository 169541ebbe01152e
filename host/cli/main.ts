#!/usr/bin/env node
/** Runs the command line in this process. */
import { runCli } from "./program.ts";
import { processIo } from "./process-io.ts";

process.exitCode = await runCli(process.argv.slice(2), processIo());
