import { describe, expect, test } from 'vitest';
import { splitWords } from '../../../src/features/run/split-words.ts';
import { nameServers } from '../../../src/kinds/process/name-servers.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';

const load = (text: string) => loadTopology(`version: 1\nname: demo\n${text}`, { file: 'x', vars: {}, varFile: null });

const messages = (text: string) => load(text).diagnostics.map(({ message }) => message);

describe('words', () => {
  test.each([
    ['a b  c', ['a', 'b', 'c']],
    [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
    [`a '' "\\"" x'y'"z"`, ['a', '', '"', 'xyz']],
    ['a#b c', ['a#b', 'c']],
    ['', []],
  ])('%j are split as a shell splits them', (line, words) => {
    expect(splitWords(line)).toEqual({ words, shellParts: [], isOpen: false });
  });

  test.each([
    ['a | b', '|', 'stops'],
    ['a 2>&1', '2>&1', 'stops'],
    ['a && b', '&&', 'stops'],
    ['a; b', ';', 'stops'],
    ['a &', '&', 'stops'],
    ['a # b', '# b', 'stays'],
    ['a $HOME', '$HOME', 'stays'],
    ['a "$(date)"', '$(', 'stays'],
    ['ls *', '*', 'stays'],
  ])('%j has a part that only a shell understands', (line, text, effect) => {
    expect(splitWords(line).shellParts).toContainEqual(expect.objectContaining({ text, effect }));
  });

  test.each([`a '|' "&&" \\;`, `a '$HOME' \\# b`, 'a b2 c'])('%j has none', (line) => {
    expect(splitWords(line).shellParts).toEqual([]);
  });
});

test('each mistake of a program and of a file is reported once', () => {
  const text = `
namespaces:
  red:
    run:
      a: { command: sleep 1d, workdir: srv, ports: { http: 80/sctp, far: 70000 }, ready: soon, capabilities: [net_bind, CAP_NET_RAW] }
      c: { command: "", ready: /tmp/../x, readyTimeout: 2h }
    files:
      etc/app.conf: { content: "" }
      /tmp/app.conf: { content: "" }
      /etc/a: { content: "", from: b }
      /etc/b: { mode: "0999", content: "" }
      /etc/c: {}
      /etc/d: { content: "" }
      /etc/d/e: { content: "" }
`;
  expect(messages(text)).toEqual([
    '80/sctp is not a port',
    '70000 is not a port',
    'ready soon is neither a port nor a path',
    'srv does not begin at the root',
    'there is no capability net_bind',
    'a command without a program',
    '/tmp/../x is not a plain path',
    expect.stringContaining('must be from 1 to 3600 seconds, not 7200'),
    'etc/app.conf does not begin at the root',
    'no file can be put below /tmp: each program has its own',
    'content and from are both written',
    '0999 is not a mode',
    'a file without bytes',
    '/etc/d cannot be a file: /etc/d/e is below it',
  ]);
});

test('run gives a process, files gives files that it reads, and its ports are claimed', () => {
  const { topology } = load(`
namespaces:
  red:
    interfaces: { lo: 10.9.0.1/32 }
    run:
      app: { command: app -x, ports: [80, 53/UDP], env: { API_TOKEN: abc, MODE: 1 }, after: [db], user: 65534 }
      db: { command: [db], ready: { command: db ping } }
    files: { /etc/app.conf: { content: "ä", mode: "0640" } }
`);
  const lab = topology && elaborateTopology(topology, {});
  const [app, db] = lab?.processes ?? [];
  expect(app).toMatchObject({
    command: ['app', '-x'],
    environment: { MODE: '1' },
    secretEnvironment: { API_TOKEN: 'abc' },
    reads: ['/run/netform/labs/demo/red/files/etc/app.conf'],
    ready: { by: 'port', protocol: 'tcp', port: 80 },
    after: ['process:red/db'],
    terms: { user: '65534', ports: ['80/tcp', '53/udp'], restart: 'never', readySeconds: 10 },
  });
  expect(JSON.stringify(app?.terms)).not.toContain('abc');
  expect(db).toMatchObject({ command: ['db'], ready: { by: 'command', command: ['db', 'ping'] } });
  expect(lab?.storedFiles).toMatchObject([{ mode: '640', content: 'Ã¤' }]);
  expect(lab?.ports.map(({ family, ports, protocols }) => [family, ports.first, protocols[0]])).toEqual([
    [4, 80, 'tcp'],
    [6, 80, 'tcp'],
    [4, 53, 'udp'],
    [6, 53, 'udp'],
  ]);
});

test('a program waits for the DNS servers of netform that its own namespace asks', () => {
  const { topology, diagnostics } = load(`
bridges: { lan: { subnet: [10.1.0.0/24, "fd00:1::/64"] } }
namespaces:
  ns1: { interfaces: { eth0: { bridge: lan, address: [10.1.0.53, "fd00:1::53"] } }, dnsServer: { names: true }, dns: { nameservers: [127.0.0.1] } }
  ns2: { interfaces: { eth0: { bridge: lan, address: 10.1.0.54 } }, dnsServer: { names: true }, dns: { nameservers: [8.8.8.8] } }
  own: { interfaces: { eth0: { bridge: lan, address: 10.1.0.55 } }, run: { dns: { command: sleep 1d, ports: { dns: 53/udp } } } }
  red: { interfaces: { eth0: { bridge: lan } }, dns: { nameservers: [ns1, "fd00:1::53", 10.1.0.55] } }
  blue: { interfaces: { eth0: { bridge: lan } }, dns: { nameservers: [ns2] } }
`);
  if (topology === null) throw new Error(diagnostics.map(({ message }) => message).join());
  expect(Object.fromEntries(nameServers(elaborateTopology(topology, {})))).toEqual({
    ns1: ['process:ns1/dns-server'],
    ns2: [],
    red: ['process:ns1/dns-server'],
    blue: ['process:ns2/dns-server'],
  });
});
