import { expect, test } from 'vitest';
import { LINK_TYPE } from '../../../src/model/kernel/packet.ts';
import { packetJson, packetText } from '../../../src/report/stream/packet.ts';

const MACS = 'ffffffffffff' + '024e46000001';
const V4 = (protocol: string) => `4500001c00000000 40${protocol}0000 0a070002 0a070003`;
const V6 = (next: string) =>
  `6000000000${'08'}${next}ff fe800000000000000000000000000001 ff020000000000000000000000000001`;

const cases: readonly (readonly [string, string, string])[] = [
  [
    'an ARP request',
    `${MACS} 0806 0001080006040001 024e46000001 0a070002 000000000000 0a070003`,
    '02:4e:46:00:00:01 > ff:ff:ff:ff:ff:ff  ARP who has 10.7.0.3, tell 10.7.0.2',
  ],
  [
    'an ARP reply',
    `${MACS} 0806 0001080006040002 024e46000001 0a070002 000000000000 0a070003`,
    '02:4e:46:00:00:01 > ff:ff:ff:ff:ff:ff  ARP 10.7.0.2 is at 02:4e:46:00:00:01',
  ],
  ['ICMP', `${MACS} 0800 ${V4('01')} 0800`, '10.7.0.2 > 10.7.0.3  ICMP echo request'],
  ['TCP', `${MACS} 0800 ${V4('06')} 1f900050 00000000 00000000 5012`, '10.7.0.2:8080 > 10.7.0.3:80  TCP SYN ACK'],
  ['UDP in a VLAN', `${MACS} 81000064 0800 ${V4('11')} 14e90035`, '10.7.0.2:5353 > 10.7.0.3:53  VLAN 100 UDP'],
  [
    'a later fragment',
    `${MACS} 0800 ${V4('11').replace('00000000 40', '000000b9 40')} 14e90035`,
    '10.7.0.2 > 10.7.0.3  fragment',
  ],
  ['IPv6', `${MACS} 86dd ${V6('11')} 02220223`, '[fe80::1]:546 > [ff02::1]:547  UDP'],
  ['IPv6 with options', `${MACS} 86dd ${V6('00')} 3a00050200000000 8f00`, 'fe80::1 > ff02::1  ICMPv6 listener report'],
  ['a neighbour solicitation', `${MACS} 86dd ${V6('3a')} 8700`, 'fe80::1 > ff02::1  ICMPv6 neighbour solicitation'],
  ['spanning tree', `0180c2000000 024e46000001 0026 424203`, '02:4e:46:00:00:01 > 01:80:c2:00:00:00  802.2'],
  ['an unknown type', `${MACS} 88cc 0207`, '02:4e:46:00:00:01 > ff:ff:ff:ff:ff:ff  type 0x88cc'],
  ['a frame cut short', `${MACS} 0800 4500`, '? > ?  shorter than it says'],
];

test.each(cases)('prints a packet: %s', (_, hex, said) => {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  const packet = { seconds: 1_700_000_000, nanoseconds: 123_456_789, length: bytes.length, bytes };
  const text = packetText(packet, LINK_TYPE.ethernet);
  expect(text.slice(text.indexOf('  ') + 2)).toBe(`${said}, ${bytes.length} bytes\n`);
  expect(text).toMatch(/^\d\d:\d\d:20\.123456 {2}/);
  expect(packetJson(packet, LINK_TYPE.ethernet)).toMatchObject({
    time: '2023-11-14T22:13:20.123Z',
    length: bytes.length,
  });
});

test('a device without Ethernet', () => {
  const bytes = Buffer.from(V4('2f').replaceAll(' ', ''), 'hex');
  const packet = { seconds: 0, nanoseconds: 0, length: bytes.length, bytes };
  expect(packetText(packet, LINK_TYPE.ip)).toContain('  10.7.0.2 > 10.7.0.3  GRE, 20 bytes\n');
});
