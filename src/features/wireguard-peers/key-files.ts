import { labRunFolder } from '../../model/kernel/lab-process.ts';
import { sha256Latin1 } from '../../model/values/hash.ts';

/** A link, by its namespace and the kernel's name. */
type KeyPlace = { readonly netns: string; readonly dev: string };

/** The file of a lab that holds the private key of a link. */
export const privateKeyFile = (lab: string, { netns, dev }: KeyPlace): string =>
  `${labRunFolder(lab, netns)}/${dev}.key`;

/** The file of a lab that holds the key that a link shares with a peer. */
export const sharedKeyFile = (
  lab: string,
  { netns, dev, publicKey }: KeyPlace & { readonly publicKey: string },
): string => `${labRunFolder(lab, netns)}/${dev}.${sha256Latin1(publicKey).slice(0, 8)}.psk`;
