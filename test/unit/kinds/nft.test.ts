import { expect, test } from 'vitest';
import { natRule } from '../../../src/features/nat/index.ts';
import { forwardRule } from '../../../src/features/port-forwards/index.ts';
import { nftScriptOf } from '../../../src/kinds/nft/script.ts';
import type { NftSpec } from '../../../src/kinds/nft/spec.ts';
import { staleConntrack } from '../../../src/kinds/nft/stale-conntrack.ts';
import type { TableLive } from '../../../src/model/kernel/live-state.ts';
import type { LabForward, LabNat } from '../../../src/model/lab.ts';
import type { Resource } from '../../../src/model/resource.ts';
import { nftParts } from '../../../src/registry/features.ts';
import * as given from './fixture.ts';

const kind = given.kindOf('nft');
const at = ['nat', 0];
const nat: LabNat = {
  ...{ netns: 'host', kind: 'masquerade', label: 'v-net-0', from: ['192.168.15.0/24'], out: null, exceptTo: [] },
  ...{ as: null, at },
};
const forward: LabForward = {
  ...{ netns: 'host', family: 4, address: null, ports: { first: 80, last: 80 }, protocols: ['tcp'] },
  target: { label: 'blue', address: '192.168.15.2', ports: { first: 80, last: 80 } },
  ...{ lan: '192.168.15.0/24', dev: 'v-net-0', at },
};
const labOf = (entries: readonly LabNat[], forwards: readonly LabForward[]) =>
  given.labWith({ nft: [...entries.map(natRule), ...forwards.map(forwardRule)] });
const compiled = (forwards: readonly LabForward[], netns = 'host') =>
  given.only(
    'nft',
    labOf(
      [{ ...nat, netns }],
      forwards.map((item) => ({ ...item, netns })),
    ),
  );
const host = compiled([forward]);
const older = compiled([{ ...forward, target: { ...forward.target, address: '192.168.15.9' } }]);

const scripted = (resource: Resource) =>
  kind.query(resource, given.contextWith()).flatMap((need) => (need.need === 'table' ? need.scripts : []))[0] ?? '';
const listing = `table inet netform_demo {\n\tset marker {\n\t\tcomment "${given.MARK}"\n\t}\n\tchain a {\n\t\tone\n\t}\n}\n`;
const tableLive = (more: Partial<TableLive>): TableLive => ({
  ...{ listing, same: [], refused: new Map(), wanted: new Map() },
  ...more,
});
const seen = (table: TableLive, context = given.contextWith()) =>
  kind.observe(
    given.liveWith({}, [{ need: { need: 'table', netns: 'host', key: 'netform_demo' }, answer: table }]),
    host,
    context,
  );

test('one table a namespace, within it', () => {
  expect(host).toMatchObject({ id: 'nft:host/netform_demo', within: [], dependsOn: [], spec: { altered: [] } });
  expect(compiled([forward], 'router')).toMatchObject({ id: 'nft:router/netform_demo', within: ['netns:router'] });
});

test('the script is asked for and loaded with the mark in it', () => {
  const spec: NftSpec = {
    ...{ netns: 'host', table: 'netform_demo', altered: [] },
    nat: [{ kind: 'masquerade', from: ['192.168.15.0/24'], out: null, exceptTo: [], as: null }],
    forwards: [
      {
        ...{ family: 4, address: null, ports: { first: 80, last: 80 }, protocols: ['tcp'], lan: '192.168.15.0/24' },
        target: forward.target,
      },
    ],
  };
  const script = nftScriptOf(nftParts)(spec, given.MARK);
  expect(scripted(host)).toBe(script);
  expect(kind.instructions(given.created(host), 'make', given.contextWith())).toEqual([
    [{ do: 'nft.replace', netns: 'host', table: 'netform_demo', script }],
  ]);
  expect(kind.instructions(given.deleted(host), 'delete', given.contextWith())).toEqual([
    [{ do: 'nft.delete', netns: 'host', table: 'netform_demo' }],
    [{ do: 'flows.forget', netns: 'host', flows: staleConntrack(spec, null, nftParts) }],
  ]);
});

