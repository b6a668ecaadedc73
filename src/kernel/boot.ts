import { readFileSync } from 'node:fs';
import { hostname, release } from 'node:os';

/** Another after every boot: what the kernel holds was made under this one. */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** Seconds since the boot, sleep included, whatever happens to the clock on the wall (CLOCK_BOOTTIME). */
export const bootSeconds = (): number => Number.parseFloat(readFileSync('/proc/uptime', 'utf8'));

/** The host name, the release of the kernel and the boot id of this machine. */
export const hostIdentity = () => ({ name: hostname(), kernel: release(), bootId: bootId() });
