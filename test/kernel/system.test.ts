import { createSocket } from 'node:dgram';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { bootId } from '../../src/kernel/boot.ts';
import { tryFlock } from '../../src/kernel/files/flock.ts';
import { missingCapabilities } from '../../src/kernel/process/capabilities.ts';
import { runProgram } from '../../src/kernel/process/run-program.ts';
import { parseProcNetTable, readListeningSockets } from '../../src/kernel/read/listening-sockets.ts';
import type { Instruction } from '../../src/model/instruction.ts';
import { addBridge, addNetns, answerTo, executeAll, executeFailure, read, sh } from './kernel-fixture.ts';

const set = (netns: string, key: string, value: string): Instruction => ({ do: 'sysctl.set', netns, key, value });

test('sysctls are written and read in their namespace only', () => {
  executeAll(addNetns('red'));
  executeAll(addBridge('red', 'br.0'));
  const range = 'net/ipv4/ip_local_port_range';
  executeAll(
    set('red', 'net/ipv4/ip_forward', '1'),
    set('red', 'net/ipv4/conf/br.0/rp_filter', '2'),
    set('red', range, '2000 3000'),
  );
  expect(sh('ip netns exec red cat /proc/sys/net/ipv4/ip_forward')).toBe('1');
  expect(sh('cat /proc/sys/net/ipv4/ip_forward')).toBe('0');
  const keys = ['net/ipv4/conf/br.0/rp_filter', range, 'net/ipv4/conf/none/rp_filter'];
  const needs = keys.map((key) => ({ need: 'sysctl-value', netns: 'red', key }) as const);
  const live = read(...needs);
  expect(needs.map((need) => live.get(need))).toEqual(['2', '2000 3000', null]);
});

test('a tree of sysctls gives the key of every device', () => {
  executeAll(addNetns('red'));
  executeAll(addBridge('red', 'br0'));
  const values = answerTo({ need: 'device-sysctls', netns: 'red', key: 'net/ipv4/conf/*/forwarding' });
  const keys = [...(values?.keys() ?? [])].sort();
  expect(keys).toEqual(['all', 'br0', 'default', 'lo'].map((dev) => `net/ipv4/conf/${dev}/forwarding`));
});

test('only keys below net are touched', () => {
  for (const key of ['kernel/hostname', 'net/../kernel/hostname', 'net//ipv4', '/net/ipv4/ip_forward'])
    expect(executeFailure(set('host', key, 'x')).code).toBe('EINVAL');
  expect(executeFailure(set('host', 'net/ipv4/nonsense', '1')).message).toBe(
    'this kernel has no net/ipv4/nonsense here',
  );
  expect(executeFailure(set('host', 'net/ipv4/ip_forward', 'x')).message).toBe("the kernel refuses the value 'x'");
  const gone = 'net/ipv4/conf/gone/forwarding';
  executeAll({ do: 'sysctl.restore', netns: 'host', key: gone, value: '1' });
});

test('listening sockets are found where they listen', async () => {
  executeAll(addNetns('red'));
  const servers = await Promise.all(['127.0.0.1', '::'].map(listen));
  const ports = servers.map(({ port }) => port);
  const live = read({ need: 'listeners', netns: 'host' }, { need: 'listeners', netns: 'red' });
  expect(live.get({ need: 'listeners', netns: 'host' })).toEqual(
    expect.arrayContaining([
      { protocol: 'tcp', address: '127.0.0.1', port: ports[0] },
      { protocol: 'tcp', address: '::', port: ports[1] },
    ]),
  );
  expect(live.get({ need: 'listeners', netns: 'red' })).toEqual([]);
  for (const { close } of servers) close();
});

test('the kernel tells of the same sockets in its answer and in /proc/net', async () => {
  const servers = await Promise.all(['127.0.0.1', '::1', '::ffff:127.0.0.1'].map(listen));
  const datagrams = await Promise.all(['udp4', 'udp6'].map(bind));
  const told = readListeningSockets().map(({ protocol, address, port }) => `${protocol} ${address} ${port}`);
  const printed = ['tcp', 'udp'].flatMap((protocol) => {
    const state = protocol === 'tcp' ? '0A' : '07';
    const files = protocol === 'tcp' ? (['tcp', 'tcp6'] as const) : (['udp', 'udp6'] as const);
    return files.flatMap((file) =>
      parseProcNetTable({ file, state }).map((one) => `${protocol} ${one.address} ${one.port}`),
    );
  });
  expect(told.length).toBeGreaterThanOrEqual(5);
  expect(told.toSorted()).toEqual([...new Set(printed)].sort());
  for (const { close } of [...servers, ...datagrams]) close();
});

test('CNI plugins tell the versions that they speak', () => {
  const bridge = answerTo({ need: 'plugin', key: 'bridge' });
  expect(bridge).toMatchObject({ path: expect.stringMatching(/\/bridge$/), problem: null });
  expect(bridge?.versions).toContain('1.0.0');
  expect(answerTo({ need: 'plugin', key: 'none' })).toBe(null);
  expect(answerTo({ need: 'plugin', key: '../bridge' })).toBe(null);
});

test('a program gets a clean environment, no descriptor of ours, and an end', () => {
  const fd = openSync('/proc/thread-self/ns/net', 'r');
  const shell = (script: string, timeoutMs = 5000) =>
    runProgram({ file: '/bin/sh', args: ['-c', script], env: { ONE: '1' }, input: 'given', timeoutMs });
  expect(shell('env | cut -d= -f1 | sort | tr "\\n" " "; cat').stdout).toMatch(
    /^LC_ALL ONE PATH (?:PWD )?(?:SHLVL )?(?:_ )?given$/,
  );
  expect(shell('ls -l /proc/$$/fd').stdout).not.toContain('net:[');
  expect(shell('exit 3')).toMatchObject({ exitCode: 3, problem: null });
  expect(shell('sleep 5', 100).problem).toContain('timed out');
  expect(runProgram({ file: '/none', args: [], env: {}, input: '', timeoutMs: 100 }).problem).not.toBe(null);
  closeSync(fd);
});

test('a lock is held by one and freed by its end', () => {
  writeFileSync('/run/lock-test', '');
  const [one, two] = [openSync('/run/lock-test', 'r'), openSync('/run/lock-test', 'r')];
  expect(tryFlock(one)).toBe(true);
  expect(tryFlock(two)).toBe(false);
  closeSync(one);
  expect(tryFlock(two)).toBe(true);
  closeSync(two);
});

test('what cannot be read is an error with a code', () => {
  mkdirSync('/run/a-folder', { recursive: true });
  expect(() => answerTo({ need: 'file', key: '/run/a-folder' })).toThrow(
    expect.objectContaining({ code: 'E_READ', message: expect.stringContaining('cannot read the network state') }),
  );
});

test('this process may configure networks, and the boot has an id', () => {
  expect(missingCapabilities()).toBe(null);
  expect(bootId()).toMatch(/^[0-9a-f-]{36}$/);
});

async function bind(type: string): Promise<{ readonly close: () => void }> {
  const socket = createSocket(type === 'udp4' ? 'udp4' : 'udp6');
  await new Promise<void>((resolve) => socket.bind(0, resolve));
  return { close: () => socket.close() };
}

async function listen(host: string): Promise<{ readonly port: number; readonly close: () => void }> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, host, done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, close: () => void server.close() };
}
