import { readFileSync } from 'node:fs';
import { canonicalAddress } from '../../net/address.ts';

type SshEnds = { readonly client: string; readonly server: string; readonly port?: number };

/**
 * Both ends of the SSH session that this process was started in; null: none. Found in the environment of its ancestors
 * too: sudo does not hand it on.
 */
export function findSshSession(): SshEnds | null {
  for (let pid = 'self', left = MAX_ANCESTORS; pid !== '0' && left > 0; left--) {
    const value = readSshConnection(pid);
    if (value !== null) return parseSshConnection(value);
    pid = parentPid(pid);
  }
  return null;
}

const MAX_ANCESTORS = 64;

/** The client's address and port, and the server's, from SSH_CONNECTION. */
function parseSshConnection(value: string): SshEnds | null {
  const [client = '', , server = '', port] = value.split(' ');
  const [from, to] = [canonicalAddress(client), canonicalAddress(server)];
  if (from === null || to === null) return null;
  return { client: from, server: to, ...(port === undefined ? {} : { port: Number(port) }) };
}

function readSshConnection(pid: string): string | null {
  const variables = readProc(pid, 'environ').split('\0');
  return variables.find((variable) => variable.startsWith(VARIABLE_PREFIX))?.slice(VARIABLE_PREFIX.length) ?? null;
}

const VARIABLE_PREFIX = 'SSH_CONNECTION=';

const parentPid = (pid: string): string => /^PPid:\s*(\d+)$/m.exec(readProc(pid, 'status'))?.[1] ?? '0';

/** Empty when the process no longer exists, or may not be read. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
