import { readFileSync } from 'node:fs';

/** Another after every boot: what the kernel holds was made under this one. */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** Seconds since the boot, sleep included, whatever happens to the clock on the wall (CLOCK_BOOTTIME). */
export const bootSeconds = (): number => Number.parseFloat(readFileSync('/proc/uptime', 'utf8'));
