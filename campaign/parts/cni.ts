import { spawnSync } from 'node:child_process';
import { hasCniPlugins } from '../cni-plugins.ts';
import type { Random } from '../random.ts';
import { type DraftLab, type LabPart, pick } from './part.ts';

/**
 * Whether the plugins can work here: they are there, and iptables can use the tables that others have made with nft(8). Asking
 * makes tables, so it is asked once, before anything is compared.
 */
export const canAttach = (): boolean => {
  answer ??= hasCniPlugins() && ['iptables', 'ip6tables'].every((program) => TABLES.every(isUsable(program)));
  return answer;
};

let answer: boolean | null = null;

const TABLES = ['nat', 'filter'];

const isUsable = (program: string) => (table: string) => spawnSync(program, ['-w', '-t', table, '-S']).status === 0;

/** One to three namespaces on one or two networks, whose plugins are chosen by the dice; some publish a port through theirs. */
export const cniAttachments: LabPart = { name: 'cni attachments', add: (lab, dice) => attachSome(lab, dice, false) };

/** The same with addresses that are asked for, so that they are the same whatever was there before. */
export const pinnedAttachments: LabPart = {
  name: cniAttachments.name,
  add: (lab, dice) => attachSome(lab, dice, true),
};

function attachSome(lab: DraftLab, dice: Random, isPinned: boolean): boolean {
  const names = Object.keys(lab.namespaces);
  const chosen = [...new Set([pick(dice, names), pick(dice, names), pick(dice, names)])].flatMap((one) => one ?? []);
  const networks = dice.often(30) ? ['neta', 'netb'] : ['neta'];
  const cni: { [name: string]: unknown } = {};
  for (const [nth, network] of networks.entries()) {
    if (chosen.length === 0) continue;
    const isPortMapper = nth === 0 && dice.often(60);
    const { hosts, config } = networkOf(nth, dice, isPortMapper);
    cni[network] = config;
    for (const [at, netns] of chosen.entries()) {
      const draft = lab.namespaces[netns];
      if (draft === undefined || (at > 0 && dice.often(30))) continue;
      const host = 20 + names.indexOf(netns);
      const args = isPinned ? { args: { ips: hosts.map((start) => `${start}${host}`) } } : {};
      draft.interfaces[`pod${nth}`] = { cni: network, gateway: false, ...args };
      if (isPortMapper && draft['publish'] === undefined && dice.often(60))
        Object.assign(draft, { publish: [`${18_000 + at}:80`] });
    }
  }
  if (Object.keys(cni).length === 0) return false;
  Object.assign(lab, { cni });
  return true;
}

/** How the addresses of a network begin, and what is written of it. */
type DraftNetwork = { readonly hosts: readonly string[]; readonly config: unknown };

function networkOf(nth: number, dice: Random, isPortMapper: boolean): DraftNetwork {
  const v4 = [{ subnet: `10.${90 + nth}.0.0/24` }];
  const v6 = [{ subnet: `fd00:${90 + nth}::/64` }];
  const ranges = dice.one([[v4], [v4, v6], [v6]]);
  const ipam = { type: 'host-local', ranges };
  const main = dice.one<unknown>([
    { type: 'bridge', bridge: `cbr${nth}`, isGateway: true, hairpinMode: true, ipMasq: dice.often(50), ipam },
    { type: 'bridge', bridge: `cbr${nth}`, ipam },
    { type: 'ptp', ipMasq: dice.often(50), ipam },
    { type: 'macvlan', master: 'eth9', mode: 'bridge', ipam },
  ]);
  const chained = [
    { type: 'tuning', sysctl: { 'net.ipv4.conf.all.log_martians': '1' } },
    { type: 'firewall' },
    { type: 'bandwidth', ingressRate: 8_000_000, ingressBurst: 800_000, egressRate: 8_000_000, egressBurst: 800_000 },
  ].filter(({ type }) => dice.often(30) && !(type === 'bandwidth' && Object(main).type === 'macvlan'));
  const mapper = isPortMapper ? [{ type: 'portmap', capabilities: { portMappings: true } }] : [];
  const hosts = ranges.flat().map(({ subnet }) => subnet.replace(/0\/24$|\/64$/, ''));
  const config = { file: 'none', cniVersion: dice.one(['1.0.0', '0.4.0']), plugins: [main, ...chained, ...mapper] };
  return { hosts, config };
}
