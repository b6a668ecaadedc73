import { hostname } from 'node:os';
import { bootId } from '../../boot.ts';
import { hasIpv6 } from '../../sysctl/sysctl.ts';
import { readEach } from '../need-reader.ts';

/** Reads what the kernel says about itself and the machine. */
export const machineReader = readEach<'machine'>(() => ({
  bootId: bootId(),
  hostname: hostname(),
  ipv6: hasIpv6(),
}));
