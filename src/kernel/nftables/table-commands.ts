import { invariant } from '../../model/error.ts';
import { sysError } from '../errno.ts';
import type { NftCommandRunner } from './contexts.ts';

/** The families of the tables that netform makes. */
export type NftFamily = 'inet' | 'netdev' | 'bridge';

const NO_SUCH_TABLE = /No such file or directory/;

/** Puts a table in the place of the one of that name. Naming the table before deleting it makes the deletion work whether it is there or not. */
export const replacementScript = (table: string, script: string, family: NftFamily = 'inet'): string =>
  `table ${family} ${requireTableName(table)}\ndelete table ${family} ${table}\n${script}\n`;

/** A table as nft prints it; null when there is none. Throws NFT with the sentence of the library. */
export function listTable(run: NftCommandRunner, family: NftFamily, table: string): string | null {
  const { output, error } = run(`list table ${family} ${requireTableName(table)}`);
  if (error === null) return output;
  if (NO_SUCH_TABLE.test(error)) return null;
  throw sysError('NFT', nftErrorSentence(error));
}

/** Deletes a table. Throws ENOENT when there is none. */
export function deleteTable(run: NftCommandRunner, family: string, table: string): void {
  const { error } = run(`delete table ${requireTableName(family)} ${requireTableName(table)}`);
  if (error === null) return;
  if (NO_SUCH_TABLE.test(error)) throw sysError('ENOENT', `there is no table ${family} ${table}`);
  throw sysError('NFT', nftErrorSentence(error));
}

function requireTableName(table: string): string {
  invariant(/^[A-Za-z_][A-Za-z0-9_./-]{0,254}$/.test(table), `'${table}' cannot be the name of an nftables table`);
  return table;
}

/** The sentence of a complaint of the library: `file:line:column: Error: sentence`, then the command's first line with carets that mislead in long scripts. */
export function nftErrorSentence(complaint: string): string {
  const [line = ''] = complaint.trim().split('\n');
  return line.replace(/^.*?Error: /, '') || 'libnftables refused it without a reason';
}
