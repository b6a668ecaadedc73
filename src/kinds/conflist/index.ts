import { createHash } from 'node:crypto';
import { conflistId } from '../../model/ids.ts';
import type { LiveState } from '../../model/kernel/live-state.ts';
import type { Kind, KindContext } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { defineKind } from '../define-kind.ts';
import { absentObservation, foreignObservation, ownObservation, restoreOriginal } from '../observation.ts';
import { planLine, replaceText } from '../plan-line.ts';

/** A whole file: its text, and the sha256 of that, by which the plan and the state speak of it. */
export type ConflistSpec = { readonly path: string; readonly sha: string; readonly content: string };

const definition: Kind<ConflistSpec> = {
  name: 'conflist',
  compile,
  query: ({ spec }) => ({ files: [spec.path] }),
  observe,
  immutable: ['path'],
  instructions: ({ action, before, after }, phase) => {
    if (phase === 'delete') return before ? [[{ do: 'file.delete', path: before.path, andFolder: false }]] : [];
    if (!after) return [];
    const { path, content } = after;
    return [[{ do: 'file.write', path, content, exclusive: action !== 'update' }]];
  },
  describe,
  restoreTo: restoreOriginal,
};

/** A CNI network configuration list, written as it stands in the topology. */
export const conflist = defineKind(definition);

function compile(lab: Lab): readonly Resource<ConflistSpec>[] {
  return lab.conflists.map(({ name, path, content, at }) => ({
    kind: 'conflist',
    id: conflistId(name),
    netns: 'host',
    spec: specOf(path, `${JSON.stringify(content, null, 2)}\n`),
    dependsOn: [],
    within: [],
    origin: at,
    note: null,
  }));
}

/** The file at the recorded path when it has moved. A file that the state does not know is another's. */
function observe(
  live: LiveState,
  resource: Resource<ConflistSpec>,
  context: KindContext<ConflistSpec>,
): Observation<ConflistSpec> {
  const old = context.recorded?.spec.path ?? null;
  const recorded = old === null ? null : contentAt(live, old);
  if (old !== null && recorded !== null) {
    const spec = specOf(old, recorded);
    // A file carries no mark: it is ours when it says what netform wrote, or is about to.
    const known = [resource.spec.sha, context.recorded?.spec.sha];
    return known.includes(spec.sha) ? ownObservation(spec) : foreignObservation(spec, `somebody else changed ${old}`);
  }
  const { path } = resource.spec;
  const content = contentAt(live, path);
  return content === null
    ? absentObservation
    : foreignObservation(specOf(path, content), 'a file that netform did not write');
}

/** Files are read one character a byte. */
function contentAt(live: LiveState, path: string): string | null {
  const bytes = live.files.get(path) ?? null;
  return bytes === null ? null : Buffer.from(bytes, 'latin1').toString('utf8');
}

function specOf(path: string, content: string): ConflistSpec {
  return { path, sha: createHash('sha256').update(content).digest('hex'), content };
}

function describe(operation: Operation<ConflistSpec>): readonly PlanLine[] {
  const { action, before, after, changes } = operation;
  const name = (after ?? before)?.path ?? '';
  const text =
    action === 'update' ? 'its content' : action === 'replace' ? replaceText(changes, definition.immutable) : '';
  return [planLine(operation, { noun: 'conflist', name, text })];
}
