import { parseAddress } from './address.ts';

/** 127.0.0.0/8 or ::1. False for text that is not an address. */
export function isLoopback(text: string): boolean {
  const address = parseAddress(text);
  if (!address) return false;
  return address.family === 4 ? address.value >> 24n === 127n : address.value === 1n;
}
