import type { Json } from '../../model/json.ts';
import type { Paint } from '../text/colour.ts';
import { linePrefixer } from './prefixed-lines.ts';

type NamespaceExitCode = { readonly netns: string; readonly exitCode: number };
type ExecOutputResult = { readonly json: { readonly [key: string]: Json }; readonly text: string };

/** Takes the output of a program that runs in several namespaces; `end` gives the command's answer. */
export type ExecOutput = {
  readonly take: (netns: string, stream: 'stdout' | 'stderr', chunk: Buffer) => void;
  readonly end: (left: readonly NamespaceExitCode[]) => ExecOutputResult;
};

/** Prints output as it comes, line by line, each with its namespace before it. */
export function prefixedExecOutput(
  namespaces: readonly string[],
  paintFor: (stream: NodeJS.WriteStream) => Paint,
): ExecOutput {
  const stdout = linePrefixer(namespaces, paintFor(process.stdout));
  const stderr = linePrefixer(namespaces, paintFor(process.stderr));
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

/** Keeps output until the end, for `--json`. */
export function bufferedExecOutput(namespaces: readonly string[]): ExecOutput {
  const kept = new Map(namespaces.map((netns) => [netns, { stdout: [] as Buffer[], stderr: [] as Buffer[] }]));
  return {
    take: (netns, stream, chunk) => void kept.get(netns)?.[stream].push(chunk),
    end: (left) => ({
      text: '',
      json: {
        results: left.map(({ netns, exitCode }) => ({
          namespace: netns,
          exitCode,
          stdout: Buffer.concat(kept.get(netns)?.stdout ?? []).toString(),
          stderr: Buffer.concat(kept.get(netns)?.stderr ?? []).toString(),
        })),
      },
    }),
  };
}
