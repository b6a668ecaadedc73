import type { Json } from '../model/json.ts';
import { labelledLines } from './lines.ts';
import type { Paint } from './paint.ts';

type Left = { readonly netns: string; readonly exitCode: number };
type Answer = { readonly json: { readonly [key: string]: Json }; readonly text: string };

/** Where the output of a program goes that runs in several namespaces; `end` gives what is to be told afterwards. */
export type Output = {
  readonly take: (netns: string, stream: 'stdout' | 'stderr', chunk: Buffer) => void;
  readonly end: (left: readonly Left[]) => Answer;
};

/** Printed as it comes, line by line, each with its namespace before it. */
export function printed(namespaces: readonly string[], paintFor: (stream: NodeJS.WriteStream) => Paint): Output {
  const stdout = labelledLines(namespaces, paintFor(process.stdout));
  const stderr = labelledLines(namespaces, paintFor(process.stderr));
  return {
    take: (netns, stream, chunk) =>
      void (stream === 'stdout'
        ? process.stdout.write(stdout.add(netns, chunk))
        : process.stderr.write(stderr.add(netns, chunk))),
    end: () => {
      process.stderr.write(stderr.end());
      return { json: {}, text: stdout.end() };
    },
  };
}

/** Kept until the end, for `--json`. */
export function collected(namespaces: readonly string[]): Output {
  const kept = new Map(namespaces.map((netns) => [netns, { stdout: [] as Buffer[], stderr: [] as Buffer[] }]));
  return {
    take: (netns, stream, chunk) => void kept.get(netns)?.[stream].push(chunk),
    end: (left) => ({
      text: '',
      json: {
        results: left.map(({ netns, exitCode }) => ({
          ...{ namespace: netns, exitCode },
          stdout: Buffer.concat(kept.get(netns)?.stdout ?? []).toString(),
          stderr: Buffer.concat(kept.get(netns)?.stderr ?? []).toString(),
        })),
      },
    }),
  };
}
