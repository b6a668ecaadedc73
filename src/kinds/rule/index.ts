import { netnsIds, ruleId } from '../../model/ids.ts';
import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import { sameJson } from '../../model/json.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Kind, KindContext } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { defineKind } from '../define-kind.ts';
import { disruptionOf } from '../disruption.ts';
import {
  absentObservation,
  foreignObservation,
  ownObservation,
  protocolOwner,
  restoreOriginal,
} from '../observation.ts';
import { describeRule } from './describe.ts';
import type { RuleSpec } from './spec.ts';
import { findUnmanagedRules } from './unmanaged.ts';

const definition: Kind<RuleSpec> = {
  name: 'rule',
  compile,
  query: ({ netns }) => [{ need: 'namespace', netns }],
  observe,
  // A rule has no name in the kernel: another content is another rule.
  immutable: [
    ...(['family', 'from', 'to', 'iif', 'oif', 'mark', 'table', 'priority', 'action'] as const),
    ...(['not', 'tos', 'ipproto', 'sport', 'dport', 'uidrange', 'l3mdev', 'goto', 'realms'] as const),
    ...(['suppressPrefixLength', 'suppressIfGroup'] as const),
  ],
  markFields: [['protocol']],
  instructions: ({ action, netns, before, after }, phase) => {
    const gone = phase === 'delete' || action === 'update' ? before : null;
    const made = phase === 'make' ? after : null;
    // The kernel takes a protocol of 0 for any: the old one goes before the new one comes.
    return [
      ...(gone ? [[{ do: 'rule.delete', netns, rule: gone } as const]] : []),
      ...(made ? [[{ do: 'rule.add', netns, rule: made } as const]] : []),
    ];
  },
  describe: describeRule,
  // Also in place the old rule is deleted and a new one made.
  disrupts: disruptionOf(() => 'gone-for-a-moment'),
  restoreTo: restoreOriginal,
  exclusive: (spec, netns) =>
    netns === 'host' ? [{ of: 'thing', key: `rule/${JSON.stringify(spec)}`, text: `the rule ${spec.priority}` }] : [],
  findUnmanaged: findUnmanagedRules,
};

/** A routing rule: who looks into which table. */
export const rule = defineKind(definition);

function compile(lab: Lab): readonly Resource<RuleSpec>[] {
  const counts = new Map<string, number>();
  return lab.rules.map(({ netns, at, options, ...value }) => {
    const nth = (counts.get(ruleId(netns, value.priority, 1)) ?? 0) + 1;
    counts.set(ruleId(netns, value.priority, 1), nth);
    const { family, from, to, iif, oif, mark, table, priority, action } = value;
    return {
      kind: 'rule',
      id: ruleId(netns, priority, nth),
      netns,
      spec: { family, from, to, iif, oif, mark, table, priority, action, ...options },
      dependsOn: netnsIds(netns),
      within: netnsIds(netns),
      origin: at,
      note: null,
    };
  });
}

/** The wanted rule, else the recorded one. One that has anything more is another rule, which the kernel keeps beside it. */
function observe(live: LiveState, resource: Resource<RuleSpec>, context: KindContext<RuleSpec>): Observation<RuleSpec> {
  const rules = live.get({ need: 'namespace', netns: resource.netns })?.rules ?? [];
  const recorded = context.recorded?.spec ?? null;
  for (const { protocol: _ours, ...wanted } of [resource.spec, ...(recorded ? [recorded] : [])]) {
    const found = rules.filter(({ protocol: _protocol, ...value }) => sameJson(value, wanted));
    if (found.some(({ protocol }) => protocol === NETFORM_PROTOCOL)) return ownObservation(wanted);
    const [other] = found;
    // Beside one of the lab's that is deleted, an equal one of another program stays.
    if (context.releasing && recorded && !context.recorded?.before) continue;
    if (other) return foreignObservation({ ...wanted, protocol: other.protocol }, protocolOwner(other.protocol));
  }
  return absentObservation;
}
