import type { WireguardChange, WireguardDevice } from '../../../../model/kernel/wireguard.ts';
import { stringAttribute } from '../../../../net/netlink-attributes.ts';
import { catchErrno, sysError } from '../../../errno.ts';
import { errnoName } from '../../../libc.ts';
import type { NetnsSession } from '../../../netns/sessions.ts';
import { dumpMessages, sendMessage } from '../../socket.ts';
import { WIREGUARD } from './attributes.ts';
import { genericHeader, withGenericFamily } from './generic.ts';
import { decodeWireguardDevice } from './get-device.ts';
import { setWireguardMessages } from './set-device.ts';
import { decodeUapiGet, encodeUapiSet, UAPI_GET } from './uapi.ts';
import { askUapi } from './uapi-socket.ts';

const FAMILY = 'wireguard';

/** A device of the kernel by its name; null: the kernel has no WireGuard, or the namespace has no such device. */
export const readWireguard = (session: NetnsSession, name: string): WireguardDevice | null =>
  catchErrno(['ENODEV', 'EOPNOTSUPP'], () =>
    withGenericFamily(session.fd, FAMILY, (socket, family) => {
      const request = {
        type: family,
        flags: 0,
        header: genericHeader(WIREGUARD.getDevice, WIREGUARD.version),
        attributes: [stringAttribute(WIREGUARD.device.ifname, name)],
      };
      return decodeWireguardDevice(dumpMessages(socket, request, (body) => Buffer.from(body)));
    }),
  );

/** Changes a device of the kernel. Throws ENODEV when there is none of that name, EOPNOTSUPP where the kernel has none at all. */
export function changeWireguard(session: NetnsSession, name: string, change: WireguardChange): void {
  const done = withGenericFamily(session.fd, FAMILY, (socket, family) => {
    for (const message of setWireguardMessages(family, name, change)) sendMessage(socket, message);
    return true;
  });
  if (done === null) throw sysError('EOPNOTSUPP', 'this kernel has no WireGuard');
}

/** The device of a program in user space; null: nothing answers at the socket. */
export const readUserspaceWireguard = (path: string): WireguardDevice | null =>
  catchErrno(['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET'], () => {
    const read = decodeUapiGet(askUapi(path, UAPI_GET));
    if ('errno' in read) throw uapiError(read.errno);
    return read;
  });

/** Changes the device of a program in user space. Throws ENOENT or ECONNREFUSED when nothing answers at the socket. */
export function changeUserspaceWireguard(path: string, change: WireguardChange): void {
  const answer = decodeUapiGet(askUapi(path, encodeUapiSet(change)));
  if ('errno' in answer) throw uapiError(answer.errno);
}

/** The program gives the negative number of an error. */
const uapiError = (errno: number) => sysError(errnoName(Math.abs(errno)), 'wireguard-go refuses the configuration');
