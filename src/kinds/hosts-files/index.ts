import { readManagedBlock } from '../../model/files/managed-block.ts';
import { hostsFilesId, netnsIds } from '../../model/ids.ts';
import type { Instruction } from '../../model/instruction.ts';
import { sameJson } from '../../model/json.ts';
import type { LiveState } from '../../model/kernel/live-state.ts';
import { type Kind, type KindContext, markOf } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Operation } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { defineKind } from '../define-kind.ts';
import { absentObservation, blockingObservation, ownObservation } from '../observation.ts';
import { hostsFilesContent } from './content.ts';
import { describeHostsFiles } from './describe.ts';
import type { HostsFilesSpec } from './spec.ts';

const definition: Kind<HostsFilesSpec> = {
  name: 'names',
  compile,
  query: ({ spec }) => ({ files: Object.keys(spec.files) }),
  observe,
  immutable: ['netns'],
  instructions: steps,
  describe: describeHostsFiles,
  restoreTo: () => null,
};

/** The lab's block of lines in the name files of one namespace, or of the machine. Lines of others stay as they are. */
export const hostsFiles = defineKind(definition);

function compile(lab: Lab): readonly Resource<HostsFilesSpec>[] {
  return lab.names.flatMap((item) => {
    const files = hostsFilesContent(item);
    if (Object.keys(files).length === 0) return [];
    const { netns, at } = item;
    const spec = { netns, files };
    return [
      {
        ...{ kind: 'names', id: hostsFilesId(netns), netns, spec },
        ...{ dependsOn: netnsIds(netns), within: [], origin: at, note: null },
      },
    ];
  });
}

function observe(
  live: LiveState,
  resource: Resource<HostsFilesSpec>,
  context: KindContext<HostsFilesSpec>,
): Observation<HostsFilesSpec> {
  const paths = new Set([...Object.keys(resource.spec.files), ...Object.keys(context.recorded?.spec.files ?? {})]);
  const found = [...paths].map((path) => ({
    path,
    block: readManagedBlock(live.files.get(path) ?? '', markOf(context)),
  }));
  const files = Object.fromEntries(
    found.flatMap(({ path, block }) =>
      block === null ? [] : [[path, block === 'broken' ? [] : block.lines] as const],
    ),
  );
  if (Object.keys(files).length === 0) return absentObservation;
  const spec = { netns: resource.spec.netns, files };
  const broken = found.find(({ block }) => block === 'broken');
  if (!broken) return ownObservation(spec);
  const mark = markOf(context);
  const whose = `its block in ${broken.path} has lost its first or last line`;
  return blockingObservation(
    spec,
    whose,
    `remove what is left of it by hand: the lines "# BEGIN ${mark}" and "# END ${mark}"`,
  );
}

function steps(
  operation: Operation<HostsFilesSpec>,
  phase: 'delete' | 'make',
  context: KindContext<HostsFilesSpec>,
): readonly (readonly Instruction[])[] {
  const mark = markOf(context);
  const before = operation.action === 'create' ? {} : (operation.before?.files ?? {});
  const after = phase === 'delete' ? {} : (operation.after?.files ?? {});
  const gone = Object.keys(before).filter((path) => !(path in after));
  const written = Object.entries(after).filter(([path, lines]) => !sameJson(lines, before[path]));
  const round: readonly Instruction[] = [
    ...written.map(([path, lines]): Instruction => ({ do: 'file.block', path, mark, lines })),
    ...gone.map((path): Instruction => ({ do: 'file.unblock', path, mark, andFolder: operation.netns !== 'host' })),
  ];
  return round.length > 0 ? [round] : [];
}
