import { addressId, netnsIds, processId, storedFileId } from '../../model/ids.ts';
import type { Instruction } from '../../model/instruction.ts';
import type { Spec } from '../../model/json.ts';
import { type LabProcess, type ProcessDescription, seenPath } from '../../model/kernel/lab-process.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { ProcessLive } from '../../model/kernel/process-live.ts';
import type { KindContext } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { sha256Latin1 } from '../../model/values/hash.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { defineKind } from '../define-kind.ts';
import { absentObservation, blockingObservation } from '../observation.ts';
import { planLine } from '../plan-line.ts';
import { nameServers } from './name-servers.ts';

/** A program that runs in a namespace of the lab, as long as the lab is there. */
export const process = defineKind<ProcessSpec>({
  name: 'process',
  compile: (lab) => {
    const byPath = indexStoredFiles(lab);
    const servers = nameServers(lab);
    return lab.processes.map((one) =>
      toResource(one, one.terms ? [...addressesFor(lab, one), ...(servers.get(one.netns) ?? [])] : [], byPath),
    );
  },
  query: ({ netns, spec }, { lab }) => [
    { need: 'process', netns, key: `${lab}/${spec.name}` },
    ...Object.keys(spec.files).map((key) => ({ need: 'stored-file', key }) as const),
  ],
  observe,
  // What ended, or runs in a namespace that has lost its name, is taken away before a new one is started.
  immutable: ['place'],
  instructions,
  usesNetwork: true,
  describe,
  status: (live, { netns, spec }, { lab }) => {
    const found = live.get({ need: 'process', netns, key: `${lab}/${spec.name}` });
    return found === null ? null : statusText(found);
  },
  disrupts: ({ action }) => (action === 'create' ? 'none' : 'connections-lost'),
  // It can be started as it was described, not made to have ended.
  isCreatable: ({ place }) => place === RUNNING,
  restoreTo: () => null,
  claims: ({ netns, links }) => links.map((link) => `${netns}/${link}`),
  boundToLabName: 'a program that was started with paths of its name',
});

type ProcessSpec = ProcessDescription & Spec;

const RUNNING = 'running';

/** A program of the user's may listen on any address of its namespace. */
const addressesFor = ({ addresses }: Lab, { netns }: LabProcess): readonly string[] =>
  addresses.filter((one) => one.netns === netns && one.prefixes.length > 0).map(({ dev }) => addressId(netns, dev));

function toResource(
  one: LabProcess,
  before: readonly string[],
  byPath: ReadonlyMap<string, ReadFile>,
): Resource<ProcessSpec> {
  const { netns, name, command, environment, prepare, folder, privateFolders, ready, reload } = one;
  const { links = [], terms, secretEnvironment = {}, rereads, check, settled } = one;
  const read = one.reads.flatMap((path) => byPath.get(`${netns}${path}`) ?? []);
  const files = Object.fromEntries(read.map(({ path, sha }) => [path, sha]));
  const described = {
    ...{ netns, name, command, environment, files, prepare, folder, privateFolders, ready, reload, links },
    // Left out where they say nothing, as in the records of older versions.
    ...(rereads ? { rereads } : {}),
    ...(check ? { check } : {}),
    ...(settled ? { settled } : {}),
  };
  const blobs = Object.values(secretEnvironment);
  return {
    kind: 'process',
    id: processId(netns, name),
    netns,
    spec: { ...described, ...(terms ? { terms } : {}), place: RUNNING } as unknown as ProcessSpec,
    dependsOn: [...netnsIds(netns), ...read.map(({ id }) => id), ...before, ...one.after],
    within: [],
    origin: one.at,
    note: null,
    ...(blobs.length > 0 ? { blobs } : {}),
  };
}

type ReadFile = { readonly id: string; readonly path: string; readonly sha: string };

/** The files and secrets of a lab by namespace and path. */
const indexStoredFiles = (lab: Lab): ReadonlyMap<string, ReadFile> =>
  new Map(
    [
      ...lab.storedFiles.map((file) => ({ kind: 'file', file })),
      ...lab.secrets.map((file) => ({ kind: 'secret', file })),
    ].map(({ kind, file: { netns, path, content, mode } }) => [
      `${netns}${path}`,
      // What a program sees in place of another is the file that was there when it started: with its mode.
      {
        id: storedFileId(kind, netns, path),
        path,
        sha: sha256Latin1(content) + (mode === undefined ? '' : ` ${mode}`),
      },
    ]),
  );

/** It is what we wrote down of it, wherever it runs; only its record can say whose it is. */
function observe(
  live: LiveState,
  { netns, spec }: Resource<ProcessSpec>,
  { lab }: KindContext<ProcessSpec>,
): Observation<ProcessSpec> {
  const found = live.get({ need: 'process', netns, key: `${lab}/${spec.name}` });
  if (found === null) return absentObservation;
  if (found.place === 'taken') {
    const unit = String(found.spec['name']);
    return blockingObservation(spec, `the unit ${unit} of systemd`, `end it: systemctl stop ${unit}`);
  }
  const known = found.spec as ProcessSpec;
  const place = found.place === 'finished' ? RUNNING : found.place;
  return { spec: { ...known, files: filesSeen(live, known, spec), place }, owner: 'ours', whose: null };
}

