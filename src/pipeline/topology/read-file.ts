import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, netformError } from '../../model/error.ts';

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
const MAX_INPUT_BYTES = 1024 * 1024 + 1;

/** Most topologies are smaller. */
const INITIAL_BUFFER_BYTES = 64 * 1024;

/** What FILE is when it is left out. */
const DEFAULT_FILE = 'topology.yaml';

const READ_ERRORS: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  ENOTDIR: 'there is no such file',
};

const noFileError = (file: string, why: string) =>
  netformError('E_NO_FILE', EXIT.usage, `cannot read ${file}: ${why}`, {
    ...(file === DEFAULT_FILE ? { hint: `give the path of a topology, or begin one with netform init` } : {}),
  });

function readUpTo(fd: number, most: number): Buffer {
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
