import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as Esbuild from 'esbuild';

/**
 * The script of the page: `browser/main.ts` and what it imports, as one text. A build has another file in the place of
 * this one, which holds the text; from the sources, esbuild (a development dependency) makes it on the first call.
 */
export function browserScript(): string {
  script ??= bundleBrowserScript();
  return script;
}

let script: string | null = null;

function bundleBrowserScript(): string {
  const { buildSync }: typeof Esbuild = createRequire(import.meta.url)('esbuild');
  const entry = fileURLToPath(new URL('browser/main.ts', import.meta.url));
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    charset: 'utf8',
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'warning',
  });
  // esbuild writes `</script` as `<\/script`: the text can stand in a page.
  return outputFiles.map(({ text }) => text.trimEnd()).join('');
}