/** A file that was changed under a process that may have read it again since is another one; one that is to change is as it was read. */
const filesSeen = (live: LiveState, known: ProcessSpec, wanted: ProcessSpec): ProcessSpec['files'] =>
  Object.fromEntries(
    Object.entries(known.files).map(([path, sha]) => [
      path,
      wanted.files[path] === sha && isReread(known, path)
        ? (live.get({ need: 'stored-file', key: path })?.sha ?? '')
        : sha,
    ]),
  );

/** Whether a process reads a file again at its signal. */
const isReread = ({ reload, rereads }: ProcessSpec, path: string): boolean =>
  reload !== null && (rereads === undefined || rereads.includes(path));

/** A change stops it and starts it again, late: after all that can fail before it. Other bytes are only read again where that is enough. */
function instructions(
  { action, netns, before, after, changes }: Operation<ProcessSpec>,
  phase: 'delete' | 'make',
  { lab, bytesOf }: KindContext<ProcessSpec>,
): readonly (readonly Instruction[])[] {
  const stop = (process: ProcessSpec, forGood: boolean): Instruction => ({
    ...{ do: 'process.stop', netns, lab, process, forGood },
  });
  if (phase === 'delete') return before ? [[stop(before, action === 'delete')]] : [];
  if (!after) return [];
  const secrets = after.terms && bytesOf ? { bytesOf } : {};
  const start: Instruction = { do: 'process.start', netns, lab, process: after, ...secrets };
  if (action !== 'update' || !before) return [[start]];
  const check: Instruction = { do: 'process.check', netns, lab, process: after };
  const checks = after.check ? [[check]] : [];
  if (isReload(after, changes)) return [...checks, [{ do: 'process.reload', netns, lab, process: after }]];
  return [...checks, [stop(before, false)], [start]];
}

/** `running, process 5123, 12 s, restarted 2 times`; `ended with exit code 1`. */
function statusText({ place, pid, seconds, exitCode = null, restarts = 0 }: ProcessLive): string {
  const isHere = place !== 'ended' && place !== 'remains' && place !== 'finished' && place !== 'taken';
  const how = exitCode === null ? '' : ` with exit code ${exitCode}`;
  const number = pid > 0 && isHere ? `, process ${pid}, ${seconds} s` : '';
  const again = restarts === 0 ? '' : `, restarted ${restarts === 1 ? 'once' : `${restarts} times`}`;
  return `${isHere && pid === 0 ? 'between two starts' : `${place}${isHere ? '' : how}`}${number}${again}`;
}

/** Whether only files are others that it reads again; what says that it has read them, or what is waited for, differs then, too. */
const isReload = (spec: ProcessSpec, changes: Operation['changes']): boolean =>
  spec.reload !== null &&
  changes.every(({ path: [field, file] }) => isOfReading(field) || (field === 'files' && isReread(spec, String(file))));

const isOfReading = (field: unknown): boolean => field === 'ready' || field === 'settled';

/** `ovs-vswitchd unix:db.sock`; what becomes of one that runs. */
function describe(operation: Operation<ProcessSpec>): readonly PlanLine[] {
  const { action, before, after, changes } = operation;
  const name = (after ?? before)?.name ?? '';
  const command = (after ?? before)?.command.map(shellWord).join(' ') ?? '';
  const text = {
    create: command,
    delete: 'ends: its connections are lost',
    replace: `${STATES[before?.place ?? ''] ?? 'is replaced'}: started again`,
    update: `${changedText(changes)}: ${after && isReload(after, changes) ? 'read again' : 'started again, connections lost'}`,
  }[action];
  return [planLine(operation, { noun: 'process', name, text })];
}

const STATES: { readonly [place: string]: string } = {
  ended: 'has ended',
  remains: 'has ended, and left others running',
  elsewhere: 'runs in a namespace that has lost its name',
  silent: 'does not answer',
  misread: 'has read another configuration',
};

/** Fields of `terms` that the language calls otherwise. */
const TERMS: { readonly [field: string]: string } = { secrets: 'environment', readySeconds: 'readyTimeout' };

const changedText = (changes: Operation['changes']): string =>
  [
    ...new Set(
      changes
        .filter(({ path }) => !isOfReading(path[0]) || changes.length === 1)
        .map(({ path: [field, name = ''] }) => {
          // All programs of a namespace see its files.
          const seen = field === 'files' ? seenPath(name) : null;
          if (seen !== null) return `another ${seen} in its namespace`;
          if (field === 'files') return `another ${name || 'file'}`;
          return `another ${field === 'terms' ? (TERMS[name] ?? name) : field}`;
        }),
    ),
  ].join(', ');
