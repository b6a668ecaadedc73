import { type AddLink, type Instruction, type LinkSettings, NETFORM_GROUP } from '../../model/instruction.ts';
import { type Spec, sameJson } from '../../model/json.ts';
import type { KindContext } from '../../model/kind.ts';
import { type LinkKind, type LinkOptions, lowerOf } from '../../model/link-kind.ts';
import type { Operation } from '../../model/operation.ts';
import { isBond } from './bond/port-order.ts';
import { hostSysctlInstructions, linkMark, regainedSysctlInstructions } from './link-attributes.ts';
import { joinSpec, type SplitLink, splitSpec } from './link-spec.ts';
import { portChanges } from './port-settings.ts';

/** What the kernel gives a port whose link says no speed (`port_cost` in net/bridge/br_if.c). */
const COST_WITHOUT_SPEED = 100;

type LinkBatches = readonly (readonly Instruction[])[];

/** The instructions of any link of one end: make, quieten, then mark and set up; an alias in the creating message is ignored by the kernel. */
export function linkInstructions(
  kind: LinkKind,
  operation: Operation,
  { phase, context }: { readonly phase: 'delete' | 'make'; readonly context: KindContext },
): LinkBatches {
  const { action, before, after } = operation;
  const [old, wanted] = [before && splitSpec(kind, before), after && splitSpec(kind, after)];
  if (phase === 'delete') return old ? [[{ do: 'link.delete', netns: old.common.netns, name: old.common.name }]] : [];
  if (!wanted) return [];
  const rounds =
    action === 'update' && old ? update(kind, { operation, old, wanted, context }) : creation(kind, wanted, context);
  return rounds.filter((round) => round.length > 0);
}

/** A link whose lower one is in another namespace is made there, where its master cannot be named. */
function creation(kind: LinkKind, { common, options }: SplitLink, context: KindContext): LinkBatches {
  const { netns, name, mac, mtu, up, master = null } = common;
  const { alias = '', group = NETFORM_GROUP } = linkMark(context, common);
  const lower = lowerOf(kind, { netns, options });
  const isElsewhere = lower !== null && lower.netns !== netns;
  const add: AddLink = {
    do: 'link.add',
    netns,
    name,
    kind: kind.name,
    mac,
    mtu,
    group,
    master: isElsewhere ? null : master,
    lower,
    options: withoutPorts(kind, options),
    peer: null,
  };
  const joined = isElsewhere && master !== null ? { master } : {};
  const port = portChanges(null, common, COST_WITHOUT_SPEED);
  return [
    [add],
    hostSysctlInstructions(common, mtu),
    [{ do: 'link.set', netns, name, set: { alias, ...joined, ...(port ? { port } : { up }) } }],
    // A port is set up last: before that it would pass what it must not.
    port ? [{ do: 'link.set', netns, name, set: { up } }] : [],
  ];
}

/** What can be said of a link before its ports are there. */
function withoutPorts({ afterPorts = [] }: LinkKind, options: LinkOptions): LinkOptions {
  const later: readonly string[] = afterPorts;
  return later.length === 0
    ? options
    : Object.fromEntries(Object.entries(options).map(([key, value]) => [key, later.includes(key) ? null : value]));
}

/** What names the ports of a new link, when these are there. */
export function afterPortsInstructions(kind: LinkKind, { action, after }: Operation): readonly Instruction[] {
  if (action === 'update' || !after || !kind.afterPorts) return [];
  const { common, options } = splitSpec(kind, after);
  const named = kind.afterPorts.filter((key) => options[key] !== null);
  if (named.length === 0) return [];
  const values = Object.fromEntries(named.map((key) => [key, options[key] ?? null]));
  const { netns, name } = common;
  return [{ do: 'link.set', netns, name, set: { options: { kind: kind.name, values } } }];
}

/** A new link before its ports are there. */
export function beforePorts(kind: LinkKind, spec: Spec): Spec {
  const { common, options } = splitSpec(kind, spec);
  return joinSpec(kind, { common, options: withoutPorts(kind, options) });
}

/** A bond takes a port only while that is down. */
export function inSteps(
  operation: Pick<Operation, 'dependsOn'>,
  set: LinkSettings,
  place: { readonly netns: string; readonly up: boolean },
): readonly LinkSettings[] {
  const { master, up: _up, ...rest } = set;
  if (!isBond(operation, { netns: place.netns, master })) return [set];
  return [{ ...rest, up: false }, { master: master ?? null }, { up: place.up }];
}

type LinkUpdate = {
  readonly operation: Operation;
  readonly old: SplitLink;
  readonly wanted: SplitLink;
  readonly context: KindContext;
};

/** What is taken over is marked first; what is given back loses the mark last, so that a run that is killed is known. */
function update(kind: LinkKind, { operation, old, wanted, context }: LinkUpdate): LinkBatches {
  const [before, after] = [old.common, wanted.common];
  const { netns, name } = after;
  const set = changedSettings(kind, old, wanted);
  const mark = linkMark(context, after);
  const port = portChanges(before, after, COST_WITHOUT_SPEED);
  const settings = [
    ...(after.former || (!before.former && before.label === after.label) ? [] : [mark]),
    ...inSteps(operation, set, after),
    ...(port ? [{ port }] : []),
    ...(after.former ? [mark] : []),
  ];
  // A run that was killed may have made it and not come to its sysctls.
  const quiet = context.interrupted && !after.former ? hostSysctlInstructions(after, after.mtu) : [];
  const rounds = settings.map((each): readonly Instruction[] =>
    Object.keys(each).length > 0 ? [{ do: 'link.set', netns, name, set: each }] : [],
  );
  const regained = after.former ? [] : regainedSysctlInstructions(after, { before: before.mtu, after: after.mtu });
  return [quiet, ...rounds, regained];
}

function changedSettings(kind: LinkKind, { common: before, options: had }: SplitLink, wanted: SplitLink): LinkSettings {
  const { common: after, options } = wanted;
  // An option that is only there when it is on is turned off by its absence.
  const off = Object.keys(had).filter((option) => had[option] === true && !(option in options));
  const all = { ...options, ...Object.fromEntries(off.map((option) => [option, false])) };
  const values = Object.entries(all).filter(([option, value]) => !sameJson(had[option], value));
  const { master = null } = after;
  return {
    ...(before.mac === after.mac ? {} : { mac: after.mac }),
    ...(before.mtu === after.mtu ? {} : { mtu: after.mtu }),
    ...(before.up === after.up ? {} : { up: after.up }),
    ...((before.master ?? null) === master ? {} : { master }),
    ...(values.length === 0
      ? {}
      : { options: { kind: kind.name, values: kind.resetsUnnamed ? options : Object.fromEntries(values) } }),
  };
}
