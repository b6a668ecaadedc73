import { expect, test } from 'vitest';
import type { DnsData } from '../../../src/model/lab-parts/dns-data.ts';
import { coredns } from '../../../src/programs/coredns.ts';
import { dnsmasq } from '../../../src/programs/dnsmasq.ts';
import { unbound } from '../../../src/programs/unbound.ts';

const data: DnsData = {
  zones: [
    {
      name: 'lab.test',
      records: [
        { name: 'web.lab.test', type: 'A', address: '10.1.0.10' },
        { name: 'txt.lab.test', type: 'TXT', texts: ['say "a"', 'b'] },
      ],
    },
  ],
  names: [{ name: 'bare', address: 'fd00::3' }],
  reverse: [{ address: '10.1.0.10', name: 'web.lab.test' }],
  forwards: [
    { zone: 'corp.test', servers: ['10.9.0.53'] },
    { zone: null, servers: ['9.9.9.9'] },
  ],
  listen: null,
};
const place = { netns: 'ns', name: 'dns-server', folder: '/run/l/ns/dns', after: [], at: [] };
const filesOf = (program: typeof dnsmasq) =>
  Object.fromEntries(
    program({ lab: 'l', data, given: null }, place).storedFiles.map(({ path, content }) => [
      path.slice(place.folder.length + 1),
      content
        .replace(/[0-9a-f]{64}/, 'DIGEST')
        .trimEnd()
        .split('\n'),
    ]),
  );

test('a Corefile has a block for each zone, for the sign, for each forward, and for the rest', () => {
  const files = filesOf(coredns);
  expect(files['Corefile']?.filter((line) => line !== '}' && line !== '    errors')).toEqual([
    ...['lab.test:53 {', '    file /run/l/ns/dns/lab.test.zone'],
    ...['_netform.l:53 {', '    file /run/l/ns/dns/_netform.l.zone'],
    ...['corp.test:53 {', '    forward . 10.9.0.53'],
    ...[
      '.:53 {',
      '    hosts /run/l/ns/dns/hosts {',
      '        ttl 1',
      '        fallthrough',
      '    }',
      '    forward . 9.9.9.9',
    ],
  ]);
  expect(files['hosts']).toEqual(['10.1.0.10 web.lab.test', 'fd00::3 bare']);
  expect(files['_netform.l.zone']?.at(-1)).toBe('_netform.l. 0 IN TXT "netform:v1:DIGEST"');
  expect(files['lab.test.zone']?.at(-1)).toBe('txt.lab.test. 0 IN TXT "say \\"a\\"" "b"');
});

test('dnsmasq has what it reads again in files of its own, and a text with quotes as bytes', () => {
  const { 'dnsmasq.conf': lines = [], hosts, servers } = filesOf(dnsmasq);
  expect(lines).toContain('local=/lab.test/');
  expect(lines).toContain('dns-rr=txt.lab.test,16,07736179202261220162');
  expect(hosts?.slice(0, 2)).toEqual(['10.1.0.10 web.lab.test', 'fd00::3 bare']);
  expect(servers).toEqual(['server=/corp.test/10.9.0.53', 'server=9.9.9.9']);
});

test('unbound answers for its zones before it asks, and sees its files where AppArmor lets it', () => {
  const { 'unbound.conf': lines = [] } = filesOf(unbound);
  expect(lines).toContain('  local-zone: "lab.test." transparent');
  expect(lines).toContain('  zonefile: "/var/lib/unbound/lab.test.zone"');
  expect(lines).not.toContain('  local-zone: "." static');
  expect(unbound({ lab: 'l', data, given: null }, place).process.privateFolders).toEqual({
    '/var/lib/unbound': place.folder,
  });
});
