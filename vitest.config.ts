import { defineConfig } from "vitest/config";

const skipped = ["**/node_modules/**", "**/dist/**"];

// The file's name says what a test needs: x.test.ts nothing, x.pg.test.ts PostgreSQL, x.py.test.ts Python, x.live.test.ts the media engine (and PostgreSQL), e2e/x.spec.ts a browser.
// What a test waits for comes when it comes: no time-out of a test is a measure of speed.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{packages,apps,bin,tests}/**/*.test.{ts,tsx}"],
          exclude: [...skipped, "**/*.{pg,py,live}.test.ts"],
          testTimeout: 20_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        test: {
          name: "pg",
          include: ["{packages,apps,bin,tests}/**/*.{pg,py}.test.ts"],
          exclude: skipped,
          testTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "live",
          include: ["{packages,apps,tests}/**/*.live.test.ts"],
          exclude: skipped,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.spec.ts"],
          exclude: skipped,
          fileParallelism: false,
          retry: 0,
          testTimeout: 300_000,
          expect: { poll: { timeout: 60_000 } },
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
