import { sha256 } from '../model/values/hash.ts';
import { defineProgram, runFolderOf } from './define-program.ts';
import { standInScript } from './stand-in-script.ts';

/** A port of a namespace that is answered. */
type StandInPort = { readonly netns: string; readonly protocol: 'tcp' | 'udp'; readonly port: number };

const PORTS = 'ports';
const SCRIPT = 'answer.pl';

/**
 * The program that answers on ports of namespaces: a script for perl(1), which every Debian has. It takes little memory, and goes
 * on answering when it reads its ports again.
 */
export const standIn = defineProgram<{ readonly ports: readonly StandInPort[] }>({
  name: 'perl',
  packages: ['perl-base'],
  render: ({ ports }) => ({ [PORTS]: portsText(ports), [SCRIPT]: standInScript }),
  command: (_options, place) => [`${place.folder}/${SCRIPT}`, `${place.folder}/${PORTS}`, runFolderOf(place)],
  reload: 'HUP',
  rereads: [PORTS],
  ready: ({ ports }, place) => ({ by: 'file', path: `${runFolderOf(place)}/${signOf(ports)}` }),
});

/** `web tcp 80`, a line for each port. The first line is what the script makes a file of when all of them answer. */
const portsText = (ports: readonly StandInPort[]): string => `${signOf(ports)}\n${linesOf(ports).join('\n')}\n`;

const signOf = (ports: readonly StandInPort[]): string => `ready.${sha256(linesOf(ports).join('\n')).slice(0, 16)}`;

const linesOf = (ports: readonly StandInPort[]): readonly string[] => [
  ...new Set(ports.map(({ netns, protocol, port }) => `${netns} ${protocol} ${port}`)),
];
