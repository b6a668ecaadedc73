import { expect, test } from 'vitest';
import { decodeWireguardDevice } from '../../../src/kernel/netlink/links/wireguard/get-device.ts';
import { setWireguardMessages } from '../../../src/kernel/netlink/links/wireguard/set-device.ts';
import { decodeUapiGet, encodeUapiSet } from '../../../src/kernel/netlink/links/wireguard/uapi.ts';
import { encodeMessage } from '../../../src/kernel/netlink/message.ts';
import type { WireguardDevice } from '../../../src/model/kernel/wireguard.ts';
import { makeWireguardKey, wireguardKeyBytes, wireguardPublicKey } from '../../../src/net/keys/wireguard-key.ts';

const PRIVATE = 'aEJYRUSEWylmTxPGkmbhxAp3w0n8qhXI5/WLoLQLUU4=';
const PEER = '0gsO+thXAC5eWIrNJ8zVKkvwvGJaSUXOWlFQEM85sSU=';
const SHARED = 'RVTEmXekUSKKHjBFnpETFFqjWs8s+kTh3YuIGIQ6da4=';
const hexOf = (key: string): string => Buffer.from(key, 'base64').toString('hex');

const device: WireguardDevice = {
  privateKey: PRIVATE,
  listenPort: 51820,
  fwmark: 0,
  peers: [
    {
      publicKey: PEER,
      presharedKey: SHARED,
      endpoint: { address: 'fd00:1::2', port: 51821 },
      keepalive: 25,
      allowedIps: ['10.9.0.2/32', 'fd00:9::2/128'],
    },
  ],
};

test('the public key of a private one is the one that wg pubkey prints', () => {
  expect(wireguardPublicKey(PRIVATE)).toBe('kr0B6AWgXalpbkNKAzR/Ow8YCNqCzYRpbdfriUSJKlM=');
  expect(wireguardPublicKey('SKKHjBFnpETFFqjWs8s+kTh3YuIGIQ6da5RVTEmXekU=')).toBe(PEER);
  expect(wireguardPublicKey(PRIVATE.slice(4))).toBeNull();
});

test('a key that is made is one of X25519, and another each time', () => {
  const [one, other] = [makeWireguardKey(), makeWireguardKey()];
  const bytes = wireguardKeyBytes(one);
  expect([(bytes?.[0] ?? 1) & 7, (bytes?.[31] ?? 0) & 192]).toEqual([0, 64]);
  expect(other).not.toBe(one);
});

/** What wireguard-go 0.0.20220316 answered to `get=1`, after it was given the device by `encodeUapiSet`. */
const ANSWER = `private_key=${hexOf(PRIVATE)}
listen_port=51820
public_key=${hexOf(PEER)}
preshared_key=${hexOf(SHARED)}
protocol_version=1
endpoint=[fd00:1::2]:51821
last_handshake_time_sec=0
last_handshake_time_nsec=0
tx_bytes=148
rx_bytes=0
persistent_keepalive_interval=25
allowed_ip=10.9.0.2/32
allowed_ip=fd00:9::2/128
errno=0

`;

test('what a program in user space is told, and what it answers', () => {
  expect(encodeUapiSet({ ...device, gone: 'others' })).toBe(`set=1
private_key=${hexOf(PRIVATE)}
listen_port=51820
fwmark=0
replace_peers=true
public_key=${hexOf(PEER)}
preshared_key=${hexOf(SHARED)}
endpoint=[fd00:1::2]:51821
persistent_keepalive_interval=25
replace_allowed_ips=true
allowed_ip=10.9.0.2/32
allowed_ip=fd00:9::2/128

`);
  expect(decodeUapiGet(ANSWER)).toEqual(device);
  expect(decodeUapiGet('errno=-22\n\n')).toEqual({ errno: -22 });
  expect(decodeUapiGet(`private_key=${'0'.repeat(64)}\nerrno=0\n\n`)).toMatchObject({ privateKey: null, peers: [] });
});

const only = <T>([one]: readonly T[]): T => {
  if (one === undefined) throw new Error('nothing there');
  return one;
};

/** WG_CMD_SET_DEVICE by linux/wireguard.h and linux/netlink.h; `wg` would send the same values. */
const ATTRIBUTES = [
  ['0800', '0200', '77673000'],
  ['2400', '0300', hexOf(PRIVATE)],
  ['0600', '0600', '6cca0000'],
  ['0800', '0700', '00000000'],
  ['0800', '0500', '01000000'],
  ['c800', '0880'],
  ['c400', '0080'],
  ['2400', '0100', hexOf(PEER)],
  ['0800', '0300', '02000000'],
  ['2400', '0200', hexOf(SHARED)],
  ['2000', '0400', '0a00ca6d00000000fd000001000000000000000000000002', '00000000'],
  ['0600', '0500', '19000000'],
  ['4800', '0980'],
  ['1c00', '0080', '06000100', '02000000', '08000200', '0a090002', '05000300', '20000000'],
  ['2800', '0080', '06000100', '0a000000', '14000200', 'fd000009000000000000000000000002', '05000300', '80000000'],
].flat();

test('what the kernel is told is what its header says', () => {
  const whole = encodeMessage(only(setWireguardMessages(28, 'wg0', { ...device, gone: 'others' })), 1, 0);
  expect(whole.toString('hex', 4, 6)).toBe('1c00');
  expect(whole.toString('hex', 16, 20)).toBe('01010000');
  expect(whole.toString('hex', 20)).toBe(ATTRIBUTES.join(''));
});

test('what the kernel answers is read back, peers that go on in the next message too', () => {
  const body = Buffer.from(`00010000${ATTRIBUTES.join('')}`, 'hex');
  expect(decodeWireguardDevice([body])).toEqual(device);
  const [peer] = device.peers;
  const twice = decodeWireguardDevice([body, body]);
  expect(twice.peers).toEqual([{ ...peer, allowedIps: [...(peer?.allowedIps ?? []), ...(peer?.allowedIps ?? [])] }]);
});
