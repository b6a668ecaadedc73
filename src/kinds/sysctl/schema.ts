import type { Spec } from '../../model/json.ts';

const values: Spec = { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } };

export const sysctlsSchema: Spec = {
  description:
    'Kernel settings of this namespace, as for `sysctl`: keys with dots or slashes, below `net`. Keys that exist only once a machine are errors.',
  ...values,
  examples: [{ 'net.ipv4.fib_multipath_hash_policy': 1 }, { 'net.ipv4.conf.eth0.proxy_arp': true }],
};

export const hostSysctlsSchema: Spec = {
  description: 'Kernel settings of the machine, below `net`. Destroy gives them their former values back.',
  ...values,
  examples: [{ 'net.ipv4.neigh.default.gc_thresh3': 4096 }],
};
