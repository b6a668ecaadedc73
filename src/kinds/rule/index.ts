import { netnsIds, ruleId } from '../../model/ids.ts';
import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import { sameJson } from '../../model/json.ts';
import type { RuleLive } from '../../model/kernel/live-state.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Kind, KindContext } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { appendTo } from '../../model/values/group-by.ts';
import { defineKind } from '../define-kind.ts';
import { disruptionOf } from '../disruption.ts';
import {
  absentObservation,
  blockingObservation,
  foreignObservation,
  ownObservation,
  protocolOwner,
  restoreOriginal,
} from '../observation.ts';
import { describeRule, ruleText } from './describe.ts';
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
  // Each list is complete when all are made.
  const places = new Map<string, RuleSpec[]>();
  return lab.rules.map(({ netns, at, options, family, from, to, iif, oif, mark, table, priority, action }) => {
    const spec = { family, from, to, iif, oif, mark, table, priority, action, ...options };
    const place = ruleId(netns, priority, 1);
    appendTo(places, place, spec);
    const siblings = places.get(place) ?? [];
    return {
      kind: 'rule',
      id: ruleId(netns, priority, siblings.length),
      netns,
      spec,
      siblings,
      dependsOn: netnsIds(netns),
      within: netnsIds(netns),
      origin: at,
      note: null,
    };
  });
}

/** What follows a rule with the same priority and is not the lab's: the kernel puts a rule that is made again behind it (`fib_nl_newrule`). */
function ruleBehind(rules: readonly RuleLive[], rule: RuleLive, siblings: readonly RuleSpec[]): RuleLive | undefined {
  const { family, priority } = rule;
  return rules.slice(rules.indexOf(rule) + 1).find(({ protocol, ...one }) => {
    const isNear = one.family === family && one.priority === priority && protocol !== NETFORM_PROTOCOL;
    return isNear && !siblings.some((sibling) => sameJson(sibling, one));
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
    if (!other) continue;
    const [spec, whose] = [{ ...wanted, protocol: other.protocol }, protocolOwner(other.protocol)];
    const next = context.adopting && ruleBehind(rules, other, resource.siblings ?? []);
    if (!next) return foreignObservation(spec, whose);
    const moved = `${whose}; adopted, it would come behind another one of its priority: ${ruleText(next)}`;
    return blockingObservation(spec, moved, 'give one of the two another priority');
  }
  return absentObservation;
}
