import { describe, expect, test } from 'vitest';
import { composeImporter } from '../../../src/import/formats/compose/index.ts';
import { containerlabImporter } from '../../../src/import/formats/containerlab/index.ts';
import type { FileImporter } from '../../../src/import/formats/file-importer.ts';
import type { ImportResult, JsonMap } from '../../../src/import/result.ts';
import { besideIt, labOfImport, yaml } from './imported.ts';

const importedBy = (importer: FileImporter, text: string): ImportResult => {
  const result = importer.convert(yaml(text), { lab: 'lab', lookup: () => undefined, fileAt: besideIt });
  labOfImport(result);
  return result;
};

type Taken = { readonly value: JsonMap; readonly leftOut: readonly string[]; readonly head: readonly string[] };

function taken(result: ImportResult): Taken {
  const value = (result.document['namespaces'] as JsonMap)['a'] as JsonMap;
  return { value, leftOut: result.leftOut.filter((line) => !/management network/.test(line)), head: result.head };
}

const node = (value: object): Taken =>
  taken(importedBy(containerlabImporter, JSON.stringify({ topology: { nodes: { a: value } } })));
const executing = (...exec: readonly string[]): Taken => node({ exec });
const service = (value: object): Taken =>
  taken(importedBy(composeImporter, JSON.stringify({ services: { a: { network_mode: 'none', ...value } } })));

describe('lines of exec that go on running are programs', () => {
  test.each([
    ['python3 -m http.server 80', { http: { command: 'python3 -m http.server 80', workdir: '/tmp' } }],
    [
      'sh -c "cd /tmp && nohup python3 -m http.server 80 >/dev/null 2>&1 &"',
      { http: { command: 'python3 -m http.server 80', workdir: '/tmp' } },
    ],
    ['iperf3 -s -D', { iperf3: 'iperf3 -s' }],
    ['iperf3 -sD --logfile /var/log/iperf3.log -p 5202', { iperf3: 'iperf3 -s -p 5202' }],
    ['nc -lk -p 80', { nc: 'nc -lk -p 80' }],
    ['socat TCP-LISTEN:7,fork EXEC:cat', { socat: 'socat TCP-LISTEN:7,fork EXEC:cat' }],
    ['bash -c "ip route show; ping 10.0.0.2 > /dev/null &"', { ping: 'ping 10.0.0.2' }],
    [
      'sh -c "while true; do date; sleep 1; done &"',
      { loop: { command: ['sh', '-c', 'while true; do date; sleep 1; done'] } },
    ],
    [
      `bash -c 'while :; do echo "a  b" | nc -l -p 80; done' &`,
      { loop: { command: ['bash', '-c', 'while :; do echo "a  b" | nc -l -p 80; done'] } },
    ],
    ['sh -c "yes | socat - UDP-LISTEN:9 &"', { socat: { command: ['sh', '-c', 'yes | socat - UDP-LISTEN:9'] } }],
    [
      'dnsmasq --interface=eth1 --dhcp-range=10.0.0.10,10.0.0.20',
      {
        dnsmasq:
          'dnsmasq --interface=eth1 --dhcp-range=10.0.0.10,10.0.0.20 --keep-in-foreground --pid-file= --conf-file=/dev/null --dhcp-leasefile=/tmp/dnsmasq.leases',
      },
    ],
    [
      'sh -c "/usr/bin/redis-server --port 1 & memcached -u root &"',
      { 'redis-server': '/usr/bin/redis-server --port 1', memcached: 'memcached -u root' },
    ],
    ['sh -c "iperf3 -s & iperf3 -s -p 5202 & wait"', { iperf3: 'iperf3 -s', 'iperf3-2': 'iperf3 -s -p 5202' }],
  ])('%s is a program', (line, run) => {
    const { value, leftOut } = executing(line);
    expect(value).toEqual({ run });
    expect(leftOut.filter((one) => !one.includes('ip route show'))).toEqual([]);
  });

  test.each([
    ...[
      'echo hello',
      'cp a b',
      'sshd',
      'nginx',
      'apk add iperf3',
      'vtysh -c "show ip route"',
      'ethtool -K eth1 tx off',
    ],
    ...['iperf3 -c 10.0.0.1', 'dnsmasq', 'dnsmasq -C /etc/image.conf', 'python3 -m http.server --directory /www 80'],
    ...['nc -lk -p 80 -e /bin/cat', 'nc -z 10.0.0.1 80', 'redis-server', './start.sh', 'python3 -m venv /x'],
    ...['cat <<EOF | nc -l 80', 'for i in 1 2'],
  ])('%s is not', (line) => {
    const { value, leftOut, head } = executing(line);
    expect(value).toEqual({});
    expect(leftOut).toEqual([`node a runs: ${line}`]);
    expect(head.join()).toContain('netform exec NODE -- COMMAND');
  });

  test.each([
    ...['echo hello', 'ping -c 3 10.0.0.1', 'nginx', 'python3 /app/main.py', '/app/server', 'curl http://10.0.0.1'],
    ...[
      'iperf3 -c 10.0.0.1',
      'tcpdump -i eth1 -w /tmp/x.pcap',
      'sh /start',
      'nc 10.0.0.1 80',
      'app $TOKEN',
      '(app)',
      'memcached -d',
      'timeout 5 yes',
    ],
  ])('%s in the background is not', (line) => {
    expect(executing(`sh -c '${line} &'`)).toMatchObject({ value: {}, leftOut: [`node a runs: ${line}`] });
  });

  test('a loop that ends is not, and its parts are read one by one', () => {
    const line = 'sh -c "while ! ping -c1 10.0.0.1; do sleep 1; done; sysctl -w net.ipv4.tcp_sack=0"';
    expect(executing(line)).toMatchObject({
      value: { sysctls: { 'net.ipv4.tcp_sack': 0 } },
      leftOut: ['while ! ping -c1 10.0.0.1', 'do sleep 1', 'done'].map((part) => `node a runs: ${part}`),
    });
    expect(executing('sh -c "while true; do ping -c1 b && break; done"').value).toEqual({});
  });

  test('a folder that a program is started in is kept where it has one', () => {
    const line = 'sh -c "cd /www && python3 -m http.server 80 &"';
    expect(executing(line)).toMatchObject({
      value: {},
      leftOut: ['node a runs: python3 -m http.server 80', 'node a runs: cd /www'],
    });
    const { value, leftOut } = node({ exec: [line.replace('/www', '/srv')], binds: ['app.conf:/srv/index.html'] });
    expect(leftOut).toEqual([]);
    expect(value).toEqual({
      run: { http: { command: 'python3 -m http.server 80', workdir: '/srv' } },
      files: { '/srv/index.html': { from: 'app.conf' } },
    });
  });

  test('of a node of another kind nothing is, for its commands are others', () => {
    expect(node({ kind: 'nokia_srlinux', exec: ['iperf3 -s'], cmd: 'iperf3 -s' })).toMatchObject({
      value: {},
      leftOut: ['node a: what a nokia_srlinux does', 'node a: cmd', 'node a runs: iperf3 -s'],
    });
  });
});

