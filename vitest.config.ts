import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** They load BPF programs, fill rings and watch clocks: one file at a time, with nothing beside. */
const LIVE = [
  "test/live/**/*.test.ts",
  "test/native/**/*.test.ts",
  "test/engine/{process,live-loop,container-questions}.test.ts",
];

export default defineConfig({
  test: {
    // Memories of 2 GiB and loaded BPF programs: each file in a process of its own.
    pool: "forks",
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Print in full what a program wrote where a test expected something else.
    chaiConfig: { truncateThreshold: 500 },
    reporters: process.env["CI"] === "true" ? ["default", "json"] : ["default"],
    outputFile: { json: "build/test-results.json" },
    projects: [
      {
        extends: true,
        test: {
          name: "offline",
          include: ["test/**/*.test.ts"],
          exclude: LIVE,
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "live",
          include: LIVE,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
