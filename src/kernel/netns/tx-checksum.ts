import { systemCall } from '../libc.ts';

// linux/sockios.h, linux/ethtool.h, linux/if.h
const SIOCETHTOOL = 0x8946;
const ETHTOOL_GTXCSUM = 0x16;
const ETHTOOL_STXCSUM = 0x17;
const IFNAMSIZ = 16;
/** More than struct ifreq has, and enough that V8 never moves it. */
const REQUEST_LENGTH = 256;
const VALUE_AT = 128;

const native = {
  ioctl: systemCall('ioctl', 'int ioctl(int, unsigned long, ...)'),
  memmove: systemCall('memmove', 'int64_t memmove(void*, void*, size_t)'),
};

/** Whether a link leaves the checksums of what it sends to its device. `socket`: of its namespace. Throws ENODEV. */
export const readsTxChecksum = (socket: number, name: string): boolean =>
  request(socket, name, [ETHTOOL_GTXCSUM, 0]) !== 0;

/** Has a link leave the checksums of what it sends to its device, or write them itself. Throws ENODEV. */
export const setTxChecksum = (socket: number, name: string, isOffloaded: boolean): void =>
  void request(socket, name, [ETHTOOL_STXCSUM, Number(isOffloaded)]);

/** struct ifreq with the name and the address of a struct ethtool_value. */
function request(socket: number, name: string, [command, value]: readonly [number, number]): number {
  const buffer = Buffer.alloc(REQUEST_LENGTH);
  buffer.write(name.slice(0, IFNAMSIZ - 1));
  const address = native.memmove(buffer, buffer, 0);
  buffer.writeBigUInt64LE(BigInt(address + VALUE_AT), IFNAMSIZ);
  buffer.writeUInt32LE(command, VALUE_AT);
  buffer.writeUInt32LE(value, VALUE_AT + 4);
  native.ioctl(socket, SIOCETHTOOL, 'void*', buffer);
  return buffer.readUInt32LE(VALUE_AT + 4);
}
