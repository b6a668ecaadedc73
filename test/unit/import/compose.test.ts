// biome-ignore-all lint/suspicious/noTemplateCurlyInString: how Compose itself writes a variable
import { describe, expect, test } from 'vitest';
import { composeImporter } from '../../../src/import/formats/compose/index.ts';
import type { ImportResult, JsonMap } from '../../../src/import/result.ts';
import { besideIt, fieldFile, labOfImport, yaml } from './imported.ts';

const VARIABLES = new Map([
  ['SET', 'value'],
  ['EMPTY', ''],
  ['PORT', '9000'],
]);

const imported = (text: string, name = 'shop'): ImportResult => {
  const lookup = (variable: string) => VARIABLES.get(variable);
  const result = composeImporter.convert(yaml(text), { lab: name, lookup, fileAt: besideIt });
  labOfImport(result);
  return result;
};

const publishOf = (ports: string): unknown =>
  namespace(imported(`services: { web: { ports: [${ports}] } }`), 'web')['publish'];

const namespace = ({ document }: ImportResult, name: string): JsonMap =>
  section(document, 'namespaces')[name] as JsonMap;
const section = (document: JsonMap, key: string): JsonMap => (document[key] ?? {}) as JsonMap;

test('the network default exists without being declared (F23)', () => {
  const { document, leftOut: unknown } = imported(fieldFile('23-default-named.compose.yaml'));
  expect(Object.keys(section(document, 'bridges'))).toEqual(['shop-default', 'proxy']);
  expect(unknown.filter((line) => line.includes('network'))).toEqual([]);
  const { lans } = labOfImport(imported(fieldFile('23-default-named.compose.yaml')));
  expect(lans.find(({ label }) => label === 'shop-default')?.members.map(({ netns }) => netns)).toContain('app');
});

describe('the way out of a service in several networks (F24)', () => {
  const gateways = (networks: string, declared = 'a: {}, b: {}, inner: { internal: true }'): JsonMap => {
    const web = namespace(imported(`services: { web: { networks: ${networks} } }\nnetworks: { ${declared} }`), 'web');
    return Object.fromEntries(
      Object.values(section(web, 'interfaces')).map((one) => [(one as JsonMap)['bridge'], (one as JsonMap)['gateway']]),
    );
  };
  test('is the first by name', () => {
    expect(gateways('[b, a]')).toEqual({ b: false, a: true });
  });
  test('is the one with the highest gw_priority', () => {
    expect(gateways('{ a: {}, b: { gw_priority: 1 } }')).toEqual({ a: false, b: true });
    expect(gateways('{ a: { gw_priority: -1 }, b: {} }')).toEqual({ a: false, b: true });
  });
  test('never leads into an internal network', () => {
    expect(gateways('{ inner: { gw_priority: 9 }, b: {} }')).toEqual({ inner: undefined, b: true });
  });
});

test('a host name may have underscores (F25)', () => {
  const { document } = imported(fieldFile('25-underscores.compose.yaml'));
  expect(section(document, 'dns')['hosts']).toEqual({ db_primary: 'db', my_app_db: 'db' });
});

describe('variables (F26)', () => {
  test.each([
    ['"${WEB_PORT:-8088}:80"', ['8088:80']],
    ['"${WEB_PORT-8088}:80"', ['8088:80']],
    ['"${EMPTY:-8088}:80"', ['8088:80']],
    ['"${PORT}:80"', ['9000:80']],
    ['"$PORT:80"', ['9000:80']],
    ['"${PORT:?a port is needed}:80"', ['9000:80']],
    ['"${SET:+8089}:80"', ['8089:80']],
    ['"${A:-${B:-${PORT}}}:80"', ['9000:80']],
    ['{ target: 80, published: "${PORT}" }', ['9000:80']],
  ])('%s is filled in as Compose does', (port, publish) => {
    expect(publishOf(port)).toEqual(publish);
  });
  test('a variable that nothing sets is named, and what needs it is left out', () => {
    const { document, leftOut: unknown } = imported(
      'services: { web: { ports: ["${NO}:80", "81:81"], image: "${X}" } }',
    );
    expect(namespace({ document } as ImportResult, 'web')['publish']).toEqual(['81:81']);
    expect(unknown.join('\n')).toContain('service web: ports.0, which needs the variable NO');
    expect(unknown.join('\n')).not.toContain('variable X');
  });
  test('two dollars are one', () => {
    const { document } = imported('services: { web: { sysctls: { net.core.somaxconn: "$${X}" } } }');
    expect(JSON.stringify(document)).toContain('${X}');
  });
});

