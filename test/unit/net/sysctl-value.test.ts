import { expect, test } from 'vitest';
import { sameSysctlValue } from '../../../src/net/sysctl-value.ts';

test.each([
  ['net/ipv4/ip_local_reserved_ports', '30000-32767,10250', '10250,30000-32767'],
  ['net/ipv4/ip_local_reserved_ports', '8080 8081,8082', '8080-8082'],
  ['net/ipv4/ip_local_port_range', '2000\t3000', '2000 3000'],
  ['net/ipv4/ip_local_port_range', '0x7d0 3000', '2000 3000'],
  ['net/ipv4/tcp_sack', '0x1', '1'],
  ['net/ipv4/ip_default_ttl', '0100', '64'],
  ['net/ipv4/tcp_allowed_congestion_control', 'reno cubic', 'cubic reno'],
  ['net/core/rps_default_mask', '0x03', '3'],
  ['net/core/flow_limit_cpu_bitmap', '00000000,00000001', '1'],
  ['net/ipv6/conf/eth0/stable_secret', '2001:0DB8::1', '2001:db8::1'],
])('F07: %s means the same as %s and as %s', (key, written, shown) => {
  expect(sameSysctlValue(key, written, shown)).toBe(true);
});

test.each([
  ['net/ipv4/ip_local_reserved_ports', '10250,30000-32767', '10250,30000-32766'],
  ['net/ipv4/ip_local_reserved_ports', '', '1'],
  ['net/ipv4/ip_local_port_range', '2000 3000', '3000 2000'],
  ['net/ipv4/tcp_congestion_control', 'reno', 'cubic'],
  ['net/ipv4/ip_default_ttl', '-1', '1'],
])('F07: %s: %s is another value than %s', (key, written, shown) => {
  expect(sameSysctlValue(key, written, shown)).toBe(false);
});
