import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkKindOf } from '../../../src/model/link-kind.ts';
import { canonicalAddress } from '../../../src/net/address.ts';
import { parseAttributes } from '../../../src/net/netlink-attributes.ts';
import { linkKinds } from '../../../src/registry/kinds.ts';

const orNull = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null });
const isZero = (text: string): boolean => text === '0.0.0.0' || text === '::';
const canonical = (written: fc.Arbitrary<string>) =>
  written.map((text) => canonicalAddress(text) ?? '10.0.0.1').filter((text) => !isZero(text));
const v4 = canonical(fc.ipV4());
const v6 = canonical(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }).map(hexGroups));
const unicast = fc.oneof(v4, v6).filter((text) => !/^(?:22[4-9]|23\d|ff)/.test(text));
const [port, id, byte] = [65535, 0xffffff, 255].map((max) => fc.integer({ min: 1, max }));
const dev = fc.constantFrom('eth0', 'eth1');
const key = orNull(fc.integer({ min: 0, max: 0xffffffff }));
const ends = (address: fc.Arbitrary<string>) => ({
  ...{ remote: orNull(address), local: orNull(address), dev: orNull(dev), ttl: fc.integer({ min: 0, max: 255 }) },
});
const modes = (...all: readonly string[]) => ({ mode: fc.constantFrom('any', ...all) });

function hexGroups(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}

/** The options that a link of each kind can have. */
const OPTIONS: { readonly [kind: string]: fc.Arbitrary<object> } = {
  gre: fc.record({ ...ends(v4), key }),
  gretap: fc.record({ ...ends(v4), key }),
  ip6gre: fc.record({ ...ends(v6), key }),
  ip6gretap: fc.record({ ...ends(v6), key }),
  ipip: fc.record({ ...ends(v4), ...modes('ipip') }),
  sit: fc.record({ ...ends(v4), ...modes('ip6ip', 'ipip') }),
  ip6tnl: fc.record({ ...ends(v6), ...modes('ip6ip6', 'ipip6') }),
  geneve: fc.record({ id: id ?? fc.nat(), remote: unicast, port: port ?? fc.nat(), ttl: byte ?? fc.nat() }),
  vrf: fc.record({ table: fc.integer({ min: 1, max: 0xffffffff }) }),
  bond: fc.record({
    ...{ mode: fc.constantFrom('active-backup', '802.3ad', 'balance-rr'), miimon: fc.integer({ min: 0, max: 60_000 }) },
    ...{ primary: orNull(dev), xmitHashPolicy: fc.constantFrom('layer2', 'layer3+4', 'vlan+srcmac') },
    ...{ lacpRate: fc.constant('slow'), minLinks: fc.nat(255) },
  }),
  vlan: fc.record({
    id: fc.integer({ min: 1, max: 4094 }),
    parent: dev,
    protocol: fc.constantFrom('802.1q', '802.1ad'),
  }),
};

const INDEXES = ['', 'lo', 'eth0', 'eth1'];

test.each(Object.keys(OPTIONS))('what is encoded for a %s is decoded as it was', (name) => {
  const { lower, netlink } = linkKindOf(linkKinds, name);
  fc.assert(
    fc.property(OPTIONS[name] ?? fc.constant({}), (options) => {
      const written = Object.entries(options).find(([field]) => field === lower)?.[1];
      const below = typeof written === 'string' ? written : null;
      const index = below === null ? null : INDEXES.indexOf(below);
      const references = { lower: index, peer: null, indexOf: (name: string) => INDEXES.indexOf(name) };
      const data = parseAttributes(Buffer.concat(netlink.encode({ ...options }, references)));
      const isAttribute = netlink.hasLinkAttribute === true;
      const names = {
        lower: isAttribute ? below : null,
        nameOf: (one: number) => INDEXES[one] ?? null,
        accountOf: () => '',
      };
      expect(netlink.decode(data, names)).toEqual({ options, unknown: [] });
    }),
    { numRuns: 200 },
  );
});
