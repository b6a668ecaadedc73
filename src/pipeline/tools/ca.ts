import { EXIT, netformError } from '../../model/error.ts';
import { caCertificatePath } from '../../model/kernel/lab-process.ts';
import { readBlob } from '../../store/blobs.ts';
import { readState } from '../../store/state.ts';
import { resolveLabName } from '../resolve/lab.ts';
import type { Session } from '../session.ts';

/** The certificate of the CA of a lab, as PEM. Throws E_NO_CA when it has none. */
export function labCaCertificate(
  { store }: Session,
  target: string | null,
): { readonly lab: string; readonly pem: string } {
  const lab = resolveLabName(store, target);
  const path = caCertificatePath(lab);
  const { sha } = readState(store, lab)?.resources.find(({ spec }) => spec['path'] === path)?.spec ?? {};
  const pem = typeof sha === 'string' ? readBlob(store, lab, sha) : null;
  if (pem !== null) return { lab, pem };
  throw netformError('E_NO_CA', EXIT.usage, `the lab ${lab} has no CA`, {
    hint: 'an ingress that listens with tls: { hosts: […] } has one',
  });
}
