import { type BgpSession, networkFamily, type RouterData } from './router-data.ts';

/** The daemons of FRR that routers of a lab have. */
export type FrrDaemon = 'zebra' | 'bgpd' | 'ospfd' | 'ospf6d';

/** The configuration of one daemon of a router. */
export function frrConfiguration(daemon: FrrDaemon, data: RouterData): string {
  const lines = ['log stdout', ...LINES[daemon](data)];
  return lines.map((line) => `${line}\n`).join('');
}

const LINES: { readonly [daemon in FrrDaemon]: (data: RouterData) => readonly string[] } = {
  // Routes as others write them, without objects for their next hops.
  zebra: () => ['no zebra nexthop kernel enable'],
  bgpd: (data) => bgpLines(data),
  ospfd: (data) => ospfLines(data, 4),
  ospf6d: (data) => ospfLines(data, 6),
};

const FAMILIES = [4, 6] as const;

const familyWord = (family: 4 | 6): string => (family === 4 ? 'ip' : 'ipv6');

function bgpLines({ routerId, bgp, ospf }: RouterData): readonly string[] {
  if (bgp === null) return [];
  const { asn, sessions, networks, connected } = bgp;
  return [
    `router bgp ${asn}`,
    ` bgp router-id ${routerId}`,
    ' no bgp ebgp-requires-policy',
    ' no bgp default ipv4-unicast',
    // What is advertised is so whether it is in the table or not.
    ' no bgp network import-check',
    ' timers bgp 3 9',
    ...sessions.flatMap((session) => peerLines(session, asn)),
    ...FAMILIES.flatMap((family) => [
      ` address-family ${family === 4 ? 'ipv4' : 'ipv6'} unicast`,
      ...networks.filter((one) => networkFamily(one) === family).map((one) => `  network ${one}`),
      ...(connected ? ['  redistribute connected'] : []),
      ...(ospf === null ? [] : [`  redistribute ospf${family === 4 ? '' : '6'}`]),
      ...sessions.filter(({ families }) => families.includes(family)).flatMap(activeLines),
      ' exit-address-family',
    ]),
    'exit',
    ...sessions.flatMap(listLines),
  ];
}

/** What a peer is called: by its link, where they find each other by the router advertisements that both then send. */
export const frrPeer = ({ address, dev }: Pick<BgpSession, 'address' | 'dev'>): string => dev ?? address;

function peerLines(session: BgpSession, own: number): readonly string[] {
  const { dev, asn, isDirect } = session;
  const peer = ` neighbor ${frrPeer(session)}`;
  return [
    `${peer}${dev === null ? '' : ' interface'} remote-as ${asn}`,
    `${peer} timers connect 1`,
    // A session within an AS may have any number of hops.
    ...(isDirect || asn === own ? [] : [`${peer} ebgp-multihop 255`]),
  ];
}

function activeLines(session: BgpSession): readonly string[] {
  const peer = `  neighbor ${frrPeer(session)}`;
  return [
    `${peer} activate`,
    `${peer} next-hop-self`,
    ...(session.accept === null ? [] : [`${peer} prefix-list ${session.name} in`]),
  ];
}

/** What a peer may bring, with all parts of it; of a list without entries nothing would be refused. */
function listLines({ name, accept, families }: BgpSession): readonly string[] {
  if (accept === null) return [];
  return families.flatMap((family) => {
    const own = accept.filter((one) => networkFamily(one) === family);
    const longest = family === 4 ? 32 : 128;
    const entries = own.map((one) => `permit ${one}${one.endsWith(`/${longest}`) ? '' : ` le ${longest}`}`);
    return [...entries, 'deny any'].map(
      (entry, nth) => `${familyWord(family)} prefix-list ${name} seq ${5 * (nth + 1)} ${entry}`,
    );
  });
}

function ospfLines({ routerId, bgp, ospf }: RouterData, family: 4 | 6): readonly string[] {
  if (ospf === null) return [];
  const words = family === 4 ? 'ip ospf' : 'ipv6 ospf6';
  return [
    ...ospf.interfaces.flatMap(({ dev }) => [
      `interface ${dev}`,
      ` ${words} area ${ospf.area}`,
      ` ${words} hello-interval 1`,
      ` ${words} dead-interval 4`,
      'exit',
    ]),
    ...ospf.passive.flatMap((dev) => [`interface ${dev}`, ` ${words} area ${ospf.area}`, ` ${words} passive`, 'exit']),
    `router ospf${family === 4 ? '' : '6'}`,
    ` ospf${family === 4 ? '' : '6'} router-id ${routerId}`,
    ...(bgp === null ? [] : [' redistribute bgp']),
    'exit',
  ];
}
