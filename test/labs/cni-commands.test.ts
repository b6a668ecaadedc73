import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { runNetform } from './run-netform.ts';

const bridge = (more: object = {}) => ({
  type: 'bridge',
  bridge: 'cni7',
  isGateway: true,
  ipam: { type: 'host-local', subnet: '10.27.0.0/24', routes: [{ dst: '0.0.0.0/0' }] },
  ...more,
});

const conflist = (name: string, more: object = {}) =>
  JSON.stringify({ cniVersion: '1.0.0', name, plugins: [bridge()], ...more }, null, 2);

test('lint names every mistake of a folder with its place, and the file that the kubelet uses', async () => {
  await withMachine(async (m) => {
    const write = (name: string, text: string) =>
      m.must(`mkdir -p /run/net.d && cat >/run/net.d/${name}`, { input: text });
    await write('50-good.conflist', conflist('good'));
    await write('notes.txt', '');
    const good = await runNetform(m, ['cni', 'lint', '/run/net.d']);
    expect(good.stdout).toBe(
      'The kubelet uses 50-good.conflist: of .conf, .conflist and .json the first by name.\nNever read, for their endings: notes.txt.\n',
    );
    expect(good.stderr).toBe('');
    await write('10-bad.conf', '{\n  "cniVersion": "1.0.0",\n}');
    await write(
      '20-new.conflist',
      conflist('new', { cniVersion: '1.1.0', plugins: [{ type: 'bridge', isGatway: true }] }),
    );
    await write('30-none.conflist', conflist('none', { plugins: [{ type: 'cilium-cni' }] }));
    await write('40-head.conf', JSON.stringify({ bridge: 'cni8', isGateway: true }));
    await write('60-twice.conflist', conflist('good', { plugins: [{ type: 'loopback' }] }));
    const bad = await runNetform(m, ['cni', 'lint', '/run/net.d'], { code: 3 });
    expect(bad.stdout).toContain(
      'The kubelet uses 10-bad.conf: of .conf, .conflist and .json the first by name.\nIt cannot be used as it is: containerd does not go on to the next file; CRI-O takes 50-good.conflist.\n',
    );
    for (const words of [
      '10-bad.conf:3:1: this is not JSON: expected double-quoted property name',
      '20-new.conflist:7:7: plugin bridge has no key isGatway',
      '20-new.conflist:2:17: warning: bridge on this machine does not support cniVersion 1.1.0',
      '30-none.conflist:6:15: warning: CNI plugin cilium-cni is not installed on this machine',
      '40-head.conf:1:1: the network has no name',
      '40-head.conf:1:1: there is no cniVersion',
      '40-head.conf:1:1: plugin 1 has no type',
      '60-twice.conflist:3:11: network good is also in /run/net.d/50-good.conflist',
    ])
      expect(bad.stderr).toContain(words);
    await m.must('mkdir /run/few && cp /usr/lib/cni/host-local /run/few');
    const env = { CNI_PATH: '/run/few' };
    const few = await runNetform(m, ['cni', 'lint', '/run/net.d/50-good.conflist'], { env });
    expect(few.stderr).toContain('apt-get install containernetworking-plugins');
    await runNetform(m, ['cni', 'lint', '/run/none'], { code: 2 });
  });
});
