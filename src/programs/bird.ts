import { defineProgram, runFolderOf } from './define-program.ts';

/** A session with another router: at an address, of an AS; `accept`: the networks that it may bring, null: all. */
export type BgpSession = {
  readonly name: string;
  readonly address: string;
  readonly family: 4 | 6;
  readonly asn: number;
  /** Whether they share a LAN: its session ends with the link. */
  readonly isDirect: boolean;
  readonly accept: readonly string[] | null;
};

/** What a router says and hears. */
export type RouterData = {
  readonly routerId: string;
  readonly bgp: {
    readonly asn: number;
    readonly sessions: readonly BgpSession[];
    /** The networks that it tells others about, besides what it has heard. */
    readonly networks: readonly string[];
    readonly connected: boolean;
  } | null;
  readonly ospf: {
    readonly area: string;
    readonly interfaces: readonly string[];
    readonly passive: readonly string[];
  } | null;
};

const CONFIGURATION = 'bird.conf';

/** bird(8) 2: at SIGHUP it takes another configuration over, and keeps the sessions that stay as they are. It takes its routes along when it ends. */
export const bird = defineProgram<RouterData>({
  name: 'bird',
  packages: ['bird2'],
  render: (data) => ({ [CONFIGURATION]: configuration(data) }),
  command: (_data, place) => [
    '-f',
    '-c',
    `${place.folder}/${CONFIGURATION}`,
    '-s',
    socketOf(place),
    '-P',
    `${runFolderOf(place)}/bird.pid`,
  ],
  check: (_data, { folder }) => ['bird', '-p', '-c', `${folder}/${CONFIGURATION}`],
  reload: 'HUP',
  ready: (_data, place) => ({ by: 'socket', path: socketOf(place) }),
});

const socketOf = (place: Parameters<typeof runFolderOf>[0]): string => `${runFolderOf(place)}/bird.ctl`;

/** What daemons have learned goes to the kernel; nothing of the kernel's comes in, so that routes of the file stay the file's. */
const LEARNED = 'source ~ [RTS_BGP, RTS_OSPF, RTS_OSPF_IA, RTS_OSPF_EXT1, RTS_OSPF_EXT2]';

function configuration({ routerId, bgp, ospf }: RouterData): string {
  const own = bgp?.networks ?? [];
  const families = [4, 6] as const;
  const lines = [
    'log stderr all;',
    `router id ${routerId};`,
    'protocol device { scan time 2; }',
    'protocol direct { ipv4; ipv6; }',
    ...families.map((family) => `protocol kernel { ${channel(family)} { import none; export where ${LEARNED}; }; }`),
    // Above those of links: others hear only of the best route to a network.
    ...families.flatMap((family) => {
      const networks = own.filter((one) => familyOf(one) === family);
      const routes = networks.map((one) => ` route ${one} unreachable;`).join('');
      return networks.length === 0 ? [] : [`protocol static { ${channel(family)} { preference 250; };${routes} }`];
    }),
    ...(bgp?.sessions ?? []).map((session) => sessionText(session, bgp?.asn ?? 0, bgp?.connected ?? false)),
    ...(ospf === null ? [] : families.map((family) => ospfText(ospf, family))),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

const channel = (family: 4 | 6): string => (family === 4 ? 'ipv4' : 'ipv6');

const familyOf = (text: string): 4 | 6 => (text.includes(':') ? 6 : 4);

function sessionText(
  { name, address, family, asn, isDirect, accept }: BgpSession,
  own: number,
  connected: boolean,
): string {
  const told = ['RTS_STATIC', 'RTS_BGP', 'RTS_OSPF', 'RTS_OSPF_IA', ...(connected ? ['RTS_DEVICE'] : [])];
  const networks = accept?.filter((one) => familyOf(one) === family).map((one) => `${one}+`);
  const taken =
    networks === undefined ? 'all' : networks.length === 0 ? 'none' : `where net ~ [ ${networks.join(', ')} ]`;
  return [
    `protocol bgp ${name} {`,
    ` local as ${own}; neighbor ${address} as ${asn};`,
    isDirect ? ' direct; check link yes;' : ' multihop;',
    ' hold time 9; keepalive time 3; connect delay time 1; connect retry time 3; error wait time 1, 5;',
    ` ${channel(family)} { import ${taken}; export where source ~ [${told.join(', ')}]; next hop self; };`,
    ' }',
  ].join('');
}

const ospfText = ({ area, interfaces, passive }: NonNullable<RouterData['ospf']>, family: 4 | 6): string =>
  [
    `protocol ospf ${family === 4 ? 'v2' : 'v3'} {`,
    ` ${channel(family)} { import all; export where source ~ [RTS_STATIC, RTS_BGP]; };`,
    ` area ${area} {`,
    ...interfaces.map((dev) => ` interface "${dev}" { hello 1; dead 4; wait 2; check link yes; };`),
    ...passive.map((dev) => ` interface "${dev}" { stub; };`),
    ' }; }',
  ].join('');
