import { sha256 } from '../model/values/hash.ts';
import { canonicalAddress } from './address.ts';

const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;

/** Canonical MAC (lower case, colons), or null: multicast and all-zero addresses are not for interfaces. */
export function parseMac(text: string): string | null {
  const mac = text.toLowerCase();
  if (!MAC.test(mac) || mac === '00:00:00:00:00:00') return null;
  return Number.parseInt(mac.slice(0, 2), 16) & 1 ? null : mac;
}

const GENERATED = '02:4e:46:';

/** Whether a MAC may be one of ours. */
export const isGeneratedMac = (mac: string): boolean => mac.startsWith(GENERATED);

/** A stable MAC of ours (`02:4e:46:…`) for a seed; `attempt` gives the next one when two seeds meet. */
export function generateMac(seed: string, attempt = 0): string {
  const digest = sha256(`${seed}#${attempt}`);
  return `${GENERATED}${digest.slice(0, 2)}:${digest.slice(2, 4)}:${digest.slice(4, 6)}`;
}

/** The address that the kernel gives to a link with that MAC (RFC 4291, appendix A), in canonical text. */
export function linkLocalOf(mac: string): string {
  const [first = 0, ...rest] = mac.split(':').map((byte) => Number.parseInt(byte, 16));
  const bytes = [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)];
  const words = [0, 2, 4, 6].map((nth) => (((bytes[nth] ?? 0) << 8) | (bytes[nth + 1] ?? 0)).toString(16));
  return canonicalAddress(`fe80:0:0:0:${words.join(':')}`) ?? '';
}

/** The MAC of the entry that frames for all, and those for MACs that were not heard of, are sent by in a forwarding table. */
export const FLOOD_MAC = '00:00:00:00:00:00';
