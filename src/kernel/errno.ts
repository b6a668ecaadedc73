/** An error of the machine, with the errno's name in `code` as those of Node's file functions have it. */
export type SysError = Error & {
  readonly code: string;
  /** What happened, in words for a person; null when only the code is known. */
  readonly sentence: string | null;
};

/** An error that explains itself. */
export const sysError = (code: string, sentence: string): SysError =>
  Object.assign(new Error(sentence), { code, sentence });

/** The error of a system call that reports its errno only. */
export const callError = (call: string, code: string): SysError =>
  Object.assign(new Error(`${call}: ${code}`), { code, sentence: null });

/** The `code` of an error that the machine gave (ours, or of Node's file functions); null of any other: a bug. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return /^(?:E(?!RR_)[A-Z0-9_]+|NFT)$/.test(error.code) ? error.code : null;
}

/** The sentence of an error that explains itself (a NetformError does), or null. */
export function errorSentence(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (errorCode(error)?.startsWith('E_')) return error.message;
  return 'sentence' in error && typeof error.sentence === 'string' ? error.sentence : null;
}

/** The result of `action`, or null when it fails with one of these codes. Any other error is thrown. */
export function catchErrno<T>(codes: readonly string[], action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (codes.includes(errorCode(error) ?? '')) return null;
    throw error;
  }
}
