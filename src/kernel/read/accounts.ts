import { readFileSync } from 'node:fs';
import { catchErrno, sysError } from '../errno.ts';

/** passwd(5) and group(5): `NAME:PASSWORD:NUMBER:…`. */
const FILES = { user: '/etc/passwd', group: '/etc/group' } as const;

type AccountKind = keyof typeof FILES;

/** Of what a person may write for a user or a group of this machine: what netform calls it; null: there is none. */
export function findAccount(of: AccountKind, written: string): string | null {
  if (isNumber(written)) return accountName(of, Number(written));
  return accounts(of).some(({ name }) => name === written) ? written : null;
}

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
