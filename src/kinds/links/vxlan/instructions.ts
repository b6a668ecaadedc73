import { type AddLink, type Instruction, type LinkSettings, NETFORM_GROUP } from '../../../model/instruction.ts';
import type { KindContext } from '../../../model/kind.ts';
import type { Operation } from '../../../model/operation.ts';
import { hostSysctlInstructions, linkMark } from '../link-attributes.ts';
import type { VxlanSpec } from './spec.ts';

type VxlanBatches = readonly (readonly Instruction[])[];

/** Make, quieten, then mark and set up: an alias in the creating message is ignored by the kernel. */
export function vxlanInstructions(
  operation: Operation<VxlanSpec>,
  phase: 'delete' | 'make',
  context: KindContext<VxlanSpec>,
): VxlanBatches {
  const { before, after } = operation;
  if (phase === 'delete') return before ? [[{ do: 'link.delete', netns: before.netns, name: before.name }]] : [];
  if (!after) return [];
  const rounds = operation.action === 'update' && before ? update(before, after, context) : creation(after, context);
  return rounds.filter((round) => round.length > 0);
}

function creation(spec: VxlanSpec, context: KindContext): VxlanBatches {
  const { netns, name, mac, mtu, up, master, id, remote, local, dev, port } = spec;
  const { alias = '', group = NETFORM_GROUP } = linkMark(context, spec);
  const add: AddLink = {
    ...{ do: 'link.add', netns, name, type: 'vxlan', mac, mtu, group, master, peer: null, bridge: null },
    vxlan: { id, remote, local, dev, port },
  };
  return [[add], hostSysctlInstructions(spec), [{ do: 'link.set', netns, name, set: { alias, up } }]];
}

/** What is taken over is marked first; what is given back loses the mark last, so that a run that is killed is known. */
function update(before: VxlanSpec, after: VxlanSpec, context: KindContext): VxlanBatches {
  const { netns, name } = after;
  const set = changed(before, after);
  const mark = linkMark(context, after);
  const settings = [
    ...(after.former || (!before.former && before.label === after.label) ? [set] : [mark, set]),
    ...(after.former ? [mark] : []),
  ];
  // A run that was killed may have made it and not come to its sysctls.
  const quiet = context.interrupted && !after.former ? hostSysctlInstructions(after) : [];
  const rounds = settings.map((each): readonly Instruction[] =>
    Object.keys(each).length > 0 ? [{ do: 'link.set', netns, name, set: each }] : [],
  );
  return [quiet, ...rounds];
}

function changed(before: VxlanSpec, after: VxlanSpec): LinkSettings {
  return {
    ...(before.mac === after.mac ? {} : { mac: after.mac }),
    ...(before.mtu === after.mtu ? {} : { mtu: after.mtu }),
    ...(before.up === after.up ? {} : { up: after.up }),
    ...(before.master === after.master ? {} : { master: after.master }),
  };
}
