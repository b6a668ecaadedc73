import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isJsonObject, type Spec } from '../../model/json.ts';
import { type ProcessDescription, processFolder, RUN_FOLDER } from '../../model/kernel/lab-process.ts';
import { catchErrno } from '../errno.ts';
import { LOG_PARTS } from './program-script.ts';
import { readUnitOutput } from './units/unit-output.ts';

/** What netform remembers of a process until it has ended: written before there is one, and again before its program runs. */
export type ProcessRecord = {
  readonly version: 1;
  readonly bootId: string;
  /** Its control group; null: the machine lets us make none. */
  readonly cgroup: string | null;
  /** 0 as long as there is no process. */
  readonly pid: number;
  readonly startTime: string;
  /** The cookie of its namespace; null: the kernel has none. */
  readonly cookie: string | null;
  readonly spec: Spec;
  /** The unit of systemd that it is: `pid` and `startTime` are not known then. Left out: it is a child of ours. */
  readonly unit?: ProcessUnit;
  /** It was ready once. Left out: it was not, or that is of no use. */
  readonly wasReady?: true;
};

/** A transient unit of systemd. */
export type ProcessUnit = {
  readonly name: string;
  /** What its description ends with: a unit of that name without it is another's. */
  readonly token: string;
  /** When it was started: microseconds since 1970. */
  readonly begun: number;
};

/** Which process is meant. */
export type ProcessKey = { readonly lab: string; readonly netns: string; readonly name: string };

/** The key of a process of a lab, by what is known of it. */
export const processKeyOf = (lab: string, { netns, name }: ProcessDescription): ProcessKey => ({ lab, netns, name });

/** The mode of folders that only root reads. */
export const PRIVATE_FOLDER = 0o700;

/** What is remembered of a process; null: nothing. */
export function readProcessRecord({ lab, netns, name }: ProcessKey): ProcessRecord | null {
  const path = recordPath(processFolder(lab, netns, name));
  const text = catchErrno(['ENOENT', 'ENOTDIR'], () => readFileSync(path, 'utf8'));
  if (text === null) return null;
  const record: unknown = JSON.parse(text);
  return isJsonObject(record) && record['version'] === 1 ? (record as unknown as ProcessRecord) : null;
}

/** What is remembered of the processes of all labs, as they were described. */
export const rememberedProcesses = (): readonly { readonly lab: string; readonly process: ProcessDescription }[] =>
  namesIn(RUN_FOLDER).flatMap((lab) =>
    processKeys(lab).flatMap((key) => {
      const record = readProcessRecord(key);
      return record === null ? [] : [{ lab, process: record.spec as unknown as ProcessDescription }];
    }),
  );

/** Whether another process than these of one lab is remembered as a unit of systemd, in that lab or in any. */
export function hasOtherUnits(lab: string, ending: readonly ProcessKey[], of: 'lab' | 'machine'): boolean {
  const own = new Set(ending.map((key) => processFolder(lab, key.netns, key.name)));
  return (of === 'lab' ? [lab] : namesIn(RUN_FOLDER)).some((one) =>
    processKeys(one).some(
      (key) => !own.has(processFolder(one, key.netns, key.name)) && readProcessRecord(key)?.unit !== undefined,
    ),
  );
}

/** Of all processes of a lab, by the names of their folders. */
const processKeys = (lab: string): readonly ProcessKey[] =>
  namesIn(dirname(processFolder(lab, '', ''))).map((folder) => {
    const at = folder.indexOf('.');
    return { lab, netns: folder.slice(0, at), name: folder.slice(at + 1) };
  });

const namesIn = (folder: string): readonly string[] =>
  catchErrno(['ENOENT', 'ENOTDIR'], () => readdirSync(folder)) ?? [];

/** Remembers a process; the file is the old one or the new one. It need not outlive a crash of the machine: no process does. */
export function writeProcessRecord({ lab, netns, name }: ProcessKey, record: ProcessRecord): void {
  const folder = processFolder(lab, netns, name);
  mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  const fresh = `${recordPath(folder)}.new`;
  writeFileSync(fresh, JSON.stringify(record), { mode: 0o600 });
  renameSync(fresh, recordPath(folder));
}

/** Forgets a process, with its output, and the lab's folders that are empty then. */
export function removeProcessRecord({ lab, netns, name }: ProcessKey): void {
  const folder = processFolder(lab, netns, name);
  rmSync(folder, { recursive: true, force: true });
  removeEmptyRunFolders(dirname(folder));
}

/** Removes empty folders upwards as far as they are of labs. */
export function removeEmptyRunFolders(folder: string): void {
  for (let at = folder; at.startsWith('/run/netform/'); at = dirname(at)) {
    if (!existsSync(at)) continue;
    const removed = catchErrno(['ENOTEMPTY', 'EEXIST', 'EBUSY'], () => {
      rmdirSync(at);
      return true;
    });
    if (!removed) return;
  }
}

/** The file with the output of a process. */
export const processLog = ({ lab, netns, name }: ProcessKey): string => join(processFolder(lab, netns, name), 'log');

/** What a process has written, as far as it is kept, oldest first; empty: nothing. */
export function readProcessLog(key: ProcessKey): string {
  const unit = readProcessRecord(key)?.unit;
  if (unit) return readUnitOutput(unit, null).text;
  return LOG_PARTS.map((part) => {
    const path = join(processFolder(key.lab, key.netns, key.name), part);
    return catchErrno(['ENOENT', 'ENOTDIR'], () => readFileSync(path, 'utf8')) ?? '';
  }).join('');
}

const recordPath = (folder: string): string => join(folder, 'process.json');
