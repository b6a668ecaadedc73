import { expect, test } from 'vitest';
import { findForeignForwarding } from '../../../src/firewall/foreign-forwarding.ts';
import type { AnyFact } from '../../../src/model/kernel/need.ts';
import { linkLive, linksOf, liveWith } from '../kinds/fixture.ts';

const chain = (table: string, name: string, rules: string): string =>
  `table ${table} {\n\tchain ${name} {\n${rules}\n\t}\n}\n`;
const forward = (rule: string, table = 'ip filter'): string =>
  chain(table, 'FORWARD', `\t\ttype filter hook forward priority filter; policy drop;\n\t\t${rule}`);

function evidence(ruleset: string, family: 4 | 6 = 4): string | null {
  const fact: AnyFact = { need: { need: 'foreign-ruleset', netns: 'host' }, answer: ruleset };
  const live = liveWith({ host: { links: linksOf(linkLive({ name: 'lan' })) } }, [fact]);
  return findForeignForwarding(live, { netns: 'host', family });
}

test.each([
  [
    'Docker',
    chain('ip filter', 'DOCKER', 'iifname != "docker0" oifname "docker0" accept'),
    'Docker (table ip filter, chain DOCKER)',
  ],
  [
    'libvirt',
    chain('ip filter', 'LIBVIRT_FWO', 'iifname "virbr0" counter accept'),
    'libvirt (table ip filter, chain LIBVIRT_FWO)',
  ],
  [
    'netavark',
    chain('inet netavark', 'POSTROUTING', 'ip saddr 10.88.0.0/16 masquerade'),
    'Podman (table inet netavark, chain POSTROUTING)',
  ],
  [
    'a CNI plugin',
    chain('ip nat', 'CNI-0123', 'ip daddr != 224.0.0.0/4 masquerade'),
    'CNI (table ip nat, chain CNI-0123)',
  ],
  [
    'kube-proxy',
    chain('ip nat', 'KUBE-SEP-A', 'tcp dport 80 dnat to 10.1.0.2:80'),
    'Kubernetes (table ip nat, chain KUBE-SEP-A)',
  ],
  [
    'a masquerade by hand',
    chain('ip nat', 'POSTROUTING', 'oifname "eth0" masquerade'),
    'NAT (table ip nat, chain POSTROUTING)',
  ],
  [
    'a target of xtables',
    chain('ip nat', 'POSTROUTING', 'xt target "MASQUERADE"'),
    'NAT (table ip nat, chain POSTROUTING)',
  ],
  [
    'an accept by link',
    forward('iifname "wg0" accept'),
    'an accept of forwarded packets (table ip filter, chain FORWARD)',
  ],
])('D1: %s says that something else forwards', (_, ruleset, words) => {
  expect(evidence(ruleset)).toBe(words);
  expect(evidence(ruleset, 6)).toBe(ruleset.startsWith('table inet') ? words : null);
});

test.each([
  ['a chain that a removed Docker left', chain('ip filter', 'DOCKER-USER', 'counter return')],
  ["an accept for a lab's link", forward('iifname "lan" oifname "eth0" accept')],
  ['an accept of answers', forward('ct state established,related accept')],
  ['an accept of all but a link', forward('iifname != "eth0" accept')],
  ['an accept of what was translated', chain('ip f', 'INPUT', 'ct status dnat accept')],
  ["firewalld's zones", forward('oifname "eth0" accept', 'inet firewalld')],
  ['a redirect to a port of the machine', chain('ip r', 'p', 'tcp dport 81 redirect to :82')],
])('D1: %s says nothing', (_, ruleset) => {
  expect(evidence(ruleset)).toBeNull();
});
