import { labRunFolder } from '../model/kernel/lab-process.ts';
import { defineProgram, type ProgramPlace, runFolderOf } from './define-program.ts';

// What Debian's packages install.
const SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema';
const LOGGING = ['-vconsole:warn', '-vsyslog:off', '-vfile:off'];

/** The folder of a lab's Open vSwitch in one namespace. */
export const ovsFolder = (lab: string, netns: string): string => `${labRunFolder(lab, netns)}/switch`;

/** The socket of its database. */
export const ovsSocket = (lab: string, netns: string): string => databaseSocket({ folder: ovsFolder(lab, netns) });

/** The socket of one of its bridges, at which OpenFlow is spoken (ovs-vswitchd(8)). */
export const ovsControl = (lab: string, netns: string, bridge: string): string =>
  `${runFolderOf({ folder: ovsFolder(lab, netns) })}/${bridge}.mgmt`;

const databaseSocket = (place: Pick<ProgramPlace, 'folder'>): string => `${runFolderOf(place)}/db.sock`;

/** The database of a private Open vSwitch (ovsdb-server(1)): bridges and ports as rows, in a file that goes with it. */
export const ovsdbServer = defineProgram<null>({
  name: 'ovsdb-server',
  packages: ['openvswitch-switch', 'openvswitch-common'],
  prepare: (_options, place) => {
    const database = `${runFolderOf(place)}/conf.db`;
    return [{ creates: database, command: ['ovsdb-tool', 'create', database, SCHEMA] }];
  },
  command: (_options, place) => [
    `${runFolderOf(place)}/conf.db`,
    `--remote=punix:${databaseSocket(place)}`,
    `--unixctl=${runFolderOf(place)}/ovsdb.ctl`,
    ...LOGGING,
  ],
  reload: null,
  ready: (_options, place) => ({ by: 'socket', path: databaseSocket(place) }),
});

/** The switch itself (ovs-vswitchd(8)), in user space: it forwards frames as long as it runs. */
export const ovsVswitchd = defineProgram<null>({
  name: 'ovs-vswitchd',
  packages: ['openvswitch-switch'],
  command: (_options, place) => [
    `unix:${databaseSocket(place)}`,
    `--unixctl=${runFolderOf(place)}/vswitchd.ctl`,
    '--disable-system',
    ...LOGGING,
  ],
  // The database remembers that everything was made, by a switch that runs no more.
  prepare: (_options, place) => {
    const reset = ['set', 'Open_vSwitch', '.', 'next_cfg=1', 'cur_cfg=0'];
    const socket = `--db=unix:${databaseSocket(place)}`;
    return [{ creates: null, command: ['ovs-vsctl', socket, '--timeout=5', '--no-wait', '--', ...reset] }];
  },
  environment: (_options, place) => ({ OVS_RUNDIR: runFolderOf(place) }),
  links: ['ovs-netdev'],
  reload: null,
  ready: (_options, place) => ({
    by: 'switch',
    path: `${runFolderOf(place)}/vswitchd.ctl`,
    database: databaseSocket(place),
  }),
});
