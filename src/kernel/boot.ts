import { readFileSync } from 'node:fs';

/** Another after every boot: what the kernel holds was made under this one. */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
