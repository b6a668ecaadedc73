import { shellWord } from '../model/values/shell-word.ts';
import { defineProgram, type ProgramPlace, runFolderOf } from './define-program.ts';
import { type BgpSession, networkFamily, type RouterData } from './router-data.ts';

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
  settled: (data, place) => {
    const tests = settledTests(data, `birdc -s ${shellWord(socketOf(place))}`);
    return tests.length === 0 ? null : { by: 'command', command: ['sh', '-c', tests.join(' && ')] };
  },
  bringsRoutes: true,
});

/** That every session is established, and that every interface has a neighbour. */
const settledTests = ({ bgp, ospf }: RouterData, birdc: string): readonly string[] => [
  ...(bgp?.sessions ?? []).map(({ name }) => `${birdc} show protocols ${name} | grep -q Established`),
  ...(ospf?.interfaces ?? []).flatMap(({ dev, families }) =>
    families.map((family) => {
      const line = shellWord(`Full/.*[[:space:]]${dev}[[:space:]]`);
      return `${birdc} show ospf neighbors ospf${family} | grep -q ${line}`;
    }),
  ),
];

const socketOf = (place: ProgramPlace): string => `${runFolderOf(place)}/bird.ctl`;

/** What daemons have learned goes to the kernel; nothing of the kernel's comes in, so that routes of the file stay the file's. */
const LEARNED = 'source ~ [RTS_BGP, RTS_OSPF, RTS_OSPF_IA, RTS_OSPF_EXT1, RTS_OSPF_EXT2]';

function configuration({ routerId, links, bgp, ospf }: RouterData): string {
  const own = bgp?.networks ?? [];
  const families = [4, 6] as const;
  const lines = [
    'log stderr all;',
    `router id ${routerId};`,
    'protocol device { scan time 2; }',
    `protocol direct { ipv4; ipv6;${linksText(links)} }`,
    ...families.map((family) => `protocol kernel { ${channel(family)} { import none; export where ${LEARNED}; }; }`),
    // Above those of links: others hear only of the best route to a network.
    ...families.flatMap((family) => {
      const networks = own.filter((one) => networkFamily(one) === family);
      const routes = networks.map((one) => ` route ${one} unreachable;`).join('');
      return networks.length === 0 ? [] : [`protocol static { ${channel(family)} { preference 250; };${routes} }`];
    }),
    ...(bgp?.sessions ?? []).map((session) => sessionText(session, bgp?.asn ?? 0, bgp?.connected ?? false)),
    ...(ospf === null ? [] : families.map((family) => ospfText(ospf, family))),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** A pattern that fits no link, where there are none. */
const linksText = (links: RouterData['links']): string =>
  links === undefined ? '' : ` interface ${links.length === 0 ? '-"*"' : links.map((one) => `"${one}"`).join(', ')};`;

const channel = (family: 4 | 6): string => (family === 4 ? 'ipv4' : 'ipv6');

function sessionText(
  { name, address, dev, families, asn, isDirect, accept }: BgpSession,
  own: number,
  connected: boolean,
): string {
  const told = ['RTS_STATIC', 'RTS_BGP', 'RTS_OSPF', 'RTS_OSPF_IA', ...(connected ? ['RTS_DEVICE'] : [])];
  return [
    `protocol bgp ${name} {`,
    ` local as ${own}; neighbor ${address} as ${asn};${dev === null ? '' : ` interface "${dev}";`}`,
    isDirect ? ' direct; check link yes;' : ' multihop;',
    ' hold time 9; keepalive time 3; connect delay time 1; connect retry time 3; error wait time 1, 5;',
    ...families.map((family) => {
      const hop = dev !== null && family === 4 ? ' extended next hop yes;' : '';
      return ` ${channel(family)} { import ${takenText(accept, family)}; export where source ~ [${told.join(', ')}]; next hop self;${hop} };`;
    }),
    ' }',
  ].join('');
}

function takenText(accept: BgpSession['accept'], family: 4 | 6): string {
  const networks = accept?.filter((one) => networkFamily(one) === family).map((one) => `${one}+`);
  return networks === undefined ? 'all' : networks.length === 0 ? 'none' : `where net ~ [ ${networks.join(', ')} ]`;
}

const ospfText = ({ area, interfaces, passive }: NonNullable<RouterData['ospf']>, family: 4 | 6): string =>
  [
    `protocol ospf ${family === 4 ? 'v2' : 'v3'} ospf${family} {`,
    ` ${channel(family)} { import all; export where source ~ [RTS_STATIC, RTS_BGP]; };`,
    ` area ${area} {`,
    ...interfaces.map(({ dev }) => ` interface "${dev}" { hello 1; dead 4; wait 2; check link yes; };`),
    ...passive.map((dev) => ` interface "${dev}" { stub; };`),
    ' }; }',
  ].join('');
