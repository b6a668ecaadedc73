import { build } from 'esbuild';
import buildShipped, { isOlder } from '../test/support/built.ts';
import { repository } from '../test/support/machine.ts';

/**
 * Builds what is shipped, and dist-campaign, where the sources are newer: what runs the properties, hundreds of times. As
 * TypeScript it would take longer to load than many a run. The program itself is the one that is shipped.
 */
export default async function buildAll(): Promise<void> {
  buildShipped();
  if (!isOlder('dist-campaign/campaign/worker.js', ['src', 'campaign', 'test/support'])) return;
  await build({
    absWorkingDir: repository,
    entryPoints: ['campaign/worker.ts', 'campaign/runner.ts'],
    outbase: '.',
    outdir: 'dist-campaign',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: { js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);" },
    external: ['koffi', 'elkjs'],
    logLevel: 'warning',
  });
}
