/** linux/wireguard.h: commands, flags, and the numbers of attributes by what they are nested in. */
export const WIREGUARD = {
  version: 1,
  getDevice: 0,
  setDevice: 1,
  /** WGDEVICE_F_REPLACE_PEERS */
  replacePeers: 1,
  /** WGPEER_F_REMOVE_ME */
  removePeer: 1,
  /** WGPEER_F_REPLACE_ALLOWEDIPS */
  replaceAllowedIps: 2,
  device: { ifname: 2, privateKey: 3, flags: 5, listenPort: 6, fwmark: 7, peers: 8 },
  peer: { publicKey: 1, presharedKey: 2, flags: 3, endpoint: 4, keepalive: 5, lastHandshake: 6, allowedIps: 9 },
  allowedIp: { family: 1, address: 2, length: 3 },
} as const;

/** Bytes of every key. */
export const KEY_BYTES = 32;
