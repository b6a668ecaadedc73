import type { CheckName } from '../model/codes.ts';
import { problem } from '../model/diagnostic.ts';
import { atKey, atValue, type Place } from '../model/place.ts';
import type { Interface, Netns } from '../model/topology.ts';
import { linkName } from '../net/name.ts';
import { bridgeFor, bridgeNames } from './bridges.ts';
import type { Cables } from './cables.ts';
import { meantHint, refWords } from './words.ts';
import type { Link, Source } from './world.ts';

/** One entry under `interfaces`. `port`: the bridge that it needs a port on. Not `sound`: it cannot be made. */
export type Entry = { readonly link: Link; readonly port: Link | null; readonly sound: boolean };

type Ground = {
  readonly source: Source;
  readonly bridges: ReadonlyMap<string, Link>;
  readonly ends: Cables['ends'];
};

/** The link of an entry, and what it is wired to: a bridge, a cable, the machine (`existing`), or nothing (`lo`). */
export function entryOf(netns: Netns, entry: Interface, ground: Ground): Entry {
  const { source } = ground;
  const plain = linkOf(netns, entry);
  const fail = (check: CheckName, at: Place, message: string, hint: string): Entry => {
    source.report(problem(check, at, message, { hint }));
    return { link: plain, port: null, sound: false };
  };
  const words = `${netns.name}:${entry.name}`;
  const { vxlan } = entry;
  if (vxlan === 'wrong') return { link: plain, port: null, sound: false };
  if (entry.name === 'lo') {
    if (netns.name === 'host')
      return fail(
        'bad-name',
        atKey(entry.at),
        "the machine's lo is left alone",
        'add the address to another interface',
      );
    const wired = entry.bridge ?? vxlan;
    return wired
      ? fail('cable-conflict', atValue(wired.at), 'lo is wired to nothing', 'name another interface')
      : { link: { ...plain, kind: 'lo' }, port: null, sound: true };
  }
  const cabled = ground.ends.has(`${netns.name}/${entry.name}`);
  if (entry.existing) return existing(netns, entry, { ...ground, plain, cabled });
  if (vxlan && cabled) {
    const hint = 'leave out the vxlan or the cable';
    return fail('cable-conflict', atKey(vxlan.at), `${words} is a vxlan; a cable makes its own`, hint);
  }
  const link: Link = vxlan ? { ...plain, kind: 'vxlan', vxlan } : plain;
  if (!entry.bridge) {
    if (cabled || vxlan) return { link, port: null, sound: true };
    return fail(
      'unwired-interface',
      atKey(entry.at),
      `${words} is wired to nothing`,
      `write \`bridge: NAME\` here, or a cable under \`links\`${netns.name === 'host' ? ', or `existing: true` for a link of the machine' : ''}`,
    );
  }
  const bridge = bridgeFor(ground.bridges, netns.name, entry.bridge.value);
  const written = refWords(entry.bridge.value);
  if (!bridge) {
    const hint = meantHint(written, bridgeNames(ground.bridges, netns.name), 'bridges');
    return fail('unknown-bridge', atValue(entry.bridge.at), `no bridge is called ${written}`, hint);
  }
  if (!cabled && !vxlan) return { link: { ...plain, automatic: entry.address === 'auto' }, port: bridge, sound: true };
  if (bridge.netns === netns.name) return { link: { ...link, master: bridge }, port: null, sound: true };
  return fail(
    'cable-conflict',
    atValue(entry.bridge.at),
    `${words} ${vxlan ? 'is a vxlan' : 'has a cable'}, and bridge ${written} is not in ${netns.name}`,
    `${vxlan ? 'a vxlan' : 'leave out the bridge or the cable: the end of a cable'} can only be a port of a bridge in its own namespace`,
  );
}

/** The link that an end of a cable stands for when it has no entry. */
export function bareEnd(netns: string, label: string, at: Link['at']): Link {
  return { ...BARE, netns, name: linkName(label), label, at };
}

/** The generated port of a bridge, under its bridge. */
export const portLink = (bridge: Link, names: { readonly name: string; readonly label: string }): Link => ({
  ...BARE,
  ...names,
  netns: bridge.netns,
  kind: 'port',
  at: bridge.at,
  master: bridge,
});

const BARE = {
  kind: 'end',
  written: [],
  automatic: false,
  up: true,
  mac: null,
  mtu: null,
  master: null,
  gateway: null,
  bridge: null,
  vxlan: null,
} as const;

function existing(
  netns: Netns,
  entry: Interface,
  { source, plain, cabled }: Ground & { readonly plain: Link; readonly cabled: boolean },
): Entry {
  const link: Link = { ...plain, kind: 'existing', up: true, name: entry.name };
  if (netns.name !== 'host') {
    const message = `${entry.name} cannot exist before its namespace does`;
    source.report(problem('unwired-interface', atKey(entry.at), message, { hint: 'wire it to a bridge or a cable' }));
    return { link, port: null, sound: false };
  }
  const wanted = [
    entry.bridge && 'bridge',
    entry.vxlan && 'vxlan',
    entry.mac && 'mac',
    entry.mtu && 'mtu',
    entry.state === 'down' && 'state',
  ];
  for (const key of wanted.filter((word) => typeof word === 'string')) {
    const message = `${entry.name} is a link that the machine has; netform does not change its ${key}`;
    const hint = 'only addresses and routes are added to an existing link';
    source.report(problem('bad-value', atKey([...entry.at, key]), message, { hint }));
  }
  return { link, port: null, sound: !cabled };
}

function linkOf(netns: Netns, entry: Interface): Link {
  return {
    netns: netns.name,
    name: linkName(entry.name),
    label: entry.name,
    kind: 'end',
    at: entry.at,
    written: typeof entry.address === 'string' ? [] : entry.address,
    automatic: false,
    up: entry.state === 'up',
    mac: entry.mac,
    mtu: entry.mtu?.value ?? null,
    master: null,
    gateway: entry.gateway,
    bridge: null,
    vxlan: null,
  };
}
