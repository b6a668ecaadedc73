import { expect, test } from 'vitest';
import { diagnose } from '../../support/diagnose.ts';

/** `warning: message = hint` for each mistake in a topology. */
const messages = (body: string): readonly string[] =>
  diagnose(`version: 1\nname: lab\n${body}`, { file: 'lab.yaml', live: null }).diagnostics.map(
    ({ severity, message, hint }) => `${severity}: ${message}${hint === null ? '' : ` = ${hint}`}`,
  );

test.each([
  ['options: [rotat]', 'warning: resolvers do not know the option rotat and pass over it = did you mean rotate?'],
  ['options: [ndots]', 'warning: resolvers do not know the option ndots and pass over it = did you mean ndots:N?'],
  ['options: ["ndots:1", "ndots:2"]', 'warning: the option ndots is there twice = keep one of them'],
  ['search: [lab.test, LAB.test]', 'warning: the domain LAB.test is there twice = keep one of them'],
  [
    'nameservers: [10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4]',
    'warning: resolvers read 3 nameservers and pass over the others = leave it out',
  ],
])('F36: resolv.conf: %s', (dns, expected) => {
  expect(messages(`dns: { ${dns} }`)).toEqual([expected]);
});

test.each([
  ['{ A.LAB.TEST: 10.0.0.1, a.lab.test: 10.0.0.2 }', /error: "a.lab.test" is written twice/],
  ['{ 10.1.0.7: 10.0.0.1 }', /error: "10.1.0.7" is read as an address/],
  ['{ "1": 10.0.0.1 }', /error: "1" is read as an address/],
])('F37: hosts: %s', (hosts, expected) => {
  expect(messages(`dns: { hosts: ${hosts} }`)).toEqual([expect.stringMatching(expected)]);
});

test('G4: a source of names that no module has is a warning with a suggestion', () => {
  expect(messages('dns: { order: [file, dns] }')).toEqual([
    'warning: no module looks up names in file: it is passed over = did you mean files?',
  ]);
  expect(messages('dns: { order: [files, "[NOTFOUND=return]", mdns4_minimal, myhostname, dns] }')).toEqual([]);
});

const LAN = 'bridges: { lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 } }\nhost: { forwarding: true }\n';

test('F39: a forward of a service address leaves the port of the machine free', () => {
  const two =
    'namespaces: { a: { interfaces: { eth0: { bridge: lan } } }, b: { interfaces: { eth0: { bridge: lan } } } }';
  expect(messages(`${LAN}${two}\nportForwards: ["10.96.0.10:80 -> a:80", "80 -> b:80"]`)).toEqual([]);
  expect(messages(`${LAN}${two}\nportForwards: ["10.1.0.1:80 -> a:80", "80 -> b:80"]`)).toHaveLength(1);
  expect(messages(`${LAN}${two}\nportForwards: ["10.96.0.10:80 -> a:80", "10.96.0.10:80 -> b:80"]`)).toHaveLength(1);
});

test('G7: a port inside a range that is forwarded already is reported with the range', () => {
  const forwards = 'portForwards: ["80-90 -> 10.1.0.5:80-90", "85 -> 10.1.0.6:85"]';
  expect(messages(`${LAN}${forwards}`)).toEqual([
    expect.stringContaining('is already forwarded to 10.1.0.5, with 80-90'),
  ]);
});

test('G7: an address without a length names the bridge that has no subnet', () => {
  expect(
    messages('bridges: { lan: {} }\nnamespaces: { a: { interfaces: { eth0: { bridge: lan, address: 10.0.0.1 } } } }'),
  ).toEqual([expect.stringContaining('has no prefix length, and lan has no IPv4 subnet to supply one')]);
});

test("G3: a prefix length that is not the subnet's is a warning with both lengths", () => {
  const address = (text: string) =>
    messages(
      `bridges: { lan: 10.1.0.0/24 }\nnamespaces: { a: { interfaces: { eth0: { bridge: lan, address: ${text} } } } }`,
    );
  expect(address('10.1.0.5/16')).toEqual([
    'warning: 10.1.0.5/16 of a:eth0 has another prefix length than its subnet 10.1.0.0/24 = write 10.1.0.5, which has /24 from the subnet',
  ]);
  expect(address('10.1.0.5/24')).toEqual([]);
  expect(address('10.1.0.5/32')).toEqual([]);
});
