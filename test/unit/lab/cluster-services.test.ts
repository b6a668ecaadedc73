import { describe, expect, test } from 'vitest';
import { resolvedServices } from '../../../src/features/services/resolved.ts';
import { labOf, said } from './resolve-lab.ts';

const NODES = `
bridges: { lan: { subnet: [10.0.0.0/24, "fd00::/64"], address: [10.0.0.1, "fd00::1"] } }
namespaces:
  "web-{1..2}": { labels: { app: web }, interfaces: { eth0: { bridge: lan } } }
  far: { project: shop, labels: { app: web }, interfaces: { eth0: { bridge: lan } } }
`;

const rulesOf = (yaml: string, sticky = {}) =>
  resolvedServices(labOf(`${NODES}${yaml}`, sticky)).flatMap(({ nodes }) =>
    nodes.flatMap(({ netns, rules }) => rules.map((rule) => ({ netns, ...rule }))),
  );
const clusterIPs = (yaml: string, sticky = {}) => [
  ...new Set(rulesOf(yaml, sticky).flatMap(({ service, at }) => ('cluster' in at ? [`${service} ${at.cluster}`] : []))),
];

describe('services', () => {
  test('look in their own project, and are translated by the gateway', () => {
    const rules = rulesOf('services: { web: { to: { app: web }, ports: [80] } }');
    expect(rules.map(({ netns, family, targets }) => [netns, family, targets.map(({ label }) => label)])).toEqual([
      ['host', 4, ['web-1', 'web-2']],
      ['host', 6, ['web-1', 'web-2']],
    ]);
    const shop = rulesOf('services: { web: { project: shop, to: { app: web }, ports: [80] } }');
    expect(shop[0]?.targets.map(({ label }) => label)).toEqual(['far']);
  });

  test('take the next free address of the pool, and keep the one that they had', () => {
    const two = `services: { a: { to: web-1, ports: [80] }, b: { to: web-1, ports: [80], clusterIP: 10.96.0.1 } }`;
    expect(clusterIPs(two)).toEqual(['a 10.96.0.2', 'a fd00:96::1', 'b 10.96.0.1']);
    expect(clusterIPs(two, { 'service: a': ['10.96.0.9', '10.1.1.1'] })).toEqual([
      'a 10.96.0.9',
      'a fd00:96::1',
      'b 10.96.0.1',
    ]);
    expect(clusterIPs(`subnets: { services: 10.100.0.0/24 }\n${two.replace(/, clusterIP: [\d.]+/, '')}`)).toEqual([
      'a 10.100.0.1',
      'b 10.100.0.2',
    ]);
  });

  test('have rules for node ports and further addresses, masqueraded unless they are local', () => {
    const of = (policy: string) =>
      rulesOf(
        `services: { web: { to: [web-1, 10.9.9.9], ports: [80], nodePort: 30080, externalIPs: 203.0.113.8, externalTrafficPolicy: ${policy} } }`,
      ).flatMap(({ family, at, port, masquerade, targets }) =>
        'cluster' in at || family === 6 ? [] : [[at, port, masquerade, targets.length]],
      );
    expect(of('cluster')).toEqual([
      [{ external: '203.0.113.8' }, 80, true, 2],
      [{ node: true }, 30080, true, 2],
    ]);
    expect(of('local')).toEqual([
      [{ external: '203.0.113.8' }, 80, false, 1],
      [{ node: true }, 30080, false, 1],
    ]);
  });

  test('say which ports they cannot have', () => {
    const one = (ports: string) => said(labOf(`${NODES}services: { web: { to: web-1, ports: ${ports} } }`));
    expect(() => one('["80:90:100"]')).toThrow('is more than one port');
    expect(() => one('{ http: 80, dns: 53 }, nodePort: 30080')).toThrow('the service has 2 ports, and one nodePort');
    expect(() => one('{ http: 80 }, nodePort: { htp: 30080 }')).toThrow('the service has no port named htp');
  });
});
