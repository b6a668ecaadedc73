import { sha256 } from '../model/values/hash.ts';

/** The longest name of a link: IFNAMSIZ minus the NUL, in bytes. */
export const LINK_NAME_BYTES = 15;

/** The most characters in the name of a lab, which is part of marks and of the name of its nftables table. */
export const LAB_NAME_LENGTH = 32;

const NAME = /^[A-Za-z][A-Za-z0-9_.-]*$/;

/** One rule for every name that a user gives. */
export const isName = (text: string): boolean => NAME.test(text) && text.length <= 63;

/** The kernel's name of a link: the user's own, or shortened with a stable hash when it is over 15 bytes. */
export function shortLinkName(label: string): string {
  return label.length <= LINK_NAME_BYTES ? label : hashLinkName(label, label);
}

/** A name of at most 15 bytes that begins like the label and ends in a stable hash of the seed. */
export function hashLinkName(label: string, seed: string): string {
  const hash = sha256(seed).slice(0, 6);
  return `${label.slice(0, LINK_NAME_BYTES - 7)}-${hash}`;
}

/**
 * Whether a text can be a name in /etc/hosts: labels of letters, digits and inner hyphens as in RFC 1123, 63 bytes each,
 * 253 together; and underscores, which resolvers take and container names have.
 */
export function isHostname(text: string): boolean {
  const labels = text.split('.');
  return text.length <= 253 && labels.every((label) => /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$/.test(label));
}
