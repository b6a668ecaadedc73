import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { processFolder } from '../../model/kernel/lab-process.ts';
import { catchErrno } from '../errno.ts';
import { type ProcessKey, readProcessLog, readProcessRecord } from '../process/process-record.ts';
import { LOG_PARTS } from '../process/program-script.ts';
import { readUnitOutput } from '../process/units/unit-output.ts';

/** What a process writes, as it comes: each call gives what is new since the one before. The first gives all that is kept. */
export function followProcessLog(key: ProcessKey): () => string {
  const files = followLogFiles(key);
  let cursor: string | null = null;
  return () => {
    const unit = readProcessRecord(key)?.unit;
    if (!unit) return files();
    const { text, cursor: next } = readUnitOutput(unit, cursor);
    cursor = next;
    return text;
  };
}

function followLogFiles(key: ProcessKey): () => string {
  const paths = LOG_PARTS.map((part) => join(processFolder(key.lab, key.netns, key.name), part));
  let seen: { readonly inode: number; readonly bytes: number } | null = null;
  const mark = () => {
    const last = statOf(paths.at(-1) ?? '');
    seen = last === null ? null : { inode: last.ino, bytes: last.size };
  };
  return () => {
    const begun = seen;
    if (begun === null) {
      const text = readProcessLog(key);
      mark();
      return text;
    }
    // A part that is full has another name then; after a new start there is none of that number.
    const at = paths.findLastIndex((path) => statOf(path)?.ino === begun.inode);
    const text = paths
      .slice(Math.max(at, 0))
      .map((path, nth) => readFrom(path, at >= 0 && nth === 0 ? begun.bytes : 0))
      .join('');
    mark();
    return text;
  };
}

const statOf = (path: string) => catchErrno(['ENOENT', 'ENOTDIR'], () => statSync(path));

function readFrom(path: string, start: number): string {
  const fd = catchErrno(['ENOENT', 'ENOTDIR'], () => openSync(path, 'r'));
  if (fd === null) return '';
  try {
    const buffer = Buffer.alloc(Math.max(0, (statOf(path)?.size ?? 0) - start));
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, start));
  } finally {
    closeSync(fd);
  }
}
