import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addLinkMessage } from '../../src/kernel/netlink/link.ts';
import { encodeMessage } from '../../src/kernel/netlink/message.ts';
import type { Spec } from '../../src/model/json.ts';
import { linkKindOf } from '../../src/model/link-kind.ts';
import { parseAttributes, parseNestedAttributes } from '../../src/net/netlink-attributes.ts';
import { linkKinds } from '../../src/registry/kinds.ts';
import { type NetlinkTree, netlinkTree } from '../support/netlink-tree.ts';

/** What ip asked for, whether or not the kernel had the kind: record.mjs. */
const recorded: readonly { readonly name: string; readonly command: string; readonly hex: string }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'link-kinds.json'), 'utf8'),
);

const [far, near, far6, near6] = ['10.0.0.2', '10.0.0.1', 'fd00::2', 'fd00::1'];
const any = { remote: null, local: null, dev: null };
const bond = { miimon: 100, primary: null, xmitHashPolicy: 'layer2', lacpRate: 'slow', minLinks: 0 };

const vectors: { readonly [name: string]: Spec | null } = {
  ...Object.fromEntries(
    ['gre', 'gretap', 'ip6gre', 'ip6gretap'].flatMap((kind) => {
      const [remote, local, ttl] = kind.startsWith('ip6') ? [far6, near6, 64] : [far, near, 0];
      return [
        [`${kind} to any`, { ...any, local, key: null, ttl }],
        [`${kind} with all options`, { remote, local, dev: 'eth0', key: 7, ttl: 33 }],
        [`${kind} with two keys`, null],
        [`${kind} with sequence numbers`, null],
      ];
    }),
  ),
  ...Object.fromEntries(
    ['ipip', 'sit', 'ip6tnl'].flatMap((kind) => {
      const [remote, local, ttl] = kind === 'ip6tnl' ? [far6, near6, 64] : [far, near, 0];
      return [
        [`${kind} to one`, { ...any, mode: 'any', remote, ttl }],
        [`${kind} with all options`, { mode: 'any', remote, local, dev: 'eth0', ttl: 33 }],
        [`${kind} with a mark`, null],
        [`${kind} with packets in UDP`, null],
      ];
    }),
  ),
  'gre with TOS': null,
  'gre without path MTU': null,
  'ip6gre without a limit': null,
  'ip6tnl for IPv4': { ...any, mode: 'ipip6', remote: far6, ttl: 64 },
  'sit for IPv6': { ...any, mode: 'ip6ip', remote: far, ttl: 0 },
  'ipip for IPv4': { ...any, mode: 'ipip', remote: far, ttl: 0 },
  'geneve over IPv4': { id: 42, remote: far, port: 6081, ttl: 0 },
  'geneve with all options': { id: 16777215, remote: far6, port: 6082, ttl: 33 },
  'geneve with a TTL that is inherited': null,
  'geneve by metadata': null,
  vlan: { id: 10, parent: 'eth0', protocol: '802.1q' },
  'vlan of providers': { id: 4094, parent: 'eth0', protocol: '802.1ad' },
  vrf: { table: 4294967295 },
  'bond of two': { ...bond, mode: 'active-backup', primary: 'eth0' },
  'bond of 802.3ad': {
    ...{ ...bond, mode: '802.3ad', miimon: 50, xmitHashPolicy: 'layer3+4', lacpRate: 'fast', minLinks: 2 },
  },
  'bond with delays': { ...bond, mode: 'balance-rr' },
  // Nothing that netform does touches these: they are said, and the link is taken for the file's.
  'vlan with GVRP': { id: 10, parent: 'eth0', protocol: '802.1q' },
  'vlan with priorities': { id: 10, parent: 'eth0', protocol: '802.1q' },
};

/** What ip leaves out, and the kernel then takes: netform says it. */
const IMPLIED: { readonly [kind: string]: { readonly [type: number]: string } } = {
  vlan: { 5: '8100' }, // IFLA_VLAN_PROTOCOL
  geneve: { 5: '17c1' }, // IFLA_GENEVE_PORT
};
/**
 * What ip says without a meaning: flags of an encapsulation that there is none of, a version of ERSPAN. And the primary of a
 * bond, which netform names when the port is there.
 */
const IDLE: { readonly [kind: string]: readonly number[] } = {
  ip6gre: [15, 22],
  ip6gretap: [15, 22],
  ip6tnl: [16],
  bond: [11],
};

const kindNameOf = (name: string): string => name.split(' ')[0] ?? '';
const linkinfoOf = (hex: string) => parseNestedAttributes(parseAttributes(Buffer.from(hex, 'hex'), 32).get(18));

/** A request without the zeros inside IFLA_INFO_DATA, which the kernel takes for what is not there. */
function meaning({ attributes, ...tree }: NetlinkTree, kind: string, implied: object): NetlinkTree {
  const { 18: info, ...rest } = attributes;
  const { 1: name = '', 2: data = {} } = Object(info);
  const idle = IDLE[kind] ?? [];
  const said = Object.entries({ ...implied, ...data }).filter(
    ([type, value]) => !/^0*$/.test(String(value)) && !idle.includes(Number(type)),
  );
  return {
    ...tree,
    attributes: { ...rest, 18: { 1: name, 2: Object.fromEntries(said) as NetlinkTree['attributes'] } },
  };
}

test('has a vector for every recorded link', () => {
  expect(Object.keys(vectors).toSorted()).toEqual(recorded.map(({ name }) => name).toSorted());
});

/** Those with settings that netform leaves alone. */
const BESIDE = /^(?:vlan|bond) with/;
const said = recorded.filter(({ name }) => vectors[name] && !BESIDE.test(name));

test.each(said)('asks for $name as ip does', ({ name, hex }) => {
  const [kind, options] = [kindNameOf(name), vectors[name] ?? {}];
  const isAbove = options['dev'] === 'eth0' || options['parent'] === 'eth0';
  const ours = addLinkMessage(
    {
      ...{
        do: 'link.add',
        netns: 'host',
        name: 'k0',
        kind,
        mac: '',
        mtu: 1400,
        group: 20038,
        master: null,
        peer: null,
      },
      ...{ lower: isAbove ? { netns: 'host', name: 'eth0' } : null, options },
    },
    linkKindOf(linkKinds, kind),
    { master: null, lower: isAbove ? 3 : null, peerNetns: null, ownNetns: null },
  );
  const ip = netlinkTree(Buffer.from(hex, 'hex'));
  expect(meaning(netlinkTree(encodeMessage(ours, 1, 0)), kind, {})).toEqual(meaning(ip, kind, IMPLIED[kind] ?? {}));
});

test.each(recorded)('reads $name back', ({ name, hex }) => {
  const kind = linkKindOf(linkKinds, kindNameOf(name));
  const data = parseNestedAttributes(linkinfoOf(hex).get(2));
  const implied = IMPLIED[kind.name] ?? {};
  const isAbove = kind.netlink.hasLinkAttribute === true;
  const { options, unknown = [] } = kind.netlink.decode(
    // The kernel shows what it took for what was left out.
    {
      ...data,
      get: (type) => data.get(type) ?? (type in implied ? Buffer.from(implied[type] ?? '', 'hex') : undefined),
    },
    { lower: isAbove ? 'eth0' : null, nameOf: (index) => (index === 3 ? 'eth0' : null), accountOf: () => '' },
  );
  const wanted = vectors[name] ?? null;
  expect(options).toEqual(wanted);
  // What makes another link of it is named.
  if (wanted === null || BESIDE.test(name)) expect(unknown).not.toEqual([]);
  else expect(unknown).toEqual([]);
});
