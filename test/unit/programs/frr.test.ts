import { expect, test } from 'vitest';
import type { RouterData } from '../../../src/programs/router-data.ts';
import { frrConfiguration } from '../../../src/programs/router-frr-text.ts';

const session = { families: [4], isDirect: true, dev: null, accept: null } as const;
const router: RouterData = {
  routerId: '1.1.1.1',
  bgp: {
    asn: 65001,
    networks: ['10.9.10.0/24', 'fd69:10::/64'],
    connected: true,
    sessions: [
      { ...session, name: 'peer1v4', address: '10.9.12.2', asn: 65002, accept: ['10.9.0.0/16', '10.8.0.1/32'] },
      { ...session, name: 'peer2v6', address: 'fd00::2', families: [6], asn: 65003, isDirect: false, accept: [] },
      { ...session, name: 'peer3v4', address: '10.9.0.3', asn: 65001, isDirect: false },
      { ...session, name: 'peer4', address: 'fe80::2', dev: 'uplink', families: [4, 6], asn: 64512 },
    ],
  },
  ospf: { area: '0', interfaces: [{ dev: 'eth0', families: [4, 6] }], passive: ['lan0'] },
};

test('the configuration of zebra', () => {
  expect(frrConfiguration('zebra', router)).toBe('log stdout\nno zebra nexthop kernel enable\n');
});

test('the configuration of bgpd', () => {
  expect(frrConfiguration('bgpd', router)).toBe(`log stdout
router bgp 65001
 bgp router-id 1.1.1.1
 no bgp ebgp-requires-policy
 no bgp default ipv4-unicast
 no bgp network import-check
 timers bgp 3 9
 neighbor 10.9.12.2 remote-as 65002
 neighbor 10.9.12.2 timers connect 1
 neighbor fd00::2 remote-as 65003
 neighbor fd00::2 timers connect 1
 neighbor fd00::2 ebgp-multihop 255
 neighbor 10.9.0.3 remote-as 65001
 neighbor 10.9.0.3 timers connect 1
 neighbor uplink interface remote-as 64512
 neighbor uplink timers connect 1
 address-family ipv4 unicast
  network 10.9.10.0/24
  redistribute connected
  redistribute ospf
  neighbor 10.9.12.2 activate
  neighbor 10.9.12.2 next-hop-self
  neighbor 10.9.12.2 prefix-list peer1v4 in
  neighbor 10.9.0.3 activate
  neighbor 10.9.0.3 next-hop-self
  neighbor uplink activate
  neighbor uplink next-hop-self
 exit-address-family
 address-family ipv6 unicast
  network fd69:10::/64
  redistribute connected
  redistribute ospf6
  neighbor fd00::2 activate
  neighbor fd00::2 next-hop-self
  neighbor fd00::2 prefix-list peer2v6 in
  neighbor uplink activate
  neighbor uplink next-hop-self
 exit-address-family
exit
ip prefix-list peer1v4 seq 5 permit 10.9.0.0/16 le 32
ip prefix-list peer1v4 seq 10 permit 10.8.0.1/32
ip prefix-list peer1v4 seq 15 deny any
ipv6 prefix-list peer2v6 seq 5 deny any
`);
});

test('the configurations of ospfd and ospf6d', () => {
  expect(frrConfiguration('ospfd', router)).toBe(`log stdout
interface eth0
 ip ospf area 0
 ip ospf hello-interval 1
 ip ospf dead-interval 4
exit
interface lan0
 ip ospf area 0
 ip ospf passive
exit
router ospf
 ospf router-id 1.1.1.1
 redistribute bgp
exit
`);
  expect(frrConfiguration('ospf6d', router)).toBe(`log stdout
interface eth0
 ipv6 ospf6 area 0
 ipv6 ospf6 hello-interval 1
 ipv6 ospf6 dead-interval 4
exit
interface lan0
 ipv6 ospf6 area 0
 ipv6 ospf6 passive
exit
router ospf6
 ospf6 router-id 1.1.1.1
 redistribute bgp
exit
`);
});
