import { catchErrno } from '../../errno.ts';
import { sendUnixDatagram } from '../../unix-socket.ts';

/** Tells systemd about this service (sd_notify(3)): nothing where it has not asked for that, or does not listen. */
export function notifySystemd(text: string): void {
  const path = process.env['NOTIFY_SOCKET'];
  if (path?.startsWith('/') || path?.startsWith('@'))
    catchErrno(['ENOENT', 'ECONNREFUSED', 'EACCES', 'EPERM'], () => sendUnixDatagram(path, text));
}
