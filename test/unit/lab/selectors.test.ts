import { describe, expect, test } from 'vitest';
import { nameFilesOf } from '../../../src/features/names/name-files.ts';
import { selectNamespaces, selectorText } from '../../../src/lab/selectors/select.ts';
import type { Json } from '../../../src/model/json.ts';
import { DEFAULT_PROJECT } from '../../../src/model/lab-parts/selector.ts';
import { loadTopology } from '../../../src/registry/language.ts';
import { readSelector } from '../../../src/source/normalise/labels/selector.ts';
import { labOf, routesIn, said } from './resolve-lab.ts';

const NAMESPACES = `
projects: { prod: { labels: { team: a } }, empty: {} }
bridges: { lan: { subnet: [10.0.0.0/24, "fd00::/64"], address: [10.0.0.1, "fd00::1"] } }
namespaces:
  api: { project: prod, labels: { app: api, tier: "1" }, interfaces: { eth0: { bridge: lan } } }
  db: { project: prod, labels: { app: db }, interfaces: { eth0: { bridge: lan } } }
  dev: { labels: { app: db, tier: "2" }, interfaces: { eth0: { bridge: lan } } }
  bare: { interfaces: { eth0: { bridge: lan } } }
`;

const { topology } = loadTopology(`version: 1\nname: test\n${NAMESPACES}`, {
  file: 'test.yaml',
  vars: {},
  varFile: null,
});

function selected(written: Json, project: string | null): readonly string[] {
  const selector = readSelector({ value: written, path: [] }, ({ message }) => {
    throw new Error(message);
  });
  if (!selector || !topology) throw new Error('no selector');
  return selectNamespaces(topology, selector, project);
}

describe('a selector', () => {
  test.each<[Json, string | null, readonly string[]]>([
    [{ app: 'db' }, null, ['db', 'dev']],
    [{ app: 'db', tier: '2' }, null, ['dev']],
    [{ app: ['db', 'api'] }, 'prod', ['api', 'db']],
    [{ app: { not: ['db'] } }, null, ['api', 'bare']],
    [{ app: { not: 'db', exists: true } }, null, ['api']],
    [{ tier: { exists: true } }, null, ['api', 'dev']],
    [{ tier: { exists: false } }, null, ['db', 'bare']],
    [{}, DEFAULT_PROJECT, ['dev', 'bare']],
    [{ app: 'db' }, DEFAULT_PROJECT, ['dev']],
    [{ project: 'prod', app: 'db' }, DEFAULT_PROJECT, ['db']],
    [{ project: ['prod', 'default'], app: 'db' }, 'empty', ['db', 'dev']],
    [{ project: { team: 'a' } }, DEFAULT_PROJECT, ['api', 'db']],
    [{ project: { team: { exists: false } }, app: 'db' }, 'prod', ['dev']],
    [{ project: 'any', app: 'db' }, 'empty', ['db', 'dev']],
    [{ app: 'none' }, null, []],
  ])('%j in %s is %j', (written, project, names) => {
    expect(selected(written, project)).toEqual(names);
  });

  test('is written back as it was', () => {
    const written = { project: 'prod', app: ['db', 'api'], tier: { not: ['1'] }, gone: { exists: false } };
    const selector = readSelector({ value: written, path: [] }, () => {});
    expect(selector && selectorText(selector)).toBe(
      '{ project: prod, app: [db, api], tier: { not: [1] }, gone: { exists: false } }',
    );
  });
});

describe('a selector in the place of a list of namespaces', () => {
  test('of nat, names, next hops and the other ends of an overlay', () => {
    const lab = labOf(`${NAMESPACES}
  router:
    interfaces:
      eth0: { bridge: lan }
      vx0: { vxlan: { id: 7, remote: { app: db } }, address: 10.7.0.1/24 }
    routes: [{ to: 10.9.0.0/16, via: [{ to: { app: db }, weight: 2 }] }]
nat: [{ masquerade: { app: db }, exceptTo: [{ project: prod }, 10.8.0.0/16] }]
dns: { hosts: { databases: { app: db }, all: any } }
`);
    expect(said(lab).filter((one) => !one.startsWith('needs-forwarding'))).toEqual([]);
    expect(lab.nat).toMatchObject([
      {
        label: '{ app: db }',
        from: ['10.0.0.3/32', 'fd00::3/128', '10.0.0.4/32', 'fd00::4/128'],
        exceptTo: ['10.0.0.2/32', 'fd00::2/128', '10.0.0.3/32', 'fd00::3/128', '10.8.0.0/16'],
      },
    ]);
    const hosts = nameFilesOf(lab).find(({ netns }) => netns === 'bare')?.hosts ?? [];
    const addressesFor = (name: string) =>
      hosts.flatMap(({ address, names }) => (names.includes(name) ? [address] : []));
    expect(addressesFor('databases')).toEqual(['10.0.0.3', 'fd00::3', '10.0.0.4', 'fd00::4']);
    expect(addressesFor('all')).toHaveLength(10);
    expect(routesIn(lab).find((one) => one.includes('10.9.0.0/16'))).toBe(
      'router: 10.9.0.0/16 via 10.0.0.3 dev eth0 x2 via 10.0.0.4 dev eth0 x2',
    );
    const vxlan = lab.links.find(({ name }) => name === 'vx0');
    expect(vxlan?.options).toMatchObject({ remote: '10.0.0.3' });
    expect(JSON.stringify(vxlan)).toContain('10.0.0.4');
  });

  test('a name with its project is that namespace, and none of another project', () => {
    expect(labOf(`${NAMESPACES}\nportForwards: ["80 -> db.prod:80"]`).forwards[0]?.target.address).toBe('10.0.0.3');
    expect(said(labOf(`${NAMESPACES}\nportForwards: ["80 -> db.default:80"]`))).toEqual([
      'unknown-namespace: there is no namespace db.default',
    ]);
  });
});
