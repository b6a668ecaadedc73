import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import { closestMatch } from '../../net/closest-match.ts';

/** The text of a topology, and where it came from. */
export type InputFile = {
  /** As the user called it; `<stdin>` for `-`. */
  readonly file: string;
  /** Absolute; null for standard input. */
  readonly path: string | null;
  readonly bytes: Buffer;
};

/** Reads FILE, or standard input for `-`. Throws E_NO_FILE when it cannot. */
export function readInputFile(file: string): InputFile {
  if (file === '-') return { file: '<stdin>', path: null, bytes: readUpTo(0, MAX_INPUT_BYTES) };
  try {
    const fd = openSync(file, 'r');
    try {
      if (fstatSync(fd).isDirectory()) throw noFileError(file, 'it is a folder');
      return { file, path: resolve(file), bytes: readUpTo(fd, MAX_INPUT_BYTES) };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    throw noFileError(file, READ_ERRORS[String(error.code)] ?? error.message);
  }
}

/** One byte more than a topology may have: the check of its size then says so, whatever the file is. */
export const MAX_INPUT_BYTES = 1024 * 1024 + 1;

/** Most topologies are smaller. */
const INITIAL_BUFFER_BYTES = 64 * 1024;

/** What FILE is when it is left out. */
const DEFAULT_FILE = 'topology.yaml';

/** Why a file cannot be read, by the code of the error. */
export const READ_ERRORS: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  ENOTDIR: 'there is no such file',
};

function noFileError(file: string, why: string): NetformError {
  const near = why === READ_ERRORS['ENOENT'] ? nearFiles(file) : [];
  const meant = near.map((name) => (dirname(file) === '.' ? name : join(dirname(file), name)));
  const begin = file === DEFAULT_FILE ? 'give the path of a topology, or begin one with netform init' : null;
  const hint = meant.length > 0 ? `did you mean ${meant.join(' or ')}?` : begin;
  return netformError('E_NO_FILE', EXIT.usage, `cannot read ${file}: ${why}`, hint === null ? {} : { hint });
}

/** The files beside a missing one that are probably meant: of the same stem, or nearly so; all of a few for the default file. */
export function nearFiles(file: string): readonly string[] {
  const all = yamlFilesIn(dirname(file));
  if (file === DEFAULT_FILE) {
    const yaml = all.filter((name) => !name.endsWith('.json'));
    return yaml.length <= MAX_OFFERED_FILES ? yaml : [];
  }
  const name = basename(file);
  const stem = name.slice(0, name.length - extname(name).length);
  const sameStem = all.filter((one) => one.slice(0, one.length - extname(one).length) === stem);
  const near = sameStem[0] ?? closestMatch(name, all);
  return near === null ? [] : [near];
}

const MAX_OFFERED_FILES = 3;

function yamlFilesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.(?:ya?ml|json)$/.test(name) && !name.endsWith('.schema.json'))
      .toSorted();
  } catch {
    return [];
  }
}

/** What can be read, but at most so many bytes. */
export function readUpTo(fd: number, most: number): Buffer {
  let buffer = Buffer.alloc(INITIAL_BUFFER_BYTES);
  for (let length = 0; ; ) {
    const count = readChunk(fd, buffer, length);
    length += count;
    if (count === 0 || length === most) return buffer.subarray(0, length);
    if (length < buffer.length) continue;
    buffer = Buffer.concat([buffer], Math.min(most, 4 * length));
  }
}

// A terminal or a pipe that another program set to non-blocking says EAGAIN instead of waiting.
function readChunk(fd: number, buffer: Buffer, from: number): number {
  for (;;) {
    try {
      return readSync(fd, buffer, from, buffer.length - from, null);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
