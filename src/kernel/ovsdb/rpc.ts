import { sysError } from '../errno.ts';
import { closeFd, readBuffer, writeBuffer } from '../libc.ts';
import { connectUnix } from '../unix-socket.ts';

const DATABASE = 'Open_vSwitch';
const CHUNK = 1 << 16;
const TIMEOUT_MS = 5000;

/** A value of a row (RFC 7047, 5.1). */
export type OvsdbValue = string | number | boolean | readonly OvsdbValue[];

/** A row: values by column. */
export type OvsdbRow = { readonly [column: string]: OvsdbValue };

/** An operation of a transaction (RFC 7047, 5.2). */
export type OvsdbOperation = { readonly op: string; readonly [member: string]: unknown };

type OvsdbResult = { readonly rows?: readonly OvsdbRow[]; readonly error?: string; readonly details?: string };

/**
 * Carries out a transaction: all of it or nothing. Gives the rows of each operation. Throws ENOENT or ECONNREFUSED when no server is at the socket,
 * EINVAL with the words of a server that refuses.
 */
export function transact(socket: string, operations: readonly OvsdbOperation[]): readonly (readonly OvsdbRow[])[] {
  const fd = connectUnix(socket, TIMEOUT_MS);
  try {
    sendAll(fd, Buffer.from(JSON.stringify({ method: 'transact', params: [DATABASE, ...operations], id: 1 })));
    const { result, error } = receiveAnswer(fd);
    const failed = (result ?? []).find((one) => one?.error !== undefined);
    if (error || failed)
      throw sysError(
        'EINVAL',
        `the database refuses: ${failed?.error ?? JSON.stringify(error)} ${failed?.details ?? ''}`.trim(),
      );
    return (result ?? []).map((one) => one?.rows ?? []);
  } finally {
    closeFd(fd);
  }
}

type OvsdbAnswer = {
  readonly id: unknown;
  readonly result?: readonly (OvsdbResult | null)[] | null;
  readonly error?: unknown;
};

function sendAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeBuffer(fd, bytes.subarray(at));
}

/** The first text that is whole JSON: the server sends one answer to one request. */
function receiveAnswer(fd: number): OvsdbAnswer {
  const chunk = Buffer.alloc(CHUNK);
  let text = '';
  for (;;) {
    const length = readBuffer(fd, chunk);
    if (length === 0) throw sysError('ECONNRESET', 'the database has closed the connection');
    text += chunk.toString('utf8', 0, length);
    const answer = parseWhole(text);
    if (answer) return answer;
  }
}

function parseWhole(text: string): OvsdbAnswer | null {
  if (!text.trimEnd().endsWith('}')) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
