import { processId } from '../../../model/ids.ts';
import type { Instruction, LinkSettings } from '../../../model/instruction.ts';
import { NETFORM_GROUP } from '../../../model/instruction.ts';
import type { Spec } from '../../../model/json.ts';
import type { LinkLive } from '../../../model/kernel/live-state.ts';
import type { LiveState, NeedId, NeedName } from '../../../model/kernel/need.ts';
import type { Kind, KindContext } from '../../../model/kind.ts';
import type { Lab, LabLink } from '../../../model/lab.ts';
import type { LinkKind } from '../../../model/link-kind.ts';
import type { Resource } from '../../../model/resource.ts';
import { wireguardProcess } from '../../../programs/wireguard-go.ts';
import { linkResource } from '../define-link-kind.ts';
import { regainsIpv6 } from '../link-attributes.ts';
import type { LinkSpec } from '../link-spec.ts';

/** The program that makes such links where the kernel does not. */
const PROGRAM = 'wireguard-go';

/** The link as any other's, but for who makes it: one that a program makes is there before it is marked and set up, and goes with its process. */
export function wireguardResource(kind: LinkKind): Kind {
  const plain = linkResource(kind);
  return {
    ...plain,
    compile: (lab) => compile(plain, lab),
    query: (resource, context) => [...plain.query(resource, context), processNeed(resource, context)],
    observe: (live, resource, context) => {
      const process = live.get(processNeed(resource, context));
      if (process === null) return plain.observe(live, resource, context);
      // What a process of ours makes is ours before it has a mark.
      return plain.observe(asWireguard(live, resource), resource, { ...context, interrupted: true });
    },
    instructions: (operation, phase, context) => {
      const rounds = plain.instructions(operation, phase, context);
      const { action, before, after } = operation;
      if (after === null || phase === 'delete') return rounds;
      if (action === 'update') return updated(rounds, { before: before ?? after, after, context });
      return after['program'] === null ? rounds : rounds.flatMap(setUp);
    },
    claims: ({ netns, name }) => [`${netns}/${name}`],
    isSetUpByOthers: ({ program }) => program !== null,
    boundToLabName: 'a WireGuard link with keys in a folder of its name',
  };
}

function compile(plain: Kind, lab: Lab): readonly Resource[] {
  const options = ({ madeByProgram }: LabLink): Spec => ({ program: madeByProgram ? PROGRAM : null });
  return plain
    .compile({ ...lab, links: lab.links.map((link) => ({ ...link, options: options(link) })) })
    .map((made) => {
      if (made.spec['program'] === null) return made;
      const process = processId(made.netns, wireguardProcess(String(made.spec['name'])));
      return { ...made, dependsOn: [...made.dependsOn, process], within: [process] };
    });
}

const processNeed = ({ netns, spec }: Pick<Resource, 'netns' | 'spec'>, { lab }: KindContext) =>
  ({ need: 'process', netns, key: `${lab}/${wireguardProcess(String(spec['name']))}` }) as const;

/** The machine with the link as one of this kind: to the kernel it is a tun of a program. */
function asWireguard(live: LiveState, { netns, spec }: Resource): LiveState {
  const name = String(spec['name']);
  const there = live.get({ need: 'namespace', netns });
  const link = there?.links.get(name);
  if (!there || link?.kind !== 'tun') return live;
  const { unknown: _unknown, ...known } = link;
  const group = link.alias === null ? NETFORM_GROUP : link.group;
  const mapped: LinkLive = { ...known, kind: 'wireguard', options: { program: PROGRAM }, group };
  const namespace = { ...there, links: new Map(there.links).set(name, mapped) };
  return {
    ...live,
    get: <N extends NeedName>(need: NeedId<N>) => {
      const isThis = need.need === 'namespace' && 'netns' in need && need.netns === netns;
      return isThis ? (namespace as never) : live.get(need);
    },
  };
}

/** What makes a link only sets up one that is there. */
function setUp(round: readonly Instruction[]): readonly (readonly Instruction[])[] {
  const add = round.find((one) => one.do === 'link.add');
  if (!add) return [round];
  const { netns, name, mtu, group, master } = add;
  const set: LinkSettings = { ...(mtu === null ? {} : { mtu }), group, ...(master === null ? {} : { master }) };
  return [[{ do: 'link.set', netns, name, set }], [withoutLinkLocal({ netns, name })]];
}

type WireguardUpdate = { readonly before: Spec; readonly after: Spec; readonly context: KindContext };

/** A link that gets IPv6 back is as a new one. A run that was killed may not have come to that of one that a program made. */
function updated(
  rounds: readonly (readonly Instruction[])[],
  { before, after, context }: WireguardUpdate,
): readonly (readonly Instruction[])[] {
  const [had, wanted] = [before as LinkSpec & Spec, after as LinkSpec & Spec];
  if (wanted.former) return rounds;
  const only = [withoutLinkLocal(wanted)];
  return [
    ...(context.interrupted && after['program'] !== null ? [only] : []),
    ...rounds,
    ...(regainsIpv6({ before: had.mtu, after: wanted.mtu }) ? [only] : []),
  ];
}

/** A link of the kernel's own gets no link-local address by itself (`wg_open` in drivers/net/wireguard/device.c). */
const withoutLinkLocal = ({ netns, name }: Pick<LinkSpec, 'netns' | 'name'>): Instruction => ({
  do: 'sysctl.restore',
  netns,
  key: `net/ipv6/conf/${name}/addr_gen_mode`,
  value: NO_ADDRESS,
});

/** linux/if_link.h, IN6_ADDR_GEN_MODE_NONE. */
const NO_ADDRESS = '1';
