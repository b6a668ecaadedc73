import { readBlock } from '../../model/blocks.ts';
import { namesId, netnsIds } from '../../model/ids.ts';
import type { Instruction } from '../../model/instruction.ts';
import { sameJson } from '../../model/json.ts';
import { type Context, type Kind, markOf } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Live } from '../../model/live.ts';
import type { Operation } from '../../model/operation.ts';
import type { Found, Resource } from '../../model/resource.ts';
import { defineKind } from '../define.ts';
import { absent, inTheWay, ours } from '../found.ts';
import { describeNames } from './describe.ts';
import { filesOf } from './files.ts';
import type { NamesSpec } from './spec.ts';

const definition: Kind<NamesSpec> = {
  name: 'names',
  compile,
  wants: ({ spec }) => ({ files: Object.keys(spec.files) }),
  observe,
  immutable: ['netns'],
  steps,
  describe: describeNames,
  released: () => null,
};

/** The lab's block of lines in the name files of one namespace, or of the machine. Lines of others stay as they are. */
export const names = defineKind(definition);

function compile(lab: Lab): readonly Resource<NamesSpec>[] {
  return lab.names.flatMap((item) => {
    const files = filesOf(item);
    if (Object.keys(files).length === 0) return [];
    const { netns, at } = item;
    const spec = { netns, files };
    return [
      {
        ...{ kind: 'names', id: namesId(netns), netns, spec },
        ...{ dependsOn: netnsIds(netns), within: [], origin: at, note: null },
      },
    ];
  });
}

function observe(live: Live, resource: Resource<NamesSpec>, context: Context<NamesSpec>): Found<NamesSpec> {
  const paths = new Set([...Object.keys(resource.spec.files), ...Object.keys(context.recorded?.spec.files ?? {})]);
  const found = [...paths].map((path) => ({ path, block: readBlock(live.files.get(path) ?? '', markOf(context)) }));
  const files = Object.fromEntries(
    found.flatMap(({ path, block }) =>
      block === null ? [] : [[path, block === 'broken' ? [] : block.lines] as const],
    ),
  );
  if (Object.keys(files).length === 0) return absent;
  const spec = { netns: resource.spec.netns, files };
  const broken = found.find(({ block }) => block === 'broken');
  if (!broken) return ours(spec);
  const mark = markOf(context);
  const whose = `its block in ${broken.path} has lost its first or last line`;
  return inTheWay(spec, whose, `remove what is left of it by hand: the lines "# BEGIN ${mark}" and "# END ${mark}"`);
}

function steps(
  operation: Operation<NamesSpec>,
  phase: 'delete' | 'make',
  context: Context<NamesSpec>,
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
