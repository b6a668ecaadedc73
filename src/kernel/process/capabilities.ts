import { readFileSync } from 'node:fs';

// linux/capability.h
const REQUIRED_CAPABILITIES = [
  ['CAP_NET_ADMIN', 12n],
  ['CAP_SYS_ADMIN', 21n],
] as const;

/** Null when this process may configure networks; otherwise the sentence that says what it lacks. */
export function missingCapabilities(): string | null {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const held = BigInt(`0x${effective}`);
  const missing = REQUIRED_CAPABILITIES.filter(([, bit]) => !((held >> bit) & 1n)).map(([name]) => name);
  if (missing.length === 0) return null;
  const needs = `netform needs root, or ${REQUIRED_CAPABILITIES.map(([name]) => name).join(' and ')}`;
  return missing.length === REQUIRED_CAPABILITIES.length
    ? needs
    : `${needs}; this process lacks ${missing.join(' and ')}`;
}
