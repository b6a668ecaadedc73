import { type AddLink, GROUP, type Instruction, type LinkSettings } from '../../model/instruction.ts';
import type { Context } from '../../model/kind.ts';
import type { Operation } from '../../model/operation.ts';
import { aliasOf, hostSysctls, markOfLink } from '../links.ts';
import type { BridgeSpec } from './spec.ts';

/** Make, quieten, then mark and set up: an alias in the creating message is ignored by the kernel. */
export function bridgeSteps(
  operation: Operation<BridgeSpec>,
  phase: 'delete' | 'make',
  context: Context<BridgeSpec>,
): readonly (readonly Instruction[])[] {
  const { before, after } = operation;
  if (phase === 'delete') return before ? [[{ do: 'link.delete', netns: before.netns, name: before.name }]] : [];
  if (!after) return [];
  const { netns, name, mac, mtu, up, options } = after;
  const alias = aliasOf(context, after);
  if (operation.action === 'update' && before) {
    const mark = markOfLink(context, after);
    const set = { ...(context.recorded ? {} : mark), ...changed(before, after, mark) };
    return Object.keys(set).length > 0 ? [[{ do: 'link.set', netns, name, set }]] : [];
  }
  const add: AddLink = {
    ...{ do: 'link.add', netns, name, type: 'bridge', mac, mtu, group: GROUP },
    ...{ master: null, peer: null, bridge: options },
  };
  const finish: Instruction = { do: 'link.set', netns, name, set: { alias, up } };
  return [[add], hostSysctls(after), [finish]].filter((round) => round.length > 0);
}

function changed(before: BridgeSpec, after: BridgeSpec, mark: LinkSettings): LinkSettings {
  const options = Object.entries(after.options).filter(
    ([option, value]) => new Map(Object.entries(before.options)).get(option) !== value,
  );
  return {
    ...(before.label === after.label ? {} : mark),
    ...(before.mac === after.mac ? {} : { mac: after.mac }),
    ...(before.mtu === after.mtu ? {} : { mtu: after.mtu }),
    ...(before.up === after.up ? {} : { up: after.up }),
    ...(options.length === 0 ? {} : { bridge: Object.fromEntries(options) }),
  };
}
