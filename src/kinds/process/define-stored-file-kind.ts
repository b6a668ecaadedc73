import { netnsIds, storedFileId } from '../../model/ids.ts';
import { type LabStoredFile, seenPath } from '../../model/kernel/lab-process.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Kind, KindContext } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { sha256Latin1 } from '../../model/values/hash.ts';
import { noDisruption } from '../disruption.ts';
import { absentObservation, foreignObservation } from '../observation.ts';
import { changesText, planLine } from '../plan-line.ts';

/** A file whose bytes lie in the store: plan, state and journal know only this. */
type StoredFileSpec = {
  readonly path: string;
  readonly sha: string;
  readonly mode: string;
  readonly owner: string;
};

/** What tells a kind of stored file from another. */
export type StoredFileKind = {
  /** The kind's name, the first part of its ids, and the noun of its plan lines. */
  readonly name: string;
  readonly files: (lab: Lab) => readonly LabStoredFile[];
  /** Its bytes are never shown. */
  readonly isSecret: boolean;
};

const MODE = '600';
const OWNER = '0:0';

/** Makes a kind of files of the lab's own folder, each known by path, digest, mode and owner. */
export function defineStoredFileKind({ name, files, isSecret }: StoredFileKind): Kind<StoredFileSpec> {
  return {
    name,
    compile: (lab) => files(lab).map((file) => toResource(name, file)),
    query: ({ spec }) => [{ need: 'stored-file', key: spec.path }],
    observe,
    immutable: ['path'],
    instructions: ({ before, after }, phase, context) => {
      if (phase === 'delete') return before ? [[{ do: 'file.delete', path: before.path, andFolder: false }]] : [];
      if (!after) return [];
      const { path, sha, mode, owner } = after;
      const bytes = () => context.bytesOf?.(sha) ?? null;
      return [[{ do: 'file.put', path, sha, mode, owner, isSecret: isSecret || isHidden(after), bytes }]];
    },
    describe: (operation) => {
      const { action, before, after, changes } = operation;
      const text = action === 'update' ? changesText(changes.map(shortDigest)) : '';
      const path = (after ?? before)?.path ?? '';
      return [planLine(operation, { noun: name, name: seenPath(path) ?? path, text: text || modeText(after) })];
    },
    disrupts: noDisruption,
    isSelfContained: true,
    restoreTo: () => null,
    exclusive: ({ path }) => [{ of: 'thing', key: `file/${path}`, text: seenPath(path) ?? path }],
    boundToLabName: 'files in a folder of its name',
  };
}

/** Whether a file that programs see is for some of them only: its mode says that others may not read it. */
const isHidden = ({ path, mode }: StoredFileSpec): boolean =>
  seenPath(path) !== null && (Number.parseInt(mode, 8) & 0o004) === 0;

/** What is usual is not said. */
const modeText = (spec: StoredFileSpec | null): string =>
  spec === null || spec.mode === MODE || seenPath(spec.path) === null ? '' : `mode ${spec.mode}`;

function toResource(
  kind: string,
  { netns, path, content, mode = MODE, isMade, at }: LabStoredFile,
): Resource<StoredFileSpec> {
  const id = storedFileId(kind, netns, path);
  const sha = sha256Latin1(content);
  const spec = { path, sha, mode, owner: OWNER };
  return {
    ...{ kind, id, netns, spec, dependsOn: netnsIds(netns), within: [], origin: at, note: null },
    ...(isMade ? { made: [sha] } : {}),
    blobs: [content],
  };
}

/** It stands in a folder of the lab's own, where nothing else belongs: what another program wrote there is drift. */
function observe(
  live: LiveState,
  { spec }: Resource<StoredFileSpec>,
  { recorded, interrupted }: KindContext<StoredFileSpec>,
): Observation<StoredFileSpec> {
  const path = recorded?.spec.path ?? spec.path;
  const found = live.get({ need: 'stored-file', key: path });
  if (found === null) return absentObservation;
  const { sha, mode, uid, gid, bytes } = found;
  const seen = { path, sha, mode: mode.toString(8), owner: `${uid}:${gid}` };
  if (recorded === null && !interrupted)
    return { ...foreignObservation(seen, 'it is in no record'), isOrphaned: true, blobs: [bytes] };
  return { spec: seen, owner: 'ours', whose: null, blobs: [bytes] };
}

/** The first digits say that it is another. */
const shortDigest = <C extends { readonly before: unknown; readonly after: unknown }>(change: C): C => ({
  ...change,
  before: shorten(change.before),
  after: shorten(change.after),
});

const shorten = (value: unknown): unknown =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value;
