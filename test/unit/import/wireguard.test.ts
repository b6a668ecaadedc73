import { expect, test } from 'vitest';
import { importLive } from '../../../src/import/live.ts';
import type { ImportFacts } from '../../../src/model/kernel/import-facts.ts';
import { linkKinds } from '../../../src/registry/kinds.ts';
import { addLink, addNetns, netnsOf } from '../../support/fake/world.ts';
import { fakeMachine } from '../../support/fake-machine.ts';
import { labOfImport } from './imported.ts';

const KEY = 'aEJYRUSEWylmTxPGkmbhxAp3w0n8qhXI5/WLoLQLUU4=';
const PEER = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=';

const FORWARDING = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'];

test('a device of WireGuard is described without its keys, and they are listed', () => {
  const machine = fakeMachine();
  addNetns(machine.world, 'red');
  const link = addLink(netnsOf(machine.world, 'red'), 'wg0', { kind: 'wireguard', mac: '', mtu: 1420, group: 0 });
  Object.assign(link, { up: true, options: { program: null } });
  link.wireguard = {
    ...{ privateKey: KEY, listenPort: 51820, fwmark: 0 },
    peers: [
      {
        ...{ publicKey: PEER, presharedKey: KEY, keepalive: 25, allowedIps: ['10.9.0.2/32', 'fd00:9::2/128'] },
        endpoint: { address: 'fd00:50::2', port: 51821 },
      },
    ],
  };
  const names = ['host', 'red'];
  const live = machine.read(
    names.flatMap((netns) => [
      { need: 'namespace', netns } as const,
      { need: 'wireguard-links', netns } as const,
      { need: 'queues', netns } as const,
      { need: 'ruleset', netns } as const,
      { need: 'neighbours', netns } as const,
      { need: 'forwarding-entries', netns } as const,
      { need: 'multicast-entries', netns } as const,
      ...FORWARDING.map((key) => ({ need: 'sysctl-value', netns, key }) as const),
    ]),
  );
  const facts: ImportFacts = {
    live,
    namespaces: ['red'],
    sysctls: new Map(),
    writtenMacs: new Map(),
    files: [],
    switches: [],
  };
  const choice = { name: 'imported', host: 'touched', ports: 'exact', purpose: 'adopt' } as const;
  const imported = importLive(facts, choice, linkKinds);
  expect(imported.document['namespaces']).toMatchObject({
    red: {
      interfaces: {
        wg0: {
          wireguard: {
            listenPort: 51820,
            peers: [
              {
                publicKey: PEER,
                endpoint: '[fd00:50::2]:51821',
                allowedIPs: ['10.9.0.2/32', 'fd00:9::2/128'],
                keepalive: '25s',
              },
            ],
          },
        },
      },
    },
  });
  expect(JSON.stringify(imported)).not.toContain(KEY);
  expect(imported.leftOut).toEqual([
    'link wg0 of red: its private key, which it keeps when it is adopted',
    `link wg0 of red: the preshared key with ${PEER}, which needs a file`,
  ]);
  expect(labOfImport(imported).links.map(({ kind }) => kind)).toEqual(['wireguard']);
});
