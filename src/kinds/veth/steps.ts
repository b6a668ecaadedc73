import { type AddLink, GROUP, type Instruction, type LinkSettings } from '../../model/instruction.ts';
import type { Context } from '../../model/kind.ts';
import type { Operation } from '../../model/operation.ts';
import { aliasOf, type Former, hostSysctls, markOfLink } from '../links.ts';
import type { End, EndSettings, VethSpec } from './spec.ts';

type Rounds = readonly (readonly Instruction[])[];

/**
 * Make the pair, quieten its ends in the host, then mark both and set them up, then hairpin. The peer's master, its
 * state and any alias in the creating message are ignored or refused by the kernel.
 */
export function vethSteps(operation: Operation<VethSpec>, phase: 'delete' | 'make', context: Context): Rounds {
  const { before, after } = operation;
  if (phase === 'delete') return before ? removal(before) : [];
  if (!after) return [];
  const rounds = operation.action === 'update' && before ? update(before, after, context) : creation(after, context);
  return rounds.filter((round) => round.length > 0);
}

/**
 * By the end in the host when there is one, so that a lab's deletes are one batch; never by one that was not seen to be
 * ours, such as what another end of ours is joined to.
 */
function removal(spec: VethSpec): Rounds {
  const settings = [spec.near, spec.far];
  const seen = spec.ends.filter((end, i) => end.name !== '' && settings[i]?.mac !== '');
  const end = seen.find(({ netns }) => netns === 'host') ?? seen[0];
  return end ? [[{ do: 'link.delete', netns: end.netns, name: end.name }]] : [];
}

function creation(spec: VethSpec, context: Context): Rounds {
  const [near, far] = sidesOf(spec);
  const [from, to] = near.settings.master === null && far.settings.master !== null ? [far, near] : [near, far];
  const marked = (side: Side): LinkSettings => ({
    ...(side.former ? markOfLink(context, side) : { alias: aliasOf(context, side) }),
    up: side.settings.up,
  });
  const master = to.settings.master === null ? {} : { master: to.settings.master };
  return [
    [addition(from, to)],
    [near, far].flatMap(hostSysctls),
    [settingOf(from, marked(from)), settingOf(to, { ...marked(to), ...master })],
    [near, far].filter((side) => side.settings.hairpin).map((side) => settingOf(side, { hairpin: true })),
  ];
}

function addition(from: Side, to: Side): AddLink {
  const { netns, name } = from;
  const { mac, mtu, master } = from.settings;
  const peer = { netns: to.netns, name: to.name, mac: to.settings.mac, mtu: to.settings.mtu, group: GROUP };
  return { do: 'link.add', netns, name, type: 'veth', mac, mtu, group: GROUP, master, peer, bridge: null };
}

function update(before: VethSpec, after: VethSpec, context: Context): Rounds {
  const old = [before.near, before.far];
  const pairs = sidesOf(after).map((side, i) => ({ side, was: old[i] ?? side.settings }));
  const marks = pairs.map(({ side, was }) => ({ side, was, set: markOfLink(context, side) }));
  const settings = pairs.map(({ side, was }) => ({ side, set: changed(was, side) }));
  // A port that gets another master starts without hairpin.
  const hairpins = pairs.filter(({ side, was }) => {
    const kept = was.master === side.settings.master ? was.hairpin : false;
    return side.settings.master !== null && kept !== side.settings.hairpin;
  });
  // A run that was killed may have made the pair and not come to its sysctls.
  const quiet = context.interrupted ? pairs.flatMap(({ side }) => (side.former ? [] : hostSysctls(side))) : [];
  // What is taken over is marked first; what is given back loses the mark last.
  const rounds = [
    marks.filter(({ side, was }) => !side.former && (was.former || was.label !== side.label)),
    settings.filter(({ set }) => Object.keys(set).length > 0),
    hairpins.map(({ side }) => ({ side, set: { hairpin: side.settings.hairpin } })),
    marks.filter(({ side }) => side.former),
  ].map((round) => round.map(({ side, set }) => settingOf(side, set)));
  return [quiet, ...rounds];
}

function changed(was: EndSettings, side: Side): LinkSettings {
  const { mac, mtu, up, master } = side.settings;
  return {
    ...(was.mac === mac ? {} : { mac }),
    ...(was.mtu === mtu ? {} : { mtu }),
    ...(was.up === up ? {} : { up }),
    ...(was.master === master ? {} : { master }),
  };
}

type Side = End & { readonly label: string; readonly former?: Former; readonly settings: EndSettings };

const sidesOf = ({ ends: [first, second], near, far }: VethSpec): readonly [Side, Side] => [
  sideOf(first, near),
  sideOf(second, far),
];

const sideOf = (end: End, settings: EndSettings): Side => ({
  ...{ ...end, label: settings.label, settings },
  ...(settings.former ? { former: settings.former } : {}),
});

const settingOf = ({ netns, name }: End, set: LinkSettings): Instruction => ({ do: 'link.set', netns, name, set });
