import type { Path } from '../model/diagnostics/source-location.ts';
import { readManagedBlock } from '../model/files/managed-block.ts';
import { netnsIds } from '../model/ids.ts';
import type { Instruction } from '../model/instruction.ts';
import { sameJson } from '../model/json.ts';
import type { LiveState } from '../model/kernel/need.ts';
import { type Kind, type KindContext, markOf } from '../model/kind.ts';
import type { Lab } from '../model/lab.ts';
import type { Operation, PlanLine } from '../model/operation.ts';
import type { Observation, Resource } from '../model/resource.ts';
import { defineKind } from './define-kind.ts';
import { noDisruption } from './disruption.ts';
import { absentObservation, blockingObservation, ownObservation } from './observation.ts';

/** The lab's lines in files of one namespace, or of the machine, by absolute path. */
export type BlockSpec = { readonly netns: string; readonly files: { readonly [path: string]: readonly string[] } };

/** What a kind of blocks says about itself; `defineBlockKind` does the rest. */
export type BlockKindDefinition = {
  /** The value of `kind` in resources and recorded states. */
  readonly name: string;
  /** The resources of a lab; one without files is left out. */
  readonly blocks: (lab: Lab) => readonly (BlockSpec & { readonly id: string; readonly at: Path })[];
  readonly describe: (operation: Operation<BlockSpec>) => readonly PlanLine[];
  readonly exclusive: NonNullable<Kind<BlockSpec>['exclusive']>;
};

/** Makes a kind of blocks: lines of the lab, between two marks, in files that may have lines of others. These stay. */
export function defineBlockKind({ name, blocks, describe, exclusive }: BlockKindDefinition): Kind {
  const definition: Kind<BlockSpec> = {
    name,
    compile: (lab) =>
      blocks(lab).flatMap(({ id, netns, files, at }): readonly Resource<BlockSpec>[] =>
        Object.keys(files).length === 0
          ? []
          : [
              {
                kind: name,
                id,
                netns,
                spec: { netns, files },
                dependsOn: netnsIds(netns),
                within: [],
                origin: at,
                note: null,
              },
            ],
      ),
    query: ({ spec }) => Object.keys(spec.files).map((key) => ({ need: 'file', key })),
    observe,
    immutable: ['netns'],
    instructions: blockInstructions,
    describe,
    disrupts: noDisruption,
    isSelfContained: true,
    exclusive,
    remark: ({ netns, files }, context) => ({
      copy: Object.entries(files).map(([path, lines]) => ({ do: 'file.block', path, mark: markOf(context), lines })),
      drop: Object.keys(files).map((path) => ({
        do: 'file.unblock',
        path,
        mark: markOf(context),
        andFolder: netns !== 'host',
      })),
    }),
    restoreTo: () => null,
  };
  return defineKind(definition);
}

function observe(
  live: LiveState,
  resource: Resource<BlockSpec>,
  context: KindContext<BlockSpec>,
): Observation<BlockSpec> {
  const wanted = resource.spec.files;
  const recorded = context.recorded?.spec.files ?? {};
  const paths = new Set([...Object.keys(wanted), ...Object.keys(recorded)]);
  const found = [...paths].map((path) => ({
    path,
    block: blockIn(live, live.get({ need: 'file', key: path }) ?? '', markOf(context)),
  }));
  const files = Object.fromEntries(
    found.flatMap(({ path, block }) =>
      block === null
        ? []
        : [[path, block === 'broken' ? [] : equalList(block.lines, [wanted[path], recorded[path]])] as const],
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

type FoundBlock = ReturnType<typeof readManagedBlock>;

/** The block in the text of a file; equal texts of one reading are taken apart once. */
function blockIn(live: LiveState, text: string, mark: string): FoundBlock {
  const texts = blocksByText.get(live) ?? new Map<string, Map<string, FoundBlock>>();
  blocksByText.set(live, texts);
  const blocks = texts.get(text) ?? new Map<string, FoundBlock>();
  texts.set(text, blocks);
  const block = blocks.get(mark) ?? readManagedBlock(text, mark);
  blocks.set(mark, block);
  return block;
}

const blocksByText = new WeakMap<LiveState, Map<string, Map<string, FoundBlock>>>();

/** The one of some lists that says the same, so that what was found is the list that the lab has; else the list itself. */
const equalList = (lines: readonly string[], others: readonly (readonly string[] | undefined)[]): readonly string[] =>
  others.find((other) => other && sameJson(lines, other)) ?? lines;

function blockInstructions(
  operation: Operation<BlockSpec>,
  phase: 'delete' | 'make',
  context: KindContext<BlockSpec>,
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
