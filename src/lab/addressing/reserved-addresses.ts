import type { Topology } from '../../model/topology.ts';
import { canonicalAddress, parseAddress } from '../../net/address.ts';

/** Numbers of all addresses that stand anywhere in the file, per family, conflists and host prefixes included: none of them is given out. */
export function collectReservedAddresses(topology: Topology): {
  readonly 4: ReadonlySet<bigint>;
  readonly 6: ReadonlySet<bigint>;
} {
  const found = { 4: new Set<bigint>(), 6: new Set<bigint>() };
  visitAddressTexts(topology, (text) => {
    const address = parseAddress(text);
    if (address) found[address.family].add(address.value);
  });
  return found;
}

const ADDRESS_TEXT = /^[0-9a-f.:]*[.:][0-9a-f.:]*(?:\/32|\/128)?$/i;

function visitAddressTexts(value: unknown, take: (address: string) => void): void {
  if (typeof value === 'string') {
    if (ADDRESS_TEXT.test(value)) take(stripHostLength(value));
  } else if (Array.isArray(value)) {
    for (const item of value) visitAddressTexts(item, take);
  } else if (isRecord(value)) {
    for (const key of Object.keys(value)) if (key !== 'at') visitAddressTexts(value[key], take);
  }
}

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null;

function stripHostLength(text: string): string {
  const [address = '', length] = text.split('/');
  return length === '32' && canonicalAddress(address)?.includes(':') ? '' : address;
}