test('the driver options that netform has words for become words, and each other is named (F27)', () => {
  const { document, leftOut: unknown } = imported(`
services: { web: { networks: [front, back] } }
networks:
  front: { driver_opts: { com.docker.network.driver.mtu: "1400", com.docker.network.bridge.name: br-front } }
  back: { driver_opts: { com.docker.network.bridge.enable_ip_masquerade: "false", com.docker.network.bridge.enable_icc: "false" } }
`);
  expect(section(document, 'bridges')['br-front']).toMatchObject({ mtu: 1400 });
  expect(document['nat']).toEqual([{ masquerade: 'br-front' }]);
  expect(unknown).toContain('network back: driver_opts com.docker.network.bridge.enable_icc: false');
  expect(unknown.join()).not.toContain('driver.mtu');
});

describe('results that netform would refuse (F28)', () => {
  test('a service with a reserved name gets another', () => {
    for (const name of ['none', 'default', 'host', 'any', 'all', '1web']) {
      const { document } = imported(`services: { ${JSON.stringify(name)}: { image: a } }`);
      expect(Object.keys(section(document, 'namespaces'))).toEqual([`n-${name}`]);
    }
  });
  test('of a range of ports for one the first is published', () => {
    const { document, leftOut: unknown } = imported('services: { web: { ports: ["127.0.0.1:8100-8110:8000/udp"] } }');
    expect(namespace({ document } as ImportResult, 'web')['publish']).toEqual(['127.0.0.1:8100:8000/udp']);
    expect(unknown.join()).toContain('all but 8100 of the range');
  });
});

test('extra_hosts may separate with = and with : in one list (F29)', () => {
  const { document } = imported(
    'services: { web: { extra_hosts: ["a=192.0.2.1", "b:192.0.2.2", "me:host-gateway", "six=[2001:db8::6]", "seven:2001:db8::7"] } }',
  );
  expect(section(namespace({ document } as ImportResult, 'web'), 'dns')['hosts']).toEqual({
    a: '192.0.2.1',
    b: '192.0.2.2',
    me: 'host',
    six: '2001:db8::6',
    seven: '2001:db8::7',
  });
});

describe('network_mode', () => {
  test('of a service in the network of another publishes its ports there and is a name of it', () => {
    const {
      document,
      comments,
      leftOut: unknown,
    } = imported(`
services:
  app: { ports: ["8080:80"] }
  side: { network_mode: "service:app", ports: ["9090:90"] }
  more: { network_mode: "service:side" }
  cont: { container_name: box }
  peer: { network_mode: "container:box" }
`);
    expect(Object.keys(section(document, 'namespaces'))).toEqual(['app', 'cont']);
    expect(namespace({ document } as ImportResult, 'app')['publish']).toEqual(['8080:80', '9090:90']);
    expect(section(document, 'dns')['hosts']).toEqual({ side: 'app', more: 'app', box: 'cont', peer: 'cont' });
    expect(comments.map(({ text }) => text)).toEqual([
      'Also the network namespace of side, more.',
      'Also the network namespace of peer.',
    ]);
    expect(unknown).toEqual([]);
  });
  test.each(['host', 'service:missing', 'service:web', 'container:elsewhere'])('%s is listed as left out', (mode) => {
    const { leftOut: unknown } = imported(`services: { web: { network_mode: "${mode}" } }`);
    expect(unknown).toEqual([`service web: network_mode ${mode}, so it is left out`]);
  });
});
