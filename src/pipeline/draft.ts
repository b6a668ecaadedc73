import { checkLab } from '../checks/index.ts';
import { elaborate } from '../lab/elaborate.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { EXIT, netformError } from '../model/error.ts';
import type { Lab, Sticky } from '../model/lab.ts';
import { sizeOfFile, step } from '../report/step.ts';
import { type Loaded, loadTopology } from '../source/load.ts';
import { type Input, readInput } from './input.ts';
import { optimiseLate } from './optimise-late.ts';

/** What the user asked for: a file and the variables for it. */
export type Request = {
  /** `-` is standard input. */
  readonly file: string;
  /** `NAME=VALUE`, in the order of the command line. */
  readonly vars: readonly string[];
  readonly varFile: string | null;
  /** What came in on standard input when it was read; left out: `file` is read. */
  readonly text?: string | null;
};

/** A topology as far as it can be understood without looking at the machine, with every mistake in it. */
export type Draft = {
  /** As the user called it. */
  readonly file: string;
  /** Absolute; null for standard input. */
  readonly path: string | null;
  readonly source: Loaded;
  /** Null when the file cannot be understood at all. */
  readonly lab: Lab | null;
  readonly diagnostics: readonly Diagnostic[];
};

/** Text → Topology → Lab. `sticky` gives the addresses that a lab of that name has now. */
export function draft(request: Request, sticky: (lab: string) => Sticky): Draft {
  const input = inputOf(request);
  if (input.bytes.length > LARGE_BYTES) optimiseLate();
  return step(`reading ${input.file}`, sizeOfFile(input.bytes.length), () => draftOf(input, request, sticky));
}

/** A lab of some hundred namespaces. */
const LARGE_BYTES = 16_384;

function draftOf({ file, path, bytes }: Input, request: Request, sticky: (lab: string) => Sticky): Draft {
  const varFile = request.varFile === null ? null : variableFile(request.varFile);
  const source = loadTopology(bytes, { file, vars: variables(request.vars), varFile });
  const { topology, diagnostics } = source;
  if (topology === null) return { file, path, source, lab: null, diagnostics };
  const lab = elaborate(topology, sticky(topology.name));
  return {
    ...{ file, path, source, lab },
    diagnostics: [...diagnostics, ...lab.problems, ...checkLab(topology, lab)],
  };
}

function inputOf({ file, text = null }: Request): Input {
  return text === null ? readInput(file) : { file, path: null, bytes: Buffer.from(text) };
}

function variables(written: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    written.map((each) => {
      const at = each.indexOf('=');
      if (at > 0) return [each.slice(0, at), each.slice(at + 1)];
      throw netformError('E_USAGE', EXIT.usage, `--var ${each} has no value`, { hint: `write --var ${each}=VALUE` });
    }),
  );
}

function variableFile(path: string): { readonly name: string; readonly text: Uint8Array } {
  return { name: path, text: readInput(path).bytes };
}
