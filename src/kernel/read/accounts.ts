import { readFileSync } from 'node:fs';
import { catchErrno, sysError } from '../errno.ts';

/** passwd(5) and group(5): `NAME:PASSWORD:NUMBER:…`. */
const FILES = { user: '/etc/passwd', group: '/etc/group' } as const;

type AccountKind = keyof typeof FILES;

/**
 * Of what a person may write for a user or a group of this machine: what netform calls it; null: there is none; empty: there
 * is one, whose number is not in this user namespace.
 */
export function findAccount(of: AccountKind, written: string): string | null {
  const known = isNumber(written) || accounts(of).some(({ name }) => name === written);
  if (!known) return null;
  const id = accountNumber(of, written);
  return isMapped(of, id) ? accountName(of, id) : '';
}

/** user_namespaces(7): a line of a map is the first number inside, the first outside, and how many. */
function isMapped(of: AccountKind, id: number): boolean {
  const map = catchErrno(['ENOENT'], () => readFileSync(MAPS[of], 'latin1'));
  if (map === null) return true;
  return map.split('\n').some((line) => {
    const [first = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
    return id >= first && id < first + count;
  });
}

const MAPS = { user: '/proc/self/uid_map', group: '/proc/self/gid_map' } as const;

/** The name of a number, or the number where it has none. */
export const accountName = (of: AccountKind, id: number): string =>
  accounts(of).find((one) => one.id === id)?.name ?? String(id);

/** The number of a user or a group. Throws ENOENT when this machine has none of that name. */
export function accountNumber(of: AccountKind, written: string): number {
  const found = accounts(of).find(({ name }) => name === written);
  if (found) return found.id;
  if (isNumber(written)) return Number(written);
  throw sysError('ENOENT', `there is no ${of} ${written} on this machine`);
}

const isNumber = (text: string): boolean => /^(?:0|[1-9]\d{0,9})$/.test(text);

function accounts(of: AccountKind): readonly { readonly name: string; readonly id: number }[] {
  const text = catchErrno(['ENOENT', 'EACCES'], () => readFileSync(FILES[of], 'utf8')) ?? '';
  return text.split('\n').flatMap((line) => {
    const [name = '', , id = ''] = line.split(':');
    return isNumber(id) ? [{ name, id: Number(id) }] : [];
  });
}
