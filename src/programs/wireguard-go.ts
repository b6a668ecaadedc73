import { labRunFolder } from '../model/kernel/lab-process.ts';
import { defineProgram, runFolderOf } from './define-program.ts';

/** Where it makes its socket, under the name of the link: one folder for a whole machine, so each has one of its own there. */
const SOCKET_FOLDER = '/run/wireguard';

/** What it makes: one link. */
type WireguardLink = { readonly link: string };

/** WireGuard in user space, for kernels that have none. Its link is a tun that goes with it. */
export const wireguardGo = defineProgram<WireguardLink>({
  name: 'wireguard-go',
  packages: ['wireguard-go'],
  command: ({ link }) => ['--foreground', link],
  privateFolders: (_options, place) => ({ [SOCKET_FOLDER]: runFolderOf(place) }),
  makes: ({ link }) => link,
  reload: null,
  ready: ({ link }, place) => ({ by: 'socket', path: `${runFolderOf(place)}/${link}.sock` }),
});

/** The folder of one run. */
export const wireguardFolder = (lab: string, netns: string, link: string): string =>
  `${labRunFolder(lab, netns)}/wg-${link}`;

/** The socket at which it takes keys and peers. */
export const wireguardSocket = (lab: string, netns: string, link: string): string =>
  `${runFolderOf({ folder: wireguardFolder(lab, netns, link) })}/${link}.sock`;

/** The name of its process. */
export const wireguardProcess = (link: string): string => `wireguard-go-${link}`;
