import { findAccount } from '../accounts.ts';
import { readEach } from '../need-reader.ts';

/** Looks users and groups up. */
export const accountReader = readEach<'account'>(({ key }) => {
  const of = key.startsWith('group:') ? 'group' : 'user';
  return findAccount(of, key.slice(of.length + 1));
});
