import { createRequire } from 'node:module';
import { EXIT, netformError } from '../model/error.ts';
import { callError, sysError } from './errno.ts';

// asm-generic/socket.h, linux/netlink.h
const AF_NETLINK = 16;
export const SOCK_RAW = 3;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const SO_RCVBUFFORCE = 33;
const SO_NETNS_COOKIE = 71;
const CLONE_NEWNET = 0x40000000;
export const MSG_DONTWAIT = 0x40;
export const MSG_TRUNC = 0x20;
// sys/file.h, linux/mount.h
export const LOCK_EX = 2;
export const MS_BIND = 4096;
export const MS_REC = 16384;
export const MNT_DETACH = 2;
const CLOSE_RANGE_CLOEXEC = 4;
// fcntl.h, linux/mount.h, asm-generic/unistd.h (the same number on every architecture)
const AT_FDCWD = -100;
const O_CLOEXEC = 0o2000000;
const SYS_FSOPEN = 430;
const SYS_FSCONFIG = 431;
const SYS_FSMOUNT = 432;
const FSOPEN_CLOEXEC = 1;
const FSCONFIG_CMD_CREATE = 6;

type NativeArgument = number | string | Buffer | null | readonly (string | null)[];

const require = createRequire(import.meta.url);
const koffi = loadKoffi();
const libc = koffi.load(null);
const errnoNames = new Map(
  Object.entries(koffi.os.errno)
    .map(([name, number]) => [number, name] as const)
    .concat([
      [11, 'EAGAIN'],
      [35, 'EDEADLK'],
      [95, 'EOPNOTSUPP'],
    ]),
);

const native = {
  socket: systemCall('socket', 'int socket(int, int, int)'),
  bind: systemCall('bind', 'int bind(int, void*, uint32_t)'),
  setsockopt: systemCall('setsockopt', 'int setsockopt(int, int, int, void*, uint32_t)'),
  getsockopt: systemCall('getsockopt', 'int getsockopt(int, int, int, void*, void*)'),
  send: systemCall('send', 'int64_t send(int, void*, size_t, int)'),
  recv: systemCall('recv', 'int64_t recv(int, void*, size_t, int)'),
  openat: systemCall('openat', 'int openat(int, str, int, ...)'),
  read: systemCall('read', 'int64_t read(int, void*, size_t)'),
  write: systemCall('write', 'int64_t write(int, void*, size_t)'),
  syscall: systemCall('syscall', 'long syscall(long, ...)'),
  close: systemCall('close', 'int close(int)'),
  setns: systemCall('setns', 'int setns(int, int)'),
  unshare: systemCall('unshare', 'int unshare(int)'),
  mount: systemCall('mount', 'int mount(str, str, str, uint64_t, void*)'),
  umount2: systemCall('umount2', 'int umount2(str, int)'),
  flock: systemCall('flock', 'int flock(int, int)'),
  closeRange: systemCall('close_range', 'int close_range(uint32_t, uint32_t, int)'),
};

/** `EEXIST` of 17. Node's own table lacks EXFULL and ENOTUNIQ. */
export const errnoName = (errno: number): string => errnoNames.get(errno) ?? `E${errno}`;

/**
 * A netlink socket (`protocol`: NETLINK_*, linux/netlink.h) of the thread's present namespace, close-on-exec, bound to an
 * address of the kernel's choice. `groups`: the notifications that it receives (linux/rtnetlink.h, RTMGRP_*).
 */
export function netlinkSocket(protocol: number, groups: number): number {
  const fd = native.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  const address = Buffer.alloc(12);
  address.writeUInt16LE(AF_NETLINK, 0);
  address.writeUInt32LE(groups, 8);
  native.bind(fd, address, address.length);
  return fd;
}

/** Sets an option whose value is one `int`. */
export function setSocketOption(fd: number, [level, name]: readonly [number, number], value: number): void {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  native.setsockopt(fd, level, name, buffer, 4);
}

/** The identity of a socket's namespace within one boot, in decimal; null before Linux 5.14. */
export function netnsCookie(fd: number): string | null {
  const value = Buffer.alloc(8);
  const length = Buffer.from([8, 0, 0, 0]);
  try {
    native.getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, value, length);
  } catch {
    return null;
  }
  return value.readBigUInt64LE().toString();
}

/** Sends one datagram whole. */
export function sendDatagram(fd: number, datagram: Buffer): void {
  const sent = native.send(fd, datagram, datagram.length, 0);
  if (sent !== datagram.length) throw sysError('EMSGSIZE', `only ${sent} of ${datagram.length} bytes were sent`);
}

/** Receives one datagram without waiting; its whole length, also when the buffer was too small for it. EAGAIN when there is none. */
export const receiveDatagram = (fd: number, into: Buffer): number =>
  native.recv(fd, into, into.length, MSG_DONTWAIT | MSG_TRUNC);

/**
 * A folder that is a new instance of procfs, or of sysfs as the thread's present namespace has it, mounted nowhere; null when
 * this process, or this kernel, may not have one.
 */
