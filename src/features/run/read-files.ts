import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import {
  childCursor,
  keyOfCursor,
  namedEntries,
  nonNull,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { quoteText } from '../../source/normalise/address-errors.ts';
import { pathProblem } from './read.ts';
import type { TopologySeenFile } from './topology.ts';

/** The entries under `files`. What is wrong with one is reported, and the entry left out. */
export function readSeenFiles(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologySeenFile[] {
  const entries = namedEntries(node);
  const paths = new Set(entries.map(({ name }) => name));
  return nonNull(entries.map(({ name, node }) => readSeenFile({ path: name, node, paths }, report)));
}

type WrittenFile = { readonly path: string; readonly node: SourceCursor; readonly paths: ReadonlySet<string> };

function readSeenFile({ path, node, paths }: WrittenFile, report: SourceDiagnosticReporter): TopologySeenFile | null {
  const problem = pathProblem(path) ?? placeProblem(path) ?? folderProblem(path, paths);
  if (problem !== null) report(makeDiagnostic('bad-value', keyOfCursor(node), problem.message, { hint: problem.hint }));
  const mode = readMode(childCursor(node, 'mode'), report);
  const content = readString(childCursor(node, 'content'));
  const from = childCursor(node, 'from');
  const source = withPath(from, readString(from));
  if (problem === null && (content === null) === (source === null)) {
    const message = content === null ? 'a file without bytes' : 'content and from are both written';
    const hint = content === null ? 'write content: "…", or from: FILE' : 'leave one of them out';
    report(makeDiagnostic('bad-value', keyOfCursor(node), message, { hint }));
    return null;
  }
  if (problem !== null) return null;
  const bytes = content === null && source !== null ? { from: source } : { content: content ?? '' };
  return { path, at: node.path, bytes, mode };
}

/** Where a program has something of its own, or the kernel, or netform itself. */
const TAKEN = /^\/(?:proc|sys|dev|run|var\/run|tmp)(?:\/|$)/;

function placeProblem(path: string): { readonly message: string; readonly hint: string } | null {
  if (path === '/') return { message: 'a file cannot be the root itself', hint: 'write the path of a file' };
  const [taken] = TAKEN.exec(path) ?? [];
  if (taken === undefined) return null;
  const why = taken.startsWith('/tmp') ? 'each program has its own' : 'it is not made of files of the lab';
  return {
    message: `no file can be put below ${taken.replace(/\/$/, '')}: ${why}`,
    hint: 'put it below /etc, /srv, /opt or /usr/local',
  };
}

function folderProblem(
  path: string,
  paths: ReadonlySet<string>,
): { readonly message: string; readonly hint: string } | null {
  const below = [...paths].find((other) => other.startsWith(`${path}/`));
  if (below === undefined) return null;
  return { message: `${path} cannot be a file: ${below} is below it`, hint: 'give one of them another path' };
}

/** In octal digits, without leading zeros. */
function readMode(node: SourceCursor, report: SourceDiagnosticReporter): string {
  const written = readString(node);
  if (written === null) return '644';
  if (/^0?[0-7]{3}$/.test(written)) return Number.parseInt(written, 8).toString(8);
  report(
    makeDiagnostic('bad-value', valueOfCursor(node), `${quoteText(written)} is not a mode`, {
      hint: 'write three octal digits in quotes, such as "0640"',
    }),
  );
  return '644';
}
