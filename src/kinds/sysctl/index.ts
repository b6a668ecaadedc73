import { nftId, sysctlId, sysctlName } from '../../model/ids.ts';
import type { Instruction } from '../../model/instruction.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Kind, KindContext, StateEntry } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { LabSysctl } from '../../model/lab-parts/lab-sysctl.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { sameSysctlValue } from '../../net/sysctl-value.ts';
import { defineKind } from '../define-kind.ts';
import { disruptionOf } from '../disruption.ts';
import { linkDependencies } from '../links/link-attributes.ts';
import { absentObservation, sharedObservation } from '../observation.ts';
import { planLine, transitionText } from '../plan-line.ts';
import { defaultSysctlQuery, defaultSysctlValue } from './defaults.ts';
import {
  forwardingDisruption,
  forwardingExceptions,
  forwardingNeeds,
  forwardingSideEffects,
  overwritingSwitches,
  overwrittenSysctl,
} from './forwarding.ts';
import { foreignForwarding, keepForwardingNeeds, priorForwardingUses, priorUseNeeds } from './keep-forwarding.ts';
import type { SysctlSpec } from './spec.ts';

const definition: Kind<SysctlSpec> = {
  name: 'sysctl',
  compile,
  query: ({ netns, spec }, context) => {
    const { recorded } = context;
    const keys = [spec.key, ...forwardingSideEffects(spec.key), ...Object.keys(spec.devices)];
    return [
      { need: 'namespace', netns },
      ...keys.map((key) => ({ need: 'sysctl-value', netns, key }) as const),
      ...forwardingNeeds(netns, spec.key),
      ...(recorded?.before === null ? defaultSysctlQuery(spec) : []),
      ...keepForwardingNeeds(context),
      ...priorUseNeeds(spec, context),
    ];
  },
  observe,
  immutable: ['netns', 'key'],
  instructions: ({ netns, before, after }, phase) => (phase === 'make' && after ? rounds(netns, before, after) : []),
  describe,
  disrupts: disruptionOf((before, after) => forwardingDisruption(before.key, before.value, after.value)),
  restoreTo: restoreValue,
  keepReason,
};

/** A kernel setting of the machine, or of one device. It has no owner: what was there before comes back. */
export const sysctl = defineKind(definition);

function compile(lab: Lab): readonly Resource<SysctlSpec>[] {
  const place = linkDependencies(lab);
  const filtered = new Set(lab.nft.map(({ netns }) => netns));
  const advertised = lab.sysctls.filter(({ key }) => ACCEPT_RA.test(key));
  return lab.sysctls.map((item): Resource<SysctlSpec> => {
    const { netns, key, value, dev, at, reason } = item;
    const { dependsOn, within } = place(netns, dev === null ? [] : [dev]);
    // Loopback must be out of the neighbours' reach before it can be routed.
    const guard = isLocalhost(item) && filtered.has(netns) ? [nftId(netns, lab.name)] : [];
    return {
      kind: 'sysctl',
      id: sysctlId(netns, key),
      netns,
      spec: { netns, key, value, devices: {} },
      dependsOn: [
        ...[...dependsOn, ...guard, ...overwritingSwitches(key).map((other) => sysctlId(netns, other))],
        ...(key === FORWARDING_6 ? advertised.filter((other) => other.netns === netns) : []).map((other) =>
          sysctlId(netns, other.key),
        ),
      ],
      within,
      ...(guard[0] === undefined ? {} : { onlyFor: guard[0] }),
      origin: at,
      note: reason && `for ${reason}`,
    };
  });
}

// With forwarding on, the kernel drops default routes that routers advertised, except on devices whose accept_ra is 2 by
// then (`rt6_purge_dflt_routers` in net/ipv6/route.c).
const FORWARDING_6 = 'net/ipv6/conf/all/forwarding';
const ACCEPT_RA = /^net\/ipv6\/conf\/[^/]+\/accept_ra$/;

/**
 * Restores the former value, or that of a new device, unless another program has set a different one since. Forwarding
 * stays on where something else forwards by now: from then on it is the machine's.
 */
function restoreValue(
  recorded: StateEntry<SysctlSpec>,
  live: SysctlSpec | null,
  machine: LiveState,
): SysctlSpec | null {
  if (live === null || live.value !== recorded.spec.value) return live;
  if (foreignForwarding(recorded, live, machine) !== null) return live;
  if (recorded.before !== null) return recorded.before;
  const value = defaultSysctlValue(machine, recorded.spec);
  return value === null ? live : { ...live, value };
}

function keepReason(recorded: StateEntry<SysctlSpec>, live: SysctlSpec, machine: LiveState): string | null {
  const use = foreignForwarding(recorded, live, machine);
  if (use === null) return null;
  const { netns, spec } = recorded;
  const command = `${netns === 'host' ? '' : `ip netns exec ${shellWord(netns)} `}sysctl -w ${sysctlName(spec.key)}=0`;
  return `${sysctlName(spec.key)} stays ${spec.value}, because ${use} forwards packets here too; to turn it off: ${command}`;
}

const isLocalhost = ({ key, value }: LabSysctl): boolean => key.endsWith('/route_localnet') && value !== '0';

function observe(
  live: LiveState,
  resource: Resource<SysctlSpec>,
  context: KindContext<SysctlSpec>,
): Observation<SysctlSpec> {
  const { netns, key } = resource.spec;
  const found = live.get({ need: 'sysctl-value', netns, key });
  if (found === null) return absentObservation;
  // The kernel shows lists, masks and numbers in another form than they were written in.
  const value = sameSysctlValue(key, found, resource.spec.value) ? resource.spec.value : found;
  const spec = { netns, key, value, devices: devicesOf(live, value, { wanted: resource.spec, context }) };
  const priorUses = context.recorded === null ? priorForwardingUses(live, resource.spec, value) : [];
  return { ...sharedObservation(spec), ...(priorUses.length > 0 ? { priorUses } : {}) };
}

type SysctlDevicesContext = { readonly wanted: SysctlSpec; readonly context: KindContext<SysctlSpec> };

/** A device that was deleted since counts as restored. */
function devicesOf(live: LiveState, value: string, { wanted, context }: SysctlDevicesContext): SysctlSpec['devices'] {
  const before = context.recorded?.before ?? null;
  const kept = value === wanted.value ? wanted.devices : before?.devices;
  const { netns, key } = wanted;
  if (!kept) return forwardingExceptions(live, netns, { key, value });
  return Object.fromEntries(
    Object.entries(kept).map(([one, setting]) => [one, overwrittenSysctl(live, netns, key, one) ?? setting]),
  );
}

/** The switch first: it overwrites the devices. */
function rounds(netns: string, before: SysctlSpec | null, after: SysctlSpec): readonly (readonly Instruction[])[] {
  const { key, value } = after;
  const devices = Object.entries(after.devices);
  const restore = devices.map(([key, value]): Instruction => ({ do: 'sysctl.restore', netns, key, value }));
  const set: readonly Instruction[] = before?.value === value ? [] : [{ do: 'sysctl.set', netns, key, value }];
  return [set, restore].filter((round) => round.length > 0);
}

function describe(operation: Operation<SysctlSpec>): readonly PlanLine[] {
  const { before, after } = operation;
  const key = (after ?? before)?.key ?? '';
  const name = key === 'net/ipv4/ip_forward' ? 'ip_forward' : sysctlName(key);
  return [planLine(operation, { noun: 'sysctl', name, text: transitionText(before?.value, after?.value) })];
}
