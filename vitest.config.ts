import { defineConfig } from 'vitest/config';

/** What runs the command itself, each test in a throwaway machine of its own. */
const system = ['cli', 'docs', 'import', 'labs', 'safety'].map((folder) => `test/${folder}/**/*.test.ts`);
/** What shares the machine that `npm test` makes around all, or must not be disturbed: one file after the other. */
const alone = (folder: string, groupOrder: number, testTimeout: number) => ({
  extends: true as const,
  test: {
    name: folder,
    include: [`test/${folder}/**/*.test.ts`],
    globalSetup: 'test/support/built.ts',
    pool: 'forks' as const,
    fileParallelism: false,
    testTimeout,
    sequence: { groupOrder },
  },
});

/** `npm test` runs all of them inside one throwaway machine; `unit` needs none. */
export default defineConfig({
  test: {
    disableConsoleIntercept: true,
    // Ends a test that hangs; a machine that is busy with something else does not get there.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // vitest leaves one core idle, and most of these wait for the kernel now and then.
    maxWorkers: 4,
    maxConcurrency: 4,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Pure functions: what one file imports, the next one need not import again, and most is over before it is optimised.
          isolate: false,
          execArgv: ['--interrupt-budget=1000000'],
          include: ['test/**/*.test.ts'],
          exclude: [...system, 'test/kernel/**', 'test/campaign/**', 'test/bench/**'],
          sequence: { groupOrder: 0 },
        },
      },
      alone('kernel', 1, 60_000),
      {
        extends: true,
        test: {
          name: 'system',
          include: system,
          globalSetup: 'test/support/built.ts',
          testTimeout: 300_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'campaign',
          include: ['test/campaign/**/*.test.ts'],
          globalSetup: 'campaign/build.ts',
          maxConcurrency: 6,
          testTimeout: 900_000,
          sequence: { groupOrder: 2 },
        },
      },
      alone('bench', 3, 120_000),
    ],
  },
});
