import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename } from 'node:path';

/**
 * Has the stack of an error name the places in src instead of those in a script of the build, whose names are short. The map
 * of the script is read when the first stack is.
 */
export function nameSourcesInStacks(script: string): void {
  let map: SourceMap | null | undefined;
  // By its last name: V8 keeps the path under which the script was compiled, in the folder of the build.
  const isOfScript = (file: string): boolean => basename(file) === basename(script);
  const placeOf = (site: NodeJS.CallSite): string | null => {
    if (!isOfScript(site.getFileName() ?? '')) return null;
    if (map === undefined) map = readMap(`${script}.map`);
    return map && sourceAt(map, site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0);
  };
  Error.prepareStackTrace = (error, sites) =>
    [String(error), ...sites.map((site) => `    at ${placeOf(site) ?? site}`)].join('\n');
}

/** `src/lab/resolve.ts:12:3`; null where the map has nothing. */
function sourceAt(map: SourceMap, line: number, column: number): string | null {
  const entry = map.findEntry(line - 1, column - 1);
  if (!('originalSource' in entry)) return null;
  const { originalSource, originalLine, originalColumn } = entry;
  return `${originalSource.replace(/^(\.\.\/)+/, '')}:${originalLine + 1}:${originalColumn + 1}`;
}

function readMap(file: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
