#!/usr/bin/env node
/** The `lanner` command. Sets up first when nothing was built yet. */
import { existsSync } from "node:fs";
import { at } from "./paths.mjs";

if (!existsSync(at("dist", "cli", "main.js")) || !existsSync(at("build", "engine.wasm"))) {
  const { say } = await import("./report.mjs");
  const { setUp } = await import("./setup.mjs");
  say("Lanner was not built yet; setting up …");
  await setUp();
}
await import("../dist/cli/main.js");
