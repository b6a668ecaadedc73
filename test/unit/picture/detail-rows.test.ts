import { expect, test } from 'vitest';
import { detailFields } from '../../../src/picture/page/detail-fields.ts';
import { pageDetail } from '../../../src/picture/page/detail-rows.ts';
import { compileLab } from '../../../src/registry/kinds.ts';
import { labOf } from './example-pictures.ts';

const LAB = `version: 1
name: lab
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan, mtu: 1400 } }
    publish: ['8080:80']
nat: [{ masquerade: lan }]
`;
const specs = new Map(compileLab(labOf(LAB)).map(({ id, spec }) => [id, spec]));
const shown = (id: string) =>
  detailFields(specs.get(id) ?? null)
    .filter(({ isDefault, name }) => !isDefault && !name.endsWith('mac'))
    .map(({ name, lines }) => `${name}: ${lines.join(', ')}`);

test('M22: the panel has the words of the language, and leaves defaults out', () => {
  expect(shown('route:red/main/default')).toEqual(['to: default', 'via: 10.0.0.1 dev eth0']);
  expect(shown('address:red/eth0')).toEqual(['interface: eth0', 'address: 10.0.0.2/24']);
  expect(shown('bridge:host/lan')).toEqual(['mtu: 1400']);
  expect(shown('veth:red/eth0')).toEqual([
    'red:eth0 mtu: 1400',
    'host:red-eth0 mtu: 1400',
    'host:red-eth0 bridge: lan',
    'host:red-eth0 hairpin: true',
  ]);
  expect(shown('nft:host/netform_lab')).toEqual([
    'nat: masquerade',
    'nat from: 10.0.0.0/24',
    'forward ports: 8080',
    'forward protocols: tcp',
    'forward to: red (10.0.0.2) port 80',
  ]);
});

const ABOUT = { id: 'x', kind: 'x', netns: 'red', word: null, lines: [], source: null, note: null, changes: [] };
const route = { to: '10.1.0.0/24', type: 'unicast', table: 254, mtu: null, metric: 0 };

test('M22: the columns are now and wanted, with what differs, also where a default is', () => {
  const detail = (found: typeof route | null, wanted: typeof route | null) => pageDetail({ ...ABOUT, found, wanted });
  expect(detail(route, { ...route, table: 101 })).toMatchObject({
    columns: ['now', 'wanted'],
    rows: [['table', ['254'], ['101']]],
    unchanged: 1,
  });
  expect(detail(null, route).rows).toEqual([['to', [], ['10.1.0.0/24']]]);
  expect(detail(route, null).rows).toEqual([['to', ['10.1.0.0/24'], []]]);
  expect(detail(route, route)).toMatchObject({ columns: ['now, as wanted'], rows: [['to', ['10.1.0.0/24']]] });
  expect(pageDetail({ ...ABOUT, wanted: route })).toMatchObject({ columns: ['wanted'] });
  const state = (up: boolean) => ({ near: { up }, ends: [{ netns: 'red', name: 'eth0' }] });
  expect(pageDetail({ ...ABOUT, found: state(false), wanted: state(true) }).rows).toEqual([
    ['red:eth0 state', ['down'], ['up']],
  ]);
});
