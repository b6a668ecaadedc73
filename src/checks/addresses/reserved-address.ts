import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { Topology } from '../../model/topology.ts';
import { formatAddress, parseAddress } from '../../net/address.ts';
import {
  firstAddress,
  formatPrefix,
  hostRange,
  lastAddress,
  networkPrefix,
  type Prefix,
  prefixesOverlap,
  requirePrefix,
  reservedAddressRole,
} from '../../net/prefix.ts';
import { type WrittenLinkAddress, writtenAddresses } from './written-addresses.ts';

type SpecialPrefix = { readonly prefix: Prefix; readonly first: bigint; readonly last: bigint; readonly words: string };

const special = (text: string, words: string): SpecialPrefix => {
  const prefix = requirePrefix(text);
  return { prefix, first: firstAddress(prefix), last: lastAddress(prefix), words };
};

const SPECIAL = [
  special('0.0.0.0/8', 'is an address of "this network"'),
  special('::/128', 'is the unspecified address'),
  special('224.0.0.0/4', 'is a multicast address'),
  special('ff00::/8', 'is a multicast address'),
  special('255.255.255.255/32', 'is the broadcast address of every network'),
];

const LOOPBACK = [special('127.0.0.0/8', 'is a loopback address'), special('::1/128', 'is the loopback address')];

const EVERYWHERE = [...SPECIAL, ...LOOPBACK];

/** An address that no interface can have, or a subnet without usable host addresses. */
export const reservedAddress: LabCheck = {
  name: 'reserved-address',
  code: 'NF2107',
  rank: 50,
  title: 'Reserved address',
  explain:
    'The address is the network or broadcast address of its subnet (for IPv6: the subnet-router anycast address), a multicast address, 0.0.0.0, or a loopback address outside `lo`. The kernel accepts most of them, and then nothing works.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan, address: 10.0.0.255 } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan, address: 10.0.0.254 } } }
`,
  find: (topology, lab) => [...writtenAddresses(topology, lab).flatMap(inAddress), ...inSubnets(topology)],
};

function inAddress(written: WrittenLinkAddress): readonly Diagnostic[] {
  const address = parseAddress(written.address);
  const reserved = (written.dev === 'lo' ? SPECIAL : EVERYWHERE).find(
    ({ prefix, first, last }) =>
      address && prefix.family === address.family && address.value >= first && address.value <= last,
  );
  if (reserved) {
    return [
      makeDiagnostic('reserved-address', atValue(written.at), `${written.address} ${reserved.words}`, {
        hint: reserved.words.includes('loopback')
          ? 'loopback addresses belong to lo; write an address of a private network, such as 10.0.0.1/24'
          : 'write an address that a host can have, such as 10.0.0.1/24',
      }),
    ];
  }
  const isAlone = written.dev === 'lo' || written.hasPeer;
  return written.prefix === null || isAlone ? [] : inSubnetOf(written, written.prefix);
}

function inSubnetOf(written: WrittenLinkAddress, text: string): readonly Diagnostic[] {
  const prefix = requirePrefix(text);
  const reserved = reservedAddressRole(prefix);
  if (!reserved) return [];
  const network = formatPrefix(networkPrefix(prefix));
  const { first, last } = hostRange(prefix);
  const role = prefix.family === 6 ? 'subnet-router anycast' : reserved;
  const host = (value: bigint) => formatAddress({ family: prefix.family, value });
  return [
    makeDiagnostic('reserved-address', atValue(written.at), `${written.address} is the ${role} address of ${network}`, {
      hint: `the hosts of ${network} are ${host(first)} to ${host(last)}`,
    }),
  ];
}

function inSubnets(topology: Topology): readonly Diagnostic[] {
  const written = [
    ...topology.subnets.flatMap(({ cidrs }) => cidrs),
    ...[topology.host, ...topology.namespaces].flatMap(({ bridges }) =>
      bridges.flatMap(({ subnets }) =>
        subnets.flatMap(({ value, at }) => ('prefix' in value ? [{ value: value.prefix, at }] : [])),
      ),
    ),
  ];
  return written.flatMap(({ value, at }) => {
    const subnet = requirePrefix(value);
    const reserved = EVERYWHERE.find(({ prefix }) => prefixesOverlap(prefix, subnet));
    if (!reserved) return [];
    return [
      makeDiagnostic(
        'reserved-address',
        atValue(at),
        `subnet ${value} overlaps ${formatPrefix(reserved.prefix)}, which hosts cannot use`,
        {
          hint: 'write a private network, such as 10.0.0.0/24 or fd00::/64',
        },
      ),
    ];
  });
}
