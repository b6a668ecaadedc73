import { readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isJsonObject } from '../../model/json.ts';
import type { AttachmentDescription, CniResult } from '../../model/lab-parts/attachment.ts';
import { catchErrno } from '../errno.ts';
import { removeDurableFile, writeDurableFile } from './durable-file.ts';
import type { TunedSysctls } from './tuned-sysctls.ts';

/** What netform remembers of an attachment until it is deleted: durable before the first plugin is called, and again with each result. */
export type AttachmentRecord = {
  readonly version: 1;
  readonly bootId: string;
  /** The cookie of its namespace; null: the kernel has none. */
  readonly cookie: string | null;
  /** Where its plugins were looked for. */
  readonly folders: readonly string[];
  readonly attachment: AttachmentDescription;
  /** Null: ADD has not ended, or DEL has begun. */
  readonly result: CniResult | null;
  /** The last result that DEL can be given, while `result` is null. */
  readonly partial: CniResult | null;
  /** The tables of iptables before its plugins were called, while they are. */
  readonly tables: { readonly bootId: string; readonly names: readonly string[] } | null;
  /** What the namespace had before the plugin tuning. */
  readonly sysctls: TunedSysctls;
};

/** Which attachment is meant: the lab by its uid. */
export type AttachmentKey = { readonly uid: string; readonly netns: string; readonly dev: string };

/** Not below /run: what plugins write down outlives a boot. No lab has such a name. */
export const RECORD_FOLDER = '/var/lib/netform/.cni';

/** What is remembered of an attachment; null: nothing. */
export function readAttachmentRecord(key: AttachmentKey): AttachmentRecord | null {
  return readRecord(recordPath(key));
}

/** Remembers an attachment. */
export const writeAttachmentRecord = (key: AttachmentKey, record: AttachmentRecord): void =>
  writeDurableFile(recordPath(key), `${JSON.stringify(record)}\n`);

/** Forgets an attachment, and the folder when it was the last one. */
export function removeAttachmentRecord(key: AttachmentKey): void {
  const path = recordPath(key);
  removeDurableFile(path);
  for (const folder of [dirname(path), RECORD_FOLDER])
    catchErrno(['ENOENT', 'ENOTEMPTY', 'EEXIST'], () => rmdirSync(folder));
}

/** All attachments of all labs. */
export const listAttachmentRecords = (): readonly { readonly uid: string; readonly record: AttachmentRecord }[] =>
  listFolder(RECORD_FOLDER).flatMap((uid) =>
    listFolder(join(RECORD_FOLDER, uid))
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => {
        const record = readRecord(join(RECORD_FOLDER, uid, name));
        return record === null ? [] : [{ uid, record }];
      }),
  );

const listFolder = (folder: string): readonly string[] =>
  catchErrno(['ENOENT', 'ENOTDIR'], () => readdirSync(folder)) ?? [];

const recordPath = ({ uid, netns, dev }: AttachmentKey): string => join(RECORD_FOLDER, uid, `${netns}:${dev}.json`);

function readRecord(path: string): AttachmentRecord | null {
  const text = catchErrno(['ENOENT', 'ENOTDIR'], () => readFileSync(path, 'utf8'));
  if (text === null) return null;
  const record: unknown = JSON.parse(text);
  return isJsonObject(record) && record['version'] === 1
    ? ({ partial: null, tables: null, sysctls: {}, ...record } as unknown as AttachmentRecord)
    : null;
}
