import type { Paint } from '../text/colour.ts';

/** Bytes of several sources as lines, each with the name of its source before it; `end` gives what has no newline yet. */
export type LinePrefixer = { readonly add: (source: string, chunk: Buffer) => string; readonly end: () => string };

/** `red  | PING 10.0.0.1`, the names as wide as the longest of them. */
export function linePrefixer(sources: readonly string[], paint: Paint): LinePrefixer {
  const width = Math.max(0, ...sources.map((source) => source.length));
  const parts = new Map(sources.map((source) => [source, { decoder: new TextDecoder(), rest: '' }]));
  const line = (source: string, text: string): string => `${paint('dim', `${source.padEnd(width)} |`)} ${text}\n`;
  return {
    add: (source, chunk) => {
      const part = parts.get(source);
      if (part === undefined) return '';
      const lines = (part.rest + part.decoder.decode(chunk, { stream: true })).split('\n');
      part.rest = lines.pop() ?? '';
      return lines.map((text) => line(source, text)).join('');
    },
    end: () => [...parts].map(([source, { rest }]) => (rest === '' ? '' : line(source, rest))).join(''),
  };
}
