import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, netformError } from '../../model/error.ts';
import { CA_CERTIFICATE } from '../../model/kernel/lab-process.ts';
import { readState } from '../../store/state.ts';
import { resolveLabName } from '../resolve/lab.ts';
import type { Session } from '../session.ts';

/** The certificates of the CAs of a lab: PEM, one after the other. Throws E_NO_CA when it has none. */
export function labCaCertificates(
  { store }: Session,
  target: string | null,
): { readonly lab: string; readonly pem: string } {
  const lab = resolveLabName(store, target);
  const folders = (readState(store, lab)?.resources ?? []).flatMap(({ spec: { folder } }) =>
    typeof folder === 'string' ? [folder] : [],
  );
  const files = folders.map((folder) => join(folder, CA_CERTIFICATE)).filter((path) => existsSync(path));
  if (files.length > 0) return { lab, pem: files.map((path) => readFileSync(path, 'utf8')).join('') };
  throw netformError('E_NO_CA', EXIT.usage, `the lab ${lab} has no CA`, {
    hint: 'an ingress that listens with tls: { hosts: […] } has one',
  });
}
