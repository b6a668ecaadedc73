import { expect, test } from 'vitest';
import { type Machine, withMachine } from '../support/machine.ts';

const LAB = `version: 1
name: pair
bridges: { sw: { subnet: [10.7.0.0/24, "fd00:7::/64"] } }
namespaces:
  red: { interfaces: { eth0: { bridge: sw } } }
  blue: { interfaces: { eth0: { bridge: sw } } }
`;

/** Pings of both families, UDP and TCP to blue, and pings of red to itself, all the time. */
const TRAFFIC = `ping -4 -n -i0.1 blue & ping -6 -n -i0.1 fd00:7::2 & ping -n -i0.1 127.0.0.1 &
while sleep 0.1; do echo x > /dev/udp/10.7.0.2/53; : < /dev/tcp/10.7.0.2/80; done`;

const withTraffic = (body: (m: Machine) => Promise<void>) => () =>
  withMachine(async (m) => {
    await m.must('mkdir -p /run/work');
    expect(await m.netform(['apply', '-'], { input: LAB })).toMatchObject({ code: 0 });
    m.start(['ip', 'netns', 'exec', 'red', 'bash', '-c', TRAFFIC]);
    await body(m);
  });

const ICMP = /10\.7\.0\.[12] > 10\.7\.0\.[12] {2}ICMP /;
const UDP = /10\.7\.0\.1:\d+ > 10\.7\.0\.2:53 {2}UDP/;
const TCP = /10\.7\.0\.[12]:\d+ > 10\.7\.0\.[12]:\d+ {2}TCP /;

test(
  'capture takes what a filter says, and nothing else',
  withTraffic(async (m) => {
    const heard = async (...words: readonly string[]) => {
      const { code, stdout, stderr } = await m.netform([
        'capture',
        '--text',
        '--count',
        '12',
        '--seconds',
        '20',
        ...words,
      ]);
      expect({ code, stderr }, words.join(' ')).toEqual({ code: 0, stderr: '12 packets\n' });
      return stdout.trimEnd().split('\n');
    };
    const kinds = (lines: readonly string[]) =>
      new Set([ICMP, UDP, TCP].filter((kind) => lines.some((line) => kind.test(line))));
    const foreign = (lines: readonly string[], ...wanted: readonly RegExp[]) =>
      lines.filter((line) => !wanted.some((kind) => kind.test(line)));

    const everything = await heard('blue:eth0', 'ip');
    expect(kinds(everything).size, everything.join('\n')).toBe(3);
    expect(foreign(await heard('blue:eth0', 'udp', 'port', '53'), UDP)).toEqual([]);
    expect(foreign(await heard('blue:eth0', 'tcp port 80 and host red'), TCP)).toEqual([]);
    const either = await heard('host:sw', 'udp or icmp[icmptype] = icmp-echo');
    expect(foreign(either, UDP, /10\.7\.0\.1 > 10\.7\.0\.2 {2}ICMP echo request/)).toEqual([]);
    expect(kinds(either).size).toBe(2);
    const replies = await heard('blue:eth0', '--', 'icmp6 and ip6[40] = 129');
    expect(foreign(replies, /fd00:7::2 > fd00:7::1 {2}ICMPv6 echo reply/)).toEqual([]);
    expect(foreign(await heard('red:lo', 'not', 'host', '10.7.0.1'), /127\.0\.0\.1 > 127\.0\.0\.1 {2}ICMP/)).toEqual(
      [],
    );
    expect((await m.netform(['capture', 'blue:eth0', 'port 9', '--seconds', '1'])).stderr).toBe('0 packets\n');
  }),
);

test(
  'a filter that is wrong, or cannot be compiled, is refused with the reason',
  withTraffic(async (m) => {
    const capture = (...words: readonly string[]) => m.netform(['capture', 'blue:eth0', '--seconds', '1', ...words]);
    expect(await capture('prot', '53')).toMatchObject({
      ...{ code: 2, stdout: '' },
      stderr: expect.stringContaining("netform: can't parse filter expression: syntax error"),
    });
    const long = Array.from({ length: 5000 }, (_, i) => `ether[10:4] = ${i}`).join(' or ');
    expect((await capture(long)).stderr).toMatch(/the filter is too long for the kernel: \d+ instructions/);
    await m.must('for file in $(ldconfig -p | grep -o "/.*libpcap.so.*"); do mount --bind /dev/null $file; done');
    expect(await capture('icmp')).toMatchObject({
      ...{ code: 2, stdout: '' },
      stderr: expect.stringMatching(/libpcap is not installed[\s\S]*libpcap0\.8/),
    });
    expect((await capture()).code).toBe(0);
  }),
);
