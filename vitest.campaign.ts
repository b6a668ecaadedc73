import { defineConfig } from 'vitest/config';

/** The campaign's properties with their small counts: `npm run test:campaign`. */
export default defineConfig({
  test: {
    include: ['test/campaign/**/*.test.ts'],
    globalSetup: 'campaign/built.ts',
    fileParallelism: false,
    testTimeout: 600_000,
    maxConcurrency: 2,
  },
});
