import type { MachineCheck } from '../../checks/check.ts';
import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { fileId } from '../../model/ids.ts';
import type { Spec } from '../../model/json.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Kind, KindContext } from '../../model/kind.ts';
import type { Lab, LabFile } from '../../model/lab.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import type { Topology, TopologyFile } from '../../model/topology.ts';
import { sha256 } from '../../model/values/hash.ts';
import type { FileReader } from '../../source/topology-readers.ts';
import { defineKind } from '../define-kind.ts';
import { noDisruption } from '../disruption.ts';
import type { LanguageSection } from '../language-section.ts';
import { absentObservation, foreignObservation, ownObservation, restoreOriginal } from '../observation.ts';
import { planLine, replaceText } from '../plan-line.ts';

/** What a kind of file says about itself; `defineFileKind` does the rest. */
export type FileKindDefinition = {
  /** The value of `kind` in resources and recorded states, the first part of ids, and the noun of plan lines. */
  readonly name: string;
  /** The properties that it adds to the top level of the schema. */
  readonly schema: { readonly [key: string]: Spec };
  /** The definitions that its properties refer to. */
  readonly definitions: { readonly [name: string]: Spec };
  readonly read: FileReader;
  /** The absolute path of an entry's file; null: it is not written. */
  readonly path: (entry: TopologyFile) => string | null;
  /** The bytes of the file, as UTF-8 text. */
  readonly render: (content: LabFile['content'], path: string) => string;
  /** The CNI plugins that the file's reader runs. */
  readonly plugins: (entry: TopologyFile) => LabFile['plugins'];
  readonly checks: readonly LabCheck[];
  readonly machineChecks: readonly MachineCheck[];
  /** Its sections of docs/language.md. */
  readonly docs: readonly LanguageSection[];
};

/** A kind of file: how it is written in a topology, where it stands on the machine, what is in it, what can be wrong. */
export type FileKind = Omit<FileKindDefinition, 'path' | 'render' | 'plugins'> & {
  readonly kind: Kind;
  /** The files of this kind that a topology asks for. */
  readonly resolve: (topology: Topology) => readonly LabFile[];
};

/** A whole file: its text, and the sha256 of that, by which the plan and the state speak of it. */
type FileSpec = { readonly path: string; readonly sha: string; readonly content: string };

/** Makes a kind of file: whole files of the machine, each made, replaced and removed as one, known by its digest. */
export function defineFileKind({ path, render, plugins, ...parts }: FileKindDefinition): FileKind {
  const { name } = parts;
  const immutable = ['path'] as const;
  const kind: Kind<FileSpec> = {
    name,
    compile: (lab) => compile(lab, name, render),
    query: ({ spec }) => [{ need: 'file', key: spec.path }],
    observe,
    immutable,
    instructions: ({ action, before, after }, phase) => {
      if (phase === 'delete') return before ? [[{ do: 'file.delete', path: before.path, andFolder: false }]] : [];
      if (!after) return [];
      const { path, content } = after;
      return [[{ do: 'file.write', path, content, exclusive: action !== 'update' }]];
    },
    describe: (operation) => describe(operation, name, immutable),
    disrupts: noDisruption,
    isSelfContained: true,
    restoreTo: restoreOriginal,
    exclusive: ({ path: file }) => [{ of: 'thing', key: `file/${file}`, text: file }],
  };
  return {
    ...parts,
    kind: defineKind(kind),
    resolve: (topology) =>
      topology.files
        .filter((entry) => entry.kind === name)
        .map((entry) => ({
          kind: name,
          name: entry.name,
          path: path(entry),
          content: entry.content,
          plugins: plugins(entry),
          at: entry.at,
        })),
  };
}

function compile(lab: Lab, kind: string, render: FileKindDefinition['render']): readonly Resource<FileSpec>[] {
  return lab.files
    .filter((file) => file.kind === kind)
    .flatMap(({ name, path, content, at }): Resource<FileSpec> | readonly Resource<FileSpec>[] =>
      path === null
        ? []
        : {
            kind,
            id: fileId(kind, name),
            netns: 'host',
            spec: specOf(path, render(content, path)),
            dependsOn: [],
            within: [],
            origin: at,
            note: null,
          },
    );
}

/** The file at the recorded path when it has moved. A file that the state does not know is another's. */
function observe(live: LiveState, resource: Resource<FileSpec>, context: KindContext<FileSpec>): Observation<FileSpec> {
  const old = context.recorded?.spec.path ?? null;
  const recorded = old === null ? null : contentAt(live, old);
  if (old !== null && recorded !== null) {
    const spec = specOf(old, recorded);
    // A file carries no mark: it is ours when it says what netform wrote, or is about to.
    const known = [resource.spec.sha, context.recorded?.spec.sha];
    return known.includes(spec.sha)
      ? ownObservation(spec)
      : foreignObservation(spec, `${old} was changed by another program`);
  }
  const { path } = resource.spec;
  const content = contentAt(live, path);
  return content === null
    ? absentObservation
    : foreignObservation(specOf(path, content), 'a file that netform did not write');
}

/** The text of a file, which is read with one character per byte. */
function contentAt(live: LiveState, path: string): string | null {
  const bytes = live.get({ need: 'file', key: path });
  return bytes === null ? null : Buffer.from(bytes, 'latin1').toString('utf8');
}

function specOf(path: string, content: string): FileSpec {
  return { path, sha: sha256(content), content };
}

function describe(operation: Operation<FileSpec>, noun: string, immutable: readonly string[]): readonly PlanLine[] {
  const { action, before, after, changes } = operation;
  const name = (after ?? before)?.path ?? '';
  const text = action === 'update' ? 'its content' : action === 'replace' ? replaceText(changes, immutable) : '';
  return [planLine(operation, { noun, name, text })];
}
