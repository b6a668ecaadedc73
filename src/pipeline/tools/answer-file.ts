import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import { writeErrorReason } from '../../model/files/file-errors.ts';

/** What each answer begins with; an empty file is one that `mktemp` made. */
const ANSWER = /^(?:$|\{\s*"version": 1,\s*"ok": )/;

/**
 * Refuses a file that an answer cannot be written to, before the command does anything: throws E_ANSWER_FILE where its folder is not
 * there or may not be written, and where something else than an answer of netform is there already.
 */
export function checkAnswerFile(path: string): void {
  if (!isFreeForAnswer(path))
    throw answerFileError(path, 'there is something else already, which is not an answer of netform');
  const temporary = temporaryOf(path);
  writeTemporary(path, temporary, '');
  rmSync(temporary, { force: true });
}

/** Writes an answer in one step: a reader sees the former file or the whole new one. Throws E_ANSWER_FILE. */
export function writeAnswerFile(path: string, text: string): void {
  const temporary = temporaryOf(path);
  writeTemporary(path, temporary, text);
  renameSync(temporary, path);
}

function isFreeForAnswer(path: string): boolean {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    return !found || (found.isFile() && ANSWER.test(readHead(path)));
  } catch (error) {
    throw answerFileError(path, writeErrorReason(error));
  }
}

const temporaryOf = (path: string): string => `${path}.${process.pid}.new`;

/** With the mode that a shell gives what it redirects to. */
function writeTemporary(path: string, temporary: string, text: string): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  rmSync(temporary, { force: true });
  try {
    const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    rmSync(temporary, { force: true });
    throw answerFileError(path, writeErrorReason(error));
  }
}

const HEAD_BYTES = 64;

function readHead(path: string): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(fd);
  }
}

const answerFileError = (path: string, why: string): NetformError =>
  netformError('E_ANSWER_FILE', EXIT.usage, `the answer cannot be written to ${path}: ${why}`, {
    hint: 'give --json-into another file',
  });
