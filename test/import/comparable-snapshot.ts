/**
 * A snapshot without that in which a lab of netform's and one of a script's may differ: the names of bridge ports (each is
 * called by where its cable leads), netform's marks (aliases, groups, protocol numbers), the number of queues that ip(8) asks for and the broadcast
 * address that ifconfig(8) writes, MACs and what the kernel makes of
 * them, the settings by which netform makes IPv6 usable at once and keeps routes when an address changes, IPv6 forwarding
 * (`forwarding: true` is both families), and how NAT is written: that is compared by traffic.
 */
export function comparableSnapshot(snapshot: string): string {
  const sections = snapshot.split(/^== /m).slice(1).map(sectionOf);
  const ports = new Map(sections.filter(({ what }) => what === 'links').flatMap(portsIn));
  const texts = sections
    .filter(({ what, netns }) => what !== 'nft' && netns !== 'machine')
    .map((section) => [`== ${section.netns} ${section.what}`, ...linesOf(section, ports)].join('\n'));
  return `${texts.join('\n')}\n`;
}

type Section = { readonly netns: string; readonly what: string; readonly lines: readonly string[] };

function sectionOf(text: string): Section {
  const [title = '', ...lines] = text.trimEnd().split('\n');
  const [netns = '', what = ''] = title.split(' ');
  return { netns, what, lines };
}

/** By `netns/name` of a port: where its cable leads. */
function portsIn({ netns, lines }: Section): readonly (readonly [string, string])[] {
  return lines.flatMap((line) => {
    const { ifname, master, peer } = JSON.parse(line);
    return master && peer ? [[`${netns}/${ifname}`, `port-to-${peer.replace('/', '-')}`] as const] : [];
  });
}

const OWN_SETTING =
  /\/(?:promote_secondaries|accept_ra|accept_dad|keep_addr_on_down|route_localnet):|ipv6\/.*\/forwarding:/;

function linesOf({ netns, lines }: Section, ports: ReadonlyMap<string, string>): readonly string[] {
  const named = [...ports].flatMap(([port, name]) => {
    const [place, link = ''] = port.split('/');
    return place === netns ? [[link, name] as const] : [];
  });
  return lines
    .filter((line) => !OWN_SETTING.test(line) && !/"(?:dst|local)":"fe80:/.test(line))
    .map((line) => {
      const canonical = line
        .replace(/,"(?:ifalias|group)":"[^"]*"/g, '')
        .replace(/,"num_[rt]x_queues":\d+/g, '')
        .replace(/"protocol":"(?:3|4|78)"/g, '"protocol":"written"')
        .replace(/"hairpin":true/g, '"hairpin":false')
        .replace(/,"broadcast":"[0-9.]+"/g, '')
        .replace(/"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}"/g, '"MAC"')
        .replaceAll(/"peer":"([^"]*)"/g, (all, peer: string) =>
          ports.has(peer) ? `"peer":"${ports.get(peer)}"` : all,
        );
      return named.reduce(
        (text, [link, name]) => text.replaceAll(`"${link}"`, `"${name}"`).replaceAll(`/${link}/`, `/${name}/`),
        canonical,
      );
    })
    .toSorted();
}
