import { shellWord } from '../model/values/shell-word.ts';
import { defineProgram, type Program, type ProgramPlace, runFolderOf } from './define-program.ts';
import type { RouterData } from './router-data.ts';
import { type FrrDaemon, frrConfiguration, frrPeer } from './router-frr-text.ts';

/** What one daemon of a router has to know. `run`: the folder in which its daemons meet. */
export type FrrOptions = { readonly data: RouterData; readonly run: string };

/** Where the daemons see that folder, and vtysh looks for them. */
const SEEN = '/run/frr';

/** The user that Debian's package makes: the daemons refuse to run as another. */
const OWNER = ['-o', 'frr', '-g', 'frr'];

/**
 * One daemon of FRR in the foreground. It reads its configuration as its own user, from the folder in which it has its sockets;
 * another configuration is a new start.
 */
const frrDaemon = (
  name: FrrDaemon,
  { settled, ...more }: Pick<Program<FrrOptions>, 'bringsRoutes'> & { readonly settled?: SettledTests },
) =>
  defineProgram<FrrOptions>({
    name: `/usr/lib/frr/${name}`,
    packages: ['frr'],
    render: ({ data }) => ({ [`${name}.conf`]: frrConfiguration(name, data) }),
    command: () => [
      ...['-f', `${SEEN}/${name}.conf`, '-i', `${SEEN}/${name}.pid`, '-z', `${SEEN}/zserv.api`],
      ...['--vty_socket', SEEN, '-P', '0'],
    ],
    privateFolders: ({ run }, place) => ({ [SEEN]: run, '/var/tmp': tmpFolder(place) }),
    prepare: (_options, { folder }) => [
      { creates: null, command: ['install', '-d', '-m', '750', ...OWNER, SEEN] },
      { creates: null, command: ['install', '-m', '640', ...OWNER, `${folder}/${name}.conf`, `${SEEN}/${name}.conf`] },
    ],
    reload: null,
    ready: ({ run }) => ({ by: 'socket', path: `${run}/${name === 'zebra' ? 'zserv.api' : `${name}.vty`}` }),
    ...(settled === undefined
      ? {}
      : {
          settled: ({ data }) => {
            const tests = settled(data).map(
              ([show, line]) => `vtysh -c ${shellWord(show)} | grep -q ${shellWord(line)}`,
            );
            return tests.length === 0 ? null : { by: 'command', command: ['sh', '-c', tests.join(' && ')] };
          },
        }),
    ...more,
  });

/** What a command of vtysh has to print, one for each session. */
type SettledTests = (data: RouterData) => readonly (readonly [show: string, line: string])[];

const tmpFolder = (place: ProgramPlace): string => `${runFolderOf(place)}/tmp`;

/** zebra(8), which gives the kernel what the other daemons of its router have learned. */
export const frrZebra = frrDaemon('zebra', { bringsRoutes: true });

/** bgpd(8). */
export const frrBgpd = frrDaemon('bgpd', {
  settled: ({ bgp }) =>
    (bgp?.sessions ?? []).map((one) => [`show bgp neighbors ${frrPeer(one)}`, 'BGP state = Established']),
});

const ospfSettled =
  (family: 4 | 6): SettledTests =>
  ({ ospf }) =>
    (ospf?.interfaces ?? []).flatMap(({ dev, families }) =>
      families.includes(family)
        ? [
            family === 4
              ? (['show ip ospf neighbor', `Full/.*[[:space:]]${dev}:`] as const)
              : (['show ipv6 ospf6 neighbor', `Full/.*[[:space:]]${dev}\\[`] as const),
          ]
        : [],
    );

/** ospfd(8), for IPv4. */
export const frrOspfd = frrDaemon('ospfd', { settled: ospfSettled(4) });

/** ospf6d(8), for IPv6. */
export const frrOspf6d = frrDaemon('ospf6d', { settled: ospfSettled(6) });
