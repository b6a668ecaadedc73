import { isJsonObject } from '../../../src/model/json.ts';
import { toStableText } from './normalise.ts';
import { bodyLines, type Json, splitSections } from './sections.ts';

/**
 * Of a snapshot, what two ways to build one network have in common: interfaces with their MTU, state, kind, bridge and
 * other end, addresses, routes, rules, neighbours and forwarding. MACs, marks, protocols and tuning may differ.
 */
export function essenceOf(snapshot: string): string {
  const sections = [...splitSections(snapshot)].filter(([title]) => !title.startsWith('machine'));
  return sections
    .map(
      ([title, body]) =>
        [
          title,
          bodyLines(body)
            .flatMap((line) => essential(title, line))
            .sort(),
        ] as const,
    )
    .filter(([, found]) => found.length > 0)
    .map(([title, found]) => `== ${title}\n${found.join('\n')}`)
    .join('\n');
}

/** Of a rule of IPv6 (linux/fib_rules.h). */
const FRA_PROTOCOL = '21';

function essential(title: string, line: string): readonly string[] {
  if (title.endsWith(' sysctls')) return /ip_forward:|ipv6\/conf\/all\/forwarding:/.test(line) ? [line] : [];
  if (/ (?:nft|interfaces|tables)$/.test(title)) return [];
  const each: Json = JSON.parse(line);
  if (!isJsonObject(each)) return [];
  if ('on' in each) return line.includes('"fe80:') ? [] : [`${each['on']} ${each['local']}/${each['prefixlen']}`];
  if (title.endsWith(' links')) return [toStableText(linkOf(each))];
  if (each['table'] === '255' || /"(?:dst|multicast)":"(?:fe80|ff00|multicast)/.test(line)) return [];
  return [toStableText({ ...each, [FRA_PROTOCOL]: '', protocol: '', flags: '', scope: '', pref: '' })];
}

const linkOf = (link: { readonly [key: string]: Json }): Json => {
  const { ifname = null, mtu = null, master = null, peer = null, flags, linkinfo } = link;
  const kind = linkinfo !== undefined && isJsonObject(linkinfo) ? (linkinfo['info_kind'] ?? null) : null;
  return { ifname, mtu, master, peer, kind, up: Array.isArray(flags) && flags.includes('UP') };
};
