import { bridgeEntryId } from '../../../model/ids.ts';
import type { FdbLive, NetnsLive } from '../../../model/kernel/live-state.ts';
import type { LiveState } from '../../../model/kernel/need.ts';
import { unknownText } from '../../../model/kernel/unknown-attribute.ts';
import type { Kind, KindContext } from '../../../model/kind.ts';
import type { Lab } from '../../../model/lab.ts';
import type { Operation, PlanLine } from '../../../model/operation.ts';
import type { Observation, Resource } from '../../../model/resource.ts';
import { NO_MARK } from '../../../model/values/object-phrase.ts';
import { defineKind } from '../../define-kind.ts';
import { disruptionOf } from '../../disruption.ts';
import {
  absentObservation,
  blockingObservation,
  ownObservation,
  restoreOriginal,
  sharedObservation,
} from '../../observation.ts';
import { planLine } from '../../plan-line.ts';
import { linkDependencies } from '../link-attributes.ts';

/** Where the frames of a MAC go: to a port, or with `self` to the bridge `dev`. `vlan` null: the bridge keeps none apart. */
export type BridgeEntrySpec = {
  readonly netns: string;
  readonly dev: string;
  readonly mac: string;
  readonly vlan: number | null;
  readonly self: boolean;
};

const definition: Kind<BridgeEntrySpec> = {
  name: 'bridge-fdb',
  compile,
  query: ({ netns }) => [
    { need: 'namespace', netns },
    { need: 'forwarding-entries', netns },
  ],
  observe,
  claims: (spec) => [bridgeEntryClaim(spec.netns, spec)],
  immutable: ['dev', 'mac', 'vlan', 'self'],
  instructions: ({ netns, before, after }, phase) => {
    if (phase === 'make') return after ? [[{ do: 'fdb.replace', ...after, netns }]] : [];
    return before ? [[{ do: 'fdb.remove', ...before, netns }]] : [];
  },
  describe,
  disrupts: disruptionOf(() => 'none'),
  restoreTo: restoreOriginal,
};

/** An entry of a bridge's forwarding table that does not age; it goes with its port. */
export const bridgeEntry = defineKind(definition);

/** The name by which the lab claims such an entry. */
export const bridgeEntryClaim = (
  netns: string,
  { dev, mac, vlan }: Pick<BridgeEntrySpec, 'dev' | 'mac' | 'vlan'>,
): string => `${netns}/fdb ${dev} ${mac} ${vlan}`;

function compile(lab: Lab): readonly Resource<BridgeEntrySpec>[] {
  const place = linkDependencies(lab);
  return lab.bridges.flatMap(({ netns, name, fdb = [] }) =>
    fdb.map(({ dev, mac, vlan, at }) => ({
      kind: 'bridge-fdb',
      id: bridgeEntryId(netns, name, vlan === null ? mac : `${mac}@${vlan}`),
      netns,
      spec: { netns, dev, mac, vlan, self: dev === name },
      ...place(netns, [dev]),
      origin: at,
      note: null,
    })),
  );
}

/** A bridge has one entry for a MAC and a VLAN, and the kernel keeps no mark at it: what is there already stays when the lab goes. */
function observe(
  live: LiveState,
  { netns, spec }: Resource<BridgeEntrySpec>,
  { recorded }: KindContext<BridgeEntrySpec>,
): Observation<BridgeEntrySpec> {
  const there = live.get({ need: 'namespace', netns });
  const bridge = there && bridgeOf(there, spec.dev);
  const entries = live.get({ need: 'forwarding-entries', netns }) ?? [];
  const found = entries.find(
    (one) =>
      one.to === null &&
      one.mac === spec.mac &&
      vlanOf(one) === spec.vlan &&
      there &&
      bridgeOf(there, one.dev) === bridge,
  );
  if (!found) return absentObservation;
  const self = found.dev === bridge;
  const now = { ...spec, dev: found.dev, self };
  const isPlain = unknownText(found) === entryText(now);
  if (isPlain && recorded && !recorded.before) return ownObservation(now);
  if (isPlain && (found.dev === spec.dev || recorded)) return sharedObservation(now);
  const where = self ? 'at the bridge itself' : `at the port ${found.dev}`;
  return blockingObservation(
    now,
    `${NO_MARK}, ${where}, ${unknownText(found)}`,
    'remove one of the two: a bridge has one entry for a MAC',
  );
}

const bridgeOf = ({ links }: NetnsLive, dev: string): string => links.get(dev)?.master ?? dev;

/** The VLAN of an entry of a bridge; null: none. */
export function vlanOf({ unknown = [] }: FdbLive): number | null {
  const vlan = unknown.find(({ name }) => name === 'vlan');
  return vlan ? Number(vlan.value) : null;
}

/** What a dump says of such an entry, in the words of `bridge fdb`. */
const entryText = ({ vlan, self }: Pick<BridgeEntrySpec, 'vlan' | 'self'>): string =>
  unknownText({
    unknown: [
      { name: self ? 'permanent' : 'static', value: '' },
      ...(vlan === null ? [] : [{ name: 'vlan', value: String(vlan) }]),
    ],
  });

function describe(operation: Operation<BridgeEntrySpec>): readonly PlanLine[] {
  const { action, before, after } = operation;
  const spec = after ?? before;
  if (!spec) return [];
  const moved = action === 'replace' && before && before.dev !== spec.dev ? `from ${before.dev} ` : '';
  const vlan = spec.vlan === null ? '' : ` in VLAN ${spec.vlan}`;
  const aim = spec.self ? `to ${spec.dev} itself` : `to the port ${spec.dev}`;
  return [planLine(operation, { noun: 'fdb', name: spec.mac, text: `${moved}${aim}${vlan}` })];
}
