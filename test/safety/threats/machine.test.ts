import { describe, expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import { repository, withMachine } from '../../support/machine.ts';
import { pings } from '../../support/traffic.ts';
import { expectRefusal, topology } from './attacks.ts';

const redBlue = 'topologies/red-blue.yaml';

describe.concurrent('threat 12: the machine changes between plan and apply', () => {
  test('apply plans again, so what came meanwhile is seen', async () => {
    await withMachine(async (m) => {
      await runNetform(m, ['plan', redBlue]);
      await m.must('ip link add name v-net-0 type bridge');
      const before = await m.snapshot();
      await runNetform(m, ['apply', redBlue], { code: 7 });
      expect(await m.snapshot()).toBe(before);
    });
  });
});

describe('threat 21: a file that asks for too much', () => {
  const members = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join('\n');
  const eth0 = 'interfaces: { eth0: { bridge: lan, address: 10.0.0.2 } }';
  test('is refused with the number', async () => {
    await withMachine(async (m) => {
      await expectRefusal(m, [
        topology(`namespaces:\n${members(6001, (i) => `  n${i}: {}`)}`, 'NF2304'),
        topology(
          `bridges: { lan: { subnet: 10.0.0.0/8 } }\nnamespaces:\n${members(1100, (i) => `  n${i}: { interfaces: { eth0: { bridge: lan } } }`)}`,
          'NF2303',
        ),
        topology(
          'bridges: { lan: { subnet: 10.0.0.0/30, address: 10.0.0.1 } }\nnamespaces: { a: { interfaces: { eth0: { bridge: lan } } }, b: { interfaces: { eth0: { bridge: lan } } } }',
          'NF2108',
        ),
        topology(
          `bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }\nnamespaces: { a: { ${eth0}, publish: ["1-65536:1-65536"] } }`,
          'NF1014',
        ),
        topology(
          `bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }\nnamespaces: { a: { ${eth0}, publish: ["1-99999999999:80"] } }`,
          'NF1014',
        ),
      ]);
    });
  });

  test('all 65,535 ports, and the whole of IPv6 as a pool, are no list', async () => {
    await withMachine(async (m) => {
      const input = `version: 1\nname: wide\nbridges: { lan: { subnet: [10.0.0.0/8, "fd00::/8"], address: [10.0.0.1, "fd00::1"] } }\nnamespaces: { a: { interfaces: { eth0: { bridge: lan } }, publish: ["1-65535:1-65535"] } }\n`;
      const { stdout } = await runNetform(m, ['plan', '-', '--json'], { input });
      expect(stdout.length).toBeLessThan(100_000);
    });
  });
});

describe.concurrent("threat 22: other programs' things", () => {
  test.each(['docker0', 'cni0', 'virbr0'])('a bridge %s that is there already is not taken', async (name) => {
    await withMachine(async (m) => {
      await m.must(
        `ip link add name ${name} type bridge && ip addr add 172.17.0.1/16 dev ${name} && ip link set ${name} up && sleep 2`,
      );
      const input = `version: 1\nname: mine\nbridges: { ${name}: 10.0.0.0/24 }\n`;
      const before = await m.snapshot();
      for (const verb of ['plan', 'apply']) await runNetform(m, [verb, '-'], { input, code: 7 });
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('a subnet that the machine already reaches otherwise', async () => {
    await withMachine(async (m) => {
      await m.must(
        'ip link add name docker0 type bridge && ip addr add 172.17.0.1/16 dev docker0 && ip link set docker0 up && sleep 2',
      );
      await expectRefusal(m, [topology('bridges: { lan: { subnet: 172.17.5.0/24, address: 172.17.5.1 } }', 'NF3002')]);
    });
  });
});

describe.concurrent('threat 23: strings of the kernel on a terminal', () => {
  test('an alias, a comment and a hosts file that steer a terminal are written out', async () => {
    await withMachine(async (m) => {
      const evil = `"$(printf '\\033[2J\\033]0;owned\\007\\302\\233\\342\\200\\256x')"`;
      await m.must(`ip link add name v-net-0 type bridge && ip link set dev v-net-0 alias ${evil}
        ip netns add red && ip -n red link set dev lo alias ${evil}`);
      for (const args of [
        ['plan', redBlue],
        ['apply', redBlue],
        ['plan', redBlue, '--adopt'],
        ['plan', redBlue, '--json'],
      ]) {
        const { stdout, stderr } = await m.netform(args);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(stdout + stderr, args.join(' ')).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      }
    });
  });
});

describe.concurrent('threat 24: a namespace that turns against the machine', () => {
  test('nobody announces a router to it, nor to the bridge of the machine', async () => {
    await withMachine(async (m) => {
      await runNetform(m, ['apply', 'topologies/dual-stack/docker-bridge.yaml']);
      const read =
        'for k in /proc/sys/net/ipv6/conf/*/accept_ra; do case $k in */lo/*|*/all/*|*/default/*) ;; *) cat $k;; esac; done';
      expect(new Set((await m.must(read)).trim().split('\n'))).toEqual(new Set(['0']));
      const names = (await m.must('ls /run/netns')).trim().split('\n');
      for (const name of names) {
        const all = await m.must(
          `ip netns exec ${name} sh -c '${read}; cat /proc/sys/net/ipv4/conf/all/route_localnet'`,
        );
        expect(new Set(all.trim().split('\n')), name).toEqual(new Set(['0']));
      }
    });
  });
});

describe.concurrent("threat 25: the machine's own names", () => {
  const lab = (name: string) => `bridges: { lan: 10.7.0.0/24 }
namespaces: { ${name}: { interfaces: { eth0: { bridge: lan, address: 10.7.0.7 } } } }
host: { dns: { names: true } }`;
  test('a hosts file is not made to say something else about localhost, and no line comes in by a name', async () => {
    await withMachine(async (m) => {
      await expectRefusal(m, [
        topology(lab('localhost'), 'NF2501'),
        topology(lab('"a\\n6.6.6.6 bank.example"'), 'NF1012'),
        topology('namespaces: { red: { dns: { hosts: { localhost: 10.0.0.1 } } } }', 'NF2501'),
        topology('namespaces: { red: { dns: { hosts: { ip6-localhost: "fd00::1" } } } }', 'NF2501'),
        topology('namespaces: { red: { dns: { hosts: { "a b": 10.0.0.1 } } } }', 'NF1017'),
        topology('namespaces: { red: { dns: { hosts: { a: "10.0.0.1 b" } } } }', 'NF1013'),
        topology('namespaces: { red: { dns: { search: ["a\\noptions x"] } } }', 'NF1017'),
        topology('namespaces: { red: { dns: { options: ["x\\nnameserver 6.6.6.6"] } } }', 'NF1011'),
      ]);
    });
  });

  test("the machine's own name stays its own", async () => {
    await withMachine(async (m) => {
      const own = (await m.must('hostname')).trim();
      await expectRefusal(m, [topology(lab(own), 'NF3012')]);
    });
  });
});

describe.concurrent('a kernel without IPv6', () => {
  test('an IPv4 lab is made, and IPv6 in a lab is said to be impossible before anything is done', async () => {
    await withMachine(async (m) => {
      await m.must('mount -t tmpfs -o ro none /proc/sys/net/ipv6');
      await expectRefusal(m, [
        { args: ['apply', `${repository}topologies/dual-stack/red-blue.yaml`], exit: 3, code: 'NF3005' },
      ]);
      await runNetform(m, ['apply', redBlue]);
      await runNetform(m, ['plan', redBlue, '--exit-code']);
      expect(await pings(m, 'red', '192.168.15.5')).toBe(true);
      await runNetform(m, ['destroy', 'red-blue', '--yes']);
    });
  });
});
