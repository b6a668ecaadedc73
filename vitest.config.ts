import { defineConfig } from 'vitest/config';

const withKernel = [
  'test/kernel/**/*.test.ts',
  'test/cli/**/*.test.ts',
  'test/labs/**/*.test.ts',
  'test/safety/**/*.test.ts',
  'test/campaign/**/*.test.ts',
  'test/docs/**/*.test.ts',
];

/** `npm test` runs all of them inside one throwaway machine; `unit` needs none. */
export default defineConfig({
  test: {
    disableConsoleIntercept: true,
    testTimeout: 30_000,
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: withKernel, sequence: { groupOrder: 0 } } },
      {
        test: {
          name: 'kernel',
          include: ['test/kernel/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          globalSetup: 'test/support/built.ts',
          testTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'labs',
          include: ['test/labs/**/*.test.ts'],
          globalSetup: 'test/support/built.ts',
          testTimeout: 120_000,
          maxConcurrency: 3,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'safety',
          include: ['test/safety/**/*.test.ts'],
          globalSetup: 'test/support/built.ts',
          testTimeout: 120_000,
          maxConcurrency: 3,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: 'docs',
          include: ['test/docs/**/*.test.ts'],
          globalSetup: 'test/support/built.ts',
          testTimeout: 300_000,
          maxConcurrency: 3,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
