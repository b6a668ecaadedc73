import { readdirSync } from 'node:fs';
import type { ImportedSwitch } from '../../model/kernel/import-facts.ts';
import { labRunFolder, RUN_FOLDER } from '../../model/kernel/lab-process.ts';
import { catchErrno } from '../errno.ts';
import { readOvs } from '../ovsdb/read.ts';

/** The socket of the database of Debian's service (ovsdb-server(1)). */
const SERVICE_SOCKET = '/run/openvswitch/db.sock';

/**
 * The Open vSwitches that run: that of the machine, and those of labs in these namespaces. Their databases are only read; where
 * those of labs lie, src/programs/openvswitch.ts says.
 */
export function readOpenVswitches(places: readonly string[]): readonly ImportedSwitch[] {
  const labs = (catchErrno(['ENOENT'], () => readdirSync(RUN_FOLDER)) ?? []).toSorted();
  const sockets = [
    { netns: 'host', lab: null, socket: SERVICE_SOCKET },
    ...labs.flatMap((lab) =>
      places.map((netns) => ({ netns, lab, socket: `${labRunFolder(lab, netns)}/switch/run/db.sock` })),
    ),
  ];
  return sockets.flatMap(({ netns, lab, socket }): readonly ImportedSwitch[] => {
    const found = catchErrno(GONE, () => readOvs(socket));
    if (found === null) return [];
    const ports = [...found.ports].map(([name, { bridge }]) => ({ name, bridge }));
    return [{ netns, lab, bridges: [...found.bridges.keys()].toSorted(), ports }];
  });
}

/** No server is there. */
const GONE = ['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET'];