test('what the live table is', () => {
  expect(seen(tableLive({ listing: null })).spec).toBeNull();
  expect(seen(tableLive({ same: [scripted(host)] }))).toEqual({ spec: host.spec, owner: 'ours', whose: null });
  const recorded = given.contextWith(given.recordedOf(older));
  expect(seen(tableLive({ same: [scripted(older)] }), recorded).spec).toEqual(older.spec);
});

test('a table without our mark is foreign', () => {
  expect(seen(tableLive({ listing: 'table inet netform_demo {\n}\n' }))).toMatchObject({
    ...{ owner: 'foreign', whose: "no mark of netform's" },
  });
  expect(seen(tableLive({ listing: listing.replace(':demo:', ':other:') }))).toMatchObject({ whose: 'lab other' });
});

test('lines added and removed by hand are named', () => {
  const wanted = listing.replace('one', 'elements = { a : b,\n\t\t\t     c : d }\n\t\ttwo');
  const live = listing.replace('one', 'elements = { a : b }\n\t\ttwo\n\t\ttcp dport 22 accept');
  const found = seen(tableLive({ listing: live, wanted: new Map([[scripted(host), wanted]]) }));
  expect(found.spec?.['altered']).toEqual(['+ tcp dport 22 accept', '- c : d']);
  const update = given.operationOf('update', host, { before: found.spec ?? {}, after: host.spec });
  expect(given.spoken(kind.describe(update))).toEqual([
    '~ host nft table netform_demo "tcp dport 22 accept" was added by hand',
    '~ host nft table netform_demo "c : d" was removed by hand',
  ]);
});

test('tracked connections are forgotten only of what changed', () => {
  const two = [forward, { ...forward, ports: { first: 81, last: 82 }, protocols: ['tcp', 'udp'] as const }];
  const forgotten = (before: Resource, after: Resource) =>
    kind
      .instructions(
        given.operationOf('update', before, { before: before.spec, after: after.spec }),
        'make',
        given.contextWith(),
      )
      .flat()
      .filter((one) => one.do === 'flows.forget')
      .flatMap(({ flows }) => flows);
  const any = { family: 4, from: null, to: null };
  const through81 = (protocol: 'tcp' | 'udp') => ({
    ...{ ...any, protocol, ports: { first: 81, last: 82 } },
    translated: { to: { address: '192.168.15.2', ports: { first: 80, last: 80 } } },
  });
  expect(forgotten(compiled(two), compiled(two.toReversed()))).toEqual([]);
  expect(forgotten(compiled(two), host)).toEqual([through81('tcp'), through81('udp')]);
  expect(forgotten(host, compiled(two)), 'who got no translation before').toEqual([
    { ...any, protocol: 'udp', to: 'here', ports: { first: 81, last: 82 }, translated: null },
  ]);
  expect(forgotten(older, host)).toEqual([
    {
      ...{ ...any, protocol: 'tcp', ports: { first: 80, last: 80 } },
      translated: { to: { address: '192.168.15.9', ports: { first: 80, last: 80 } } },
    },
  ]);
});

test('of a masquerade only the connections of its own sources are forgotten', () => {
  const natted = (from: readonly string[] | null, netns: string) =>
    given.only('nft', labOf([{ ...nat, netns, from }], [{ ...forward, netns }]));
  const forgotten = (before: Resource, after: Resource) =>
    kind
      .instructions(
        given.operationOf('update', before, { before: before.spec, after: after.spec }),
        'make',
        given.contextWith(),
      )
      .flat()
      .flatMap((one) => (one.do === 'flows.forget' ? one.flows : []))
      .map(({ family, protocol, from, translated }) => ({ family, protocol, from, translated }));
  const one = natted(['10.1.0.0/24'], 'host');
  const both = natted(['10.1.0.0/24', 'fd00:1::/64'], 'host');
  const of6 = { family: 6, from: 'fd00:1::/64' };
  expect(forgotten(both, one)).toEqual([{ ...of6, protocol: null, translated: { as: null } }]);
  expect(forgotten(one, both)).toEqual([
    { ...of6, protocol: 'udp', translated: null },
    { ...of6, protocol: 'icmp', translated: null },
  ]);
  const none = (netns: string) => given.only('nft', labOf([], [{ ...forward, netns }]));
  expect(forgotten(natted(null, 'host'), none('host')), 'these may be those of others').toEqual([]);
  expect(forgotten(natted(null, 'router'), none('router'))).toHaveLength(2);
});