export function openPrivateFilesystem(type: 'proc' | 'sysfs'): number | null {
  try {
    const context = native.syscall(SYS_FSOPEN, 'str', type, 'uint', FSOPEN_CLOEXEC);
    try {
      native.syscall(SYS_FSCONFIG, 'int', context, 'uint', FSCONFIG_CMD_CREATE, 'void*', null, 'void*', null, 'int', 0);
      return native.syscall(SYS_FSMOUNT, 'int', context, 'uint', FSOPEN_CLOEXEC, 'uint', 0);
    } finally {
      closeFd(context);
    }
  } catch {
    return null;
  }
}

/** Opens a file by its path below a folder (null: the root of all), close-on-exec. `flags` as in fcntl.h. */
export const openAt = (folder: number | null, path: string, flags: number): number =>
  native.openat(folder ?? AT_FDCWD, cString(path), flags | O_CLOEXEC);

/** Reads what one call gives; the number of bytes. */
export const readBuffer = (fd: number, buffer: Buffer): number => native.read(fd, buffer, buffer.length);

/** Writes with one call; the number of bytes that were taken. */
export const writeBuffer = (fd: number, buffer: Buffer): number => native.write(fd, buffer, buffer.length);

/** Closes a file descriptor. */
export const closeFd = (fd: number): void => void native.close(fd);

/** Moves this thread into the network namespace of a file descriptor. Only for `netns.ts`. */
export const enterNetns = (fd: number): void => void native.setns(fd, CLONE_NEWNET);

/** Moves this thread into a new network namespace. Only for `netns.ts`. */
export const unshareNetns = (): void => void native.unshare(CLONE_NEWNET);

/** mount(2) without a type or data. `flags` as in linux/mount.h. */
export const mount = (source: string, target: string, flags: number): void =>
  void native.mount(cString(source), cString(target), 'none', flags, null);

/** Unmounts what is mounted at a path; `flags` as in umount2(2). */
export const unmount = (target: string, flags: number): void => void native.umount2(cString(target), flags);

/** flock(2). EAGAIN when another has it and `operation` has LOCK_NB. */
export const flock = (fd: number, operation: number): void => void native.flock(fd, operation);

/** Marks every descriptor above standard error close-on-exec: libnftables opens sockets that are not. */
export const setCloseOnExec = (): void => void native.closeRange(3, 0xffffffff, CLOSE_RANGE_CLOEXEC);

/**
 * Gives calls of a shared library (the first of `files` that is there) by their definition in C; null when it is not
 * installed. Only for files of this folder, which wrap them in types.
 */
export function openLibrary(
  files: readonly string[],
): ((definition: string) => (...values: readonly unknown[]) => unknown) | null {
  for (const file of files) {
    const library = tryLoad(file);
    if (library !== null) return (definition) => library.func(definition);
  }
  return null;
}

function tryLoad(file: string) {
  try {
    return koffi.load(file);
  } catch {
    return null;
  }
}

/** A string of C: a NUL would cut it silently. */
export function cString(value: string): string {
  if (value.includes('\0')) throw sysError('EINVAL', 'a text for the system holds a NUL byte');
  return value;
}

/**
 * A call of libc that gives −1 and errno on failure; repeated on EINTR. errno must be read before any other call. Only for
 * files of this folder, which wrap it in types: the call itself checks nothing.
 */
export function systemCall(name: string, definition: string): (...values: readonly NativeArgument[]) => number {
  const call = libc.func(definition);
  return (...values) => {
    for (;;) {
      const result = Number(call(...values));
      if (result >= 0) return result;
      const code = errnoName(koffi.errno());
      if (code !== 'EINTR') throw callError(name, code);
    }
  };
}

/** Such a call in another thread, which may wait there as long as it likes; −1 on failure. The buffers have to stay alive. */
export function backgroundCall(definition: string): (...values: readonly NativeArgument[]) => Promise<number> {
  const call = libc.func(definition);
  return (...values) =>
    new Promise((resolve, reject) => {
      call.async(...values, (error: unknown, result: unknown) => (error ? reject(error) : resolve(Number(result))));
    });
}

function loadKoffi(): typeof import('koffi') {
  try {
    return loadNative() ?? require('koffi');
  } catch (error) {
    throw netformError('E_ENV', EXIT.internal, 'the native part of koffi cannot be loaded on this machine', {
      hint: 'install netform again, with its optional packages (no --omit=optional)',
      details: [String(error)],
    });
  }
}

/**
 * Where npm puts it for most machines. koffi's own way to it leads past every libc and every place that there is, by way of
 * five files to be compiled, at each start; it is taken where this one does not lead to what is wanted.
 */
function loadNative(): typeof import('koffi') | null {
  const { platform, arch } = process;
  try {
    const native = require(`@koromix/koffi-${platform}-${arch}/${platform}_${arch}/koffi.node`);
    return String(native.version).startsWith('3.') ? native : null;
  } catch {
    return null;
  }
}