describe('what a container runs by itself', () => {
  test.each([
    [{ cmd: 'iperf3 -s' }, { command: ['iperf3', '-s'] }, { run: { iperf3: 'iperf3 -s' } }],
    [{ cmd: 'sleep infinity' }, { command: 'sleep infinity' }, {}],
    [{ cmd: 'tail -f /dev/null' }, { entrypoint: ['tail', '-f', '/dev/null'] }, {}],
    [{ entrypoint: 'nc', cmd: '-lk 80' }, { entrypoint: 'nc', command: ['-lk', '80'] }, { run: { nc: 'nc -lk 80' } }],
    [
      { cmd: 'sh -c "while true; do date; sleep 5; done"' },
      { command: ['sh', '-c', 'while true; do date; sleep 5; done'] },
      { run: { loop: { command: ['sh', '-c', 'while true; do date; sleep 5; done'] } } },
    ],
  ])('%j is taken over, by containerlab and Compose alike', (ofNode, ofService, value) => {
    const head = 'run' in value ? [expect.stringContaining('those of this machine, not of the images')] : [];
    expect(node(ofNode)).toEqual({ value, leftOut: [], head });
    expect(service(ofService)).toEqual({ value, leftOut: [], head });
  });

  test.each([
    'nginx -g "daemon off;"',
    '/bin/server',
    '-s',
    'sh -c "ip link set eth1 up; iperf3 -s"',
    'iperf3 -s -p $PORT',
  ])('%s is not', (line) => {
    expect(node({ cmd: line })).toMatchObject({ value: {}, leftOut: ['node a: cmd'] });
    expect(service({ command: line })).toMatchObject({ value: {}, leftOut: ['service a: command'] });
  });
});

describe('files that are bound into a container', () => {
  const binds = ['app.conf:/etc/app.conf:ro', './start.sh:/usr/local/bin/start.sh', '/lib/modules:/lib/modules'];
  const files = {
    '/etc/app.conf': { from: 'app.conf' },
    '/usr/local/bin/start.sh': { from: 'start.sh', mode: '0755' },
  };

  test('are files of the namespace; what is not there, or has no place, stays away', () => {
    const odd = ['missing.conf:/etc/missing.conf', 'app.conf:/proc/app', 'app.conf:/app.conf', 'data:/var/lib/x'];
    expect(node({ binds: [...binds, ...odd] })).toEqual({
      value: { files },
      leftOut: [`node a: binds ${odd.join(', ')}`],
      head: [],
    });
    expect(node({ binds: ['missing:/etc/missing'] }).leftOut).toEqual(['node a: binds']);
  });

  test('are so for the volumes of Compose, where names are volumes', () => {
    const long = { type: 'bind', source: './start.sh', target: '/usr/local/bin/start.sh' };
    const volumes = [
      './app.conf:/etc/app.conf',
      long,
      'app.conf:/etc/data',
      { type: 'volume', source: 'app.conf', target: '/x' },
    ];
    expect(service({ volumes })).toEqual({
      value: { files },
      leftOut: ['service a: volumes app.conf:/etc/data, app.conf:/x'],
      head: [],
    });
  });

  test('let a server that reads one of them be taken over', () => {
    const { value, leftOut } = node({ binds: binds.slice(0, 1), exec: ['dnsmasq -C /etc/app.conf'] });
    expect(leftOut).toEqual([]);
    expect(value['run']).toEqual({ dnsmasq: 'dnsmasq -C /etc/app.conf --keep-in-foreground --pid-file=' });
  });
});
