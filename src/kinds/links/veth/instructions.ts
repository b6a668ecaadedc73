import { type AddLink, type Instruction, type LinkSettings, NETFORM_GROUP } from '../../../model/instruction.ts';
import type { KindContext } from '../../../model/kind.ts';
import type { Operation } from '../../../model/operation.ts';
import { VETH_COST } from '../../../net/bridge-port.ts';
import {
  hostSysctlInstructions,
  linkAlias,
  linkMark,
  type OriginalLinkMark,
  regainedSysctlInstructions,
} from '../link-attributes.ts';
import { inSteps } from '../link-instructions.ts';
import { portChanges } from '../port-settings.ts';
import { isVrf } from '../vrf/port-order.ts';
import type { VethEnd, VethEndSettings, VethSpec } from './spec.ts';

type VethBatches = readonly (readonly Instruction[])[];

/**
 * Make the pair, quieten its ends in the host, then mark both and set them up, then hairpin. The peer's master, its
 * state and any alias in the creating message are ignored or refused by the kernel.
 */
export function vethInstructions(
  operation: Operation<VethSpec>,
  phase: 'delete' | 'make',
  context: KindContext,
): VethBatches {
  const { before, after } = operation;
  if (phase === 'delete') return before ? removal(before) : [];
  if (!after) return [];
  const rounds =
    operation.action === 'update' && before
      ? update(operation, { before, after, context })
      : creation(operation, after, context);
  return rounds.filter((round) => round.length > 0);
}

/**
 * By the end in the host when there is one, so that a lab's deletes are one batch; never by one that was not seen to be
 * ours, such as what another end of ours is joined to.
 */
function removal(spec: VethSpec): VethBatches {
  const settings = [spec.near, spec.far];
  const seen = spec.ends.filter((end, i) => end.name !== '' && settings[i]?.mac !== '');
  const end = seen.find(({ netns }) => netns === 'host') ?? seen[0];
  return end ? [[{ do: 'link.delete', netns: end.netns, name: end.name }]] : [];
}

function creation(operation: VethOperation, spec: VethSpec, context: KindContext): VethBatches {
  const [near, far] = sidesOf(spec);
  const [from, to] = near.settings.master === null && far.settings.master !== null ? [far, near] : [near, far];
  const marked = (side: VethSide): LinkSettings => ({
    ...(side.former ? linkMark(context, side) : { alias: linkAlias(context, side) }),
    ...(isPort(operation, side) ? {} : { up: side.settings.up }),
  });
  const master = to.settings.master === null ? {} : { master: to.settings.master };
  return [
    [addition(from, to)],
    [near, far].flatMap((side) => hostSysctlInstructions(side, side.settings.mtu)),
    [settingOf(from, marked(from)), settingOf(to, { ...marked(to), ...master })],
    [near, far].flatMap((side) => portSetting(null, side)),
  ];
}

/** Ports of a new pair come up last: what is inside needs no carrier, and each carrier costs the kernel work. */
export function portsUpInstructions(operation: Operation<VethSpec>): readonly Instruction[] {
  const { action, after } = operation;
  if (action === 'update' || !after) return [];
  const ports = sidesOf(after).filter((side) => isPort(operation, side) && side.settings.up);
  return ports.map((side) => settingOf(side, { up: true }));
}

/** A new pair before its ports come up. */
export function withPortsDown(spec: VethSpec, operation: VethOperation): VethSpec {
  const [near, far] = sidesOf(spec);
  const isUp = (side: VethSide): boolean => side.settings.up && !isPort(operation, side);
  return { ...spec, near: { ...spec.near, up: isUp(near) }, far: { ...spec.far, up: isUp(far) } };
}

type VethOperation = Pick<Operation, 'dependsOn'>;

/** What is on a port of a VRF needs it to be up. */
const isPort = (operation: VethOperation, { netns, settings: { master } }: VethSide): boolean =>
  master !== null && !isVrf(operation, { netns, master });

function addition(from: VethSide, to: VethSide): AddLink {
  const { netns, name } = from;
  const { mac, mtu, master } = from.settings;
  const peer = { netns: to.netns, name: to.name, mac: to.settings.mac, mtu: to.settings.mtu, group: NETFORM_GROUP };
  return {
    do: 'link.add',
    netns,
    name,
    kind: 'veth',
    mac,
    mtu,
    group: NETFORM_GROUP,
    master,
    lower: null,
    options: {},
    peer,
  };
}

function update(
  operation: VethOperation,
  { before, after, context }: { readonly before: VethSpec; readonly after: VethSpec; readonly context: KindContext },
): VethBatches {
  const old = [before.near, before.far];
  const pairs = sidesOf(after).map((side, i) => ({ side, was: old[i] ?? side.settings }));
  const marks = pairs.map(({ side, was }) => ({ side, was, set: linkMark(context, side) }));
  const steps = pairs.map(({ side, was }) => {
    const { netns, settings } = side;
    return inSteps(operation, changedSettings(was, side), { netns, up: settings.up }).map((set) => ({ side, set }));
  });
  const settings = [0, 1, 2].map((nth) =>
    steps.flatMap((one) => one[nth] ?? []).filter(({ set }) => Object.keys(set).length > 0),
  );
  // A run that was killed may have made the pair and not come to its sysctls.
  const quiet = context.interrupted
    ? pairs.flatMap(({ side }) => (side.former ? [] : hostSysctlInstructions(side, side.settings.mtu)))
    : [];
  // What is taken over is marked first; what is given back loses the mark last.
  const rounds = [
    marks.filter(({ side, was }) => !side.former && (was.former || was.label !== side.label)),
    ...settings,
  ].map((round) => round.map(({ side, set }) => settingOf(side, set)));
  const ports = pairs.flatMap(({ side, was }) => portSetting(was, side));
  const former = marks.filter(({ side }) => side.former).map(({ side, set }) => settingOf(side, set));
  const regained = pairs.flatMap(({ side, was }) =>
    side.former ? [] : regainedSysctlInstructions(side, { before: was.mtu, after: side.settings.mtu }),
  );
  return [quiet, ...rounds, ports, former, regained];
}

function changedSettings(was: VethEndSettings, side: VethSide): LinkSettings {
  const { mac, mtu, up, master } = side.settings;
  return {
    ...(was.mac === mac ? {} : { mac }),
    ...(was.mtu === mtu ? {} : { mtu }),
    ...(was.up === up ? {} : { up }),
    ...(was.master === master ? {} : { master }),
  };
}

/** The settings of a port that change; one that gets another master starts as a new one. */
function portSetting(was: VethEndSettings | null, side: VethSide): readonly Instruction[] {
  const { master, hairpin } = side.settings;
  const kept = was?.master === master ? was.hairpin : false;
  const port = portChanges(was, side.settings, VETH_COST);
  if (master === null || (kept === hairpin && !port)) return [];
  return [settingOf(side, { ...(kept === hairpin ? {} : { hairpin }), ...(port ? { port } : {}) })];
}

type VethSide = VethEnd & {
  readonly label: string;
  readonly former?: OriginalLinkMark;
  readonly settings: VethEndSettings;
};

const sidesOf = ({ ends: [first, second], near, far }: VethSpec): readonly [VethSide, VethSide] => [
  sideOf(first, near),
  sideOf(second, far),
];

const sideOf = (end: VethEnd, settings: VethEndSettings): VethSide => ({
  ...end,
  label: settings.label,
  settings,
  ...(settings.former ? { former: settings.former } : {}),
});

const settingOf = ({ netns, name }: VethEnd, set: LinkSettings): Instruction => ({ do: 'link.set', netns, name, set });
