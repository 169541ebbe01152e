import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Memories of 2 GiB and loaded BPF programs: each file in a process of its own.
    pool: "forks",
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What a program printed is told whole where a test expected it otherwise.
    chaiConfig: { truncateThreshold: 500 },
    reporters: process.env["CI"] === "true" ? ["default", "json"] : ["default"],
    outputFile: { json: "build/test-results.json" },
  },
});
