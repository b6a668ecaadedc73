import { netnsId, sysctlName } from '../../model/ids.ts';
import { type Kind, markOf } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Disruption, Operation, PlanLine } from '../../model/operation.ts';
import type { Resource } from '../../model/resource.ts';
import { shareEqual } from '../../model/values/share-equal.ts';
import { defineKind } from '../define-kind.ts';
import { disruptionOf, worstDisruption } from '../disruption.ts';
import { restoreOriginal } from '../observation.ts';
import { planLine, transitionText } from '../plan-line.ts';
import { forwardingDisruption } from '../sysctl/forwarding.ts';
import { netnsInstructions } from './instructions.ts';
import { netnsQuery, observeNetns } from './observe.ts';
import type { NetnsSpec } from './spec.ts';

const definition: Kind<NetnsSpec> = {
  name: 'netns',
  compile,
  query: netnsQuery,
  observe: observeNetns,
  immutable: ['name'],
  markFields: [['former']],
  instructions: netnsInstructions,
  describe,
  disrupts: disruptionOf(disruptionOfChange),
  restoreTo: restoreOriginal,
  remark: ({ name }, context) => ({
    set: [{ do: 'link.set', netns: name, name: 'lo', set: { alias: markOf(context) } }],
  }),
  exclusive: ({ name }) => [{ of: 'thing', key: `netns/${name}`, text: name }],
  merge: (one, other) => ({ ...one, sysctls: { ...other.sysctls, ...one.sysctls } }),
};

/** A network namespace: its name under /run/netns, the mark on its `lo`, its sysctls. */
export const netns = defineKind(definition);

function compile(lab: Lab): readonly Resource<NetnsSpec>[] {
  const shared = shareEqual<NetnsSpec['sysctls']>();
  const own = lab.namespaces.filter(({ container }) => container === undefined);
  return own.map(
    ({ name, sysctls, unspecifiedSysctls = [], at, forwardingFor }): Resource<NetnsSpec> => ({
      kind: 'netns',
      id: netnsId(name),
      netns: name,
      spec: { name, sysctls: shared(sysctls) },
      dependsOn: [],
      within: [],
      unspecified: unspecifiedSysctls.map((key) => ['sysctls', key]),
      origin: at,
      note: forwardingFor && `forwarding for ${forwardingFor}`,
    }),
  );
}

function describe(operation: Operation<NetnsSpec>): readonly PlanLine[] {
  if (operation.action !== 'update') return [planLine(operation, { noun: 'netns', name: '', text: '' })];
  const { before, after } = operation;
  const wanted = { ...before?.fresh, ...after?.sysctls };
  const changed = Object.keys(wanted).filter((key) => before?.sysctls[key] !== wanted[key]);
  const changesHands = before?.former !== undefined || after?.former !== undefined || changed.length === 0;
  const lines = changed.map((key) => {
    const text = transitionText(before?.sysctls[key], wanted[key]);
    return planLine(operation, { noun: 'sysctl', name: sysctlName(key), text });
  });
  return changesHands ? [planLine(operation, { noun: 'netns', name: '', text: '' }), ...lines] : lines;
}

function disruptionOfChange(before: NetnsSpec, after: NetnsSpec): Disruption {
  const wanted = { ...before.fresh, ...after.sysctls };
  const changes = Object.entries(wanted).map(([key, value]) =>
    forwardingDisruption(key, before.sysctls[key] ?? value, value),
  );
  return worstDisruption(changes);
}
