import { expect, test } from 'vitest';
import { haproxy } from '../support/fetched-programs.ts';
import { withMachine } from '../support/machine.ts';
import { requestsDuring } from '../support/requests.ts';
import { runNetform } from './run-netform.ts';

const LAB = `version: 1
name: shop
bridges: { lan: 10.68.1.0/24 }
namespaces:
  web: { interfaces: { eth0: { bridge: lan, address: 10.68.1.2 } }, answers: [80] }
  edge:
    interfaces: { eth0: { bridge: lan, address: 10.68.1.3 } }
    ingress:
      listen: { port: 443, tls: { certificate: certs/shop.pem } }
      rules: [{ host: shop.lab.test, to: "web:80" }]
      default: "web:80"
  client: { interfaces: { eth0: { bridge: lan, address: 10.68.1.4 } } }
dns: { hosts: { shop.lab.test: edge } }
`;

/** A CA, a key, and two certificates of it: each with another number. */
const MAKE = `mkdir -p /run/lab/certs && cd /run/lab/certs
for one in ca key; do openssl ecparam -name prime256v1 -genkey -noout -out $one.pem; done
openssl req -x509 -key ca.pem -subj /CN=ca -out ca.crt
openssl req -new -key key.pem -subj /CN=shop.lab.test -addext subjectAltName=DNS:shop.lab.test -out key.csr
for n in 7 8; do openssl x509 -req -in key.csr -CA ca.crt -CAkey ca.pem -set_serial $n -copy_extensions copy -out $n.crt; done
cat key.pem 7.crt >shop.pem`;

test.skipIf(haproxy.missing !== null)(
  `a certificate beside the topology is served, another one without a lost request, and a missing one is refused (${haproxy.missing ?? 'real'})`,
  () =>
    withMachine(async (m) => {
      await haproxy.install(m);
      await m.must(MAKE);
      await m.must('cat >/run/lab/shop.yaml', { input: LAB });
      const file = '/run/lab/shop.yaml';
      await runNetform(m, ['enable', file]);
      const planned = await runNetform(m, ['plan', file, '--full', '--json']);
      await runNetform(m, ['apply', file]);
      const serial = () =>
        m.must(
          'ip netns exec client openssl s_client -connect 10.68.1.3:443 -servername shop.lab.test </dev/null 2>/dev/null | openssl x509 -noout -serial',
        );
      expect(await serial()).toBe('serial=07\n');

      const url = 'https://shop.lab.test/';
      const pid = await m.must('pgrep -o haproxy');
      const { asked, failed, failures } = await requestsDuring(m, 'client', url, {
        least: 300,
        keepAlive: false,
        ca: '/run/lab/certs/ca.crt',
        change: async () => {
          await m.must('cd /run/lab/certs && cat 8.crt key.pem >shop.pem');
          expect((await runNetform(m, ['apply', file])).stdout).toContain('read again');
          for (let tries = 0; tries < 100 && (await serial()) !== 'serial=08\n'; tries += 1);
        },
      });
      expect({ failed, failures }).toEqual({ failed: 0, failures: [] });
      expect(asked).toBeGreaterThanOrEqual(300);
      expect(await serial()).toBe('serial=08\n');
      expect(await m.must('pgrep -o haproxy')).toBe(pid);
      expect((await runNetform(m, ['plan', file])).stdout).toMatch(/Nothing to do\.$/m);

      // Its key is in no record, no answer, and no command line.
      const [, secret = 'none'] = (await m.must('cat /run/lab/certs/key.pem')).split('\n');
      expect(planned.stdout + (await runNetform(m, ['show', 'shop', '--json'])).stdout).not.toContain(secret);
      expect(await m.must(`grep -rlsF '${secret}' /var/lib/netform | grep -vE '/(blobs|last-good)/' || true`)).toBe('');

      // What is kept for the next boot has it, too.
      await m.must('mv /run/lab /run/away');
      await runNetform(m, ['destroy', 'shop', '--yes']);
      expect((await runNetform(m, ['boot', '--all'])).stderr).toContain('applied what was applied last');
      expect(await serial()).toBe('serial=08\n');
      await runNetform(m, ['disable', 'shop']);
      await runNetform(m, ['destroy', 'shop', '--yes']);
      await m.must('mv /run/away /run/lab && rm /run/lab/certs/shop.pem');
      const { stderr } = await runNetform(m, ['plan', file], { code: 3 });
      expect(stderr).toContain('/run/lab/certs/shop.pem cannot be read [NF3074]');
      expect(await m.must('ip netns list; pgrep haproxy || true')).toBe('');
    }),
);

const TWO = `version: 1
name: two
bridges: { lan: { subnet: 10.68.2.0/24, address: 10.68.2.1 } }
host: { ingress: { listen: { port: 443, tls: { hosts: [machine.lab.test] } }, default: "web:80" } }
namespaces:
  web: { interfaces: { eth0: { bridge: lan, address: 10.68.2.2 } }, answers: [80] }
  edge:
    interfaces: { eth0: { bridge: lan, address: 10.68.2.3 } }
    ingress: { listen: { port: 443, tls: { hosts: [edge.lab.test] } }, default: "web:80" }
  client: { interfaces: { eth0: { bridge: lan, address: 10.68.2.4 } } }
dns: { hosts: { edge.lab.test: 10.68.2.3, new.lab.test: 10.68.2.3, machine.lab.test: 10.68.2.1 } }
`;

test.skipIf(haproxy.missing !== null)(
  `one CA signs for all proxies of a lab, the machine's too, and its key is in no record and on no command line (${haproxy.missing ?? 'real'})`,
  () =>
    withMachine(async (m) => {
      await haproxy.install(m);
      const before = await m.snapshot();
      const said: string[] = [];
      const run = async (args: readonly string[], input?: string) => {
        const { stdout, stderr } = await runNetform(m, args, input === undefined ? {} : { input });
        said.push(stdout + stderr);
        return stdout;
      };
      await run(['plan', '-', '--full', '--json'], TWO);
      // Keys that a saved plan has not are made when it is applied.
      await m.must('cat >/run/two.yaml', { input: TWO });
      await run(['plan', '/run/two.yaml', '-o', '/run/two.plan']);
      await run(['apply', '/run/two.plan', '--yes']);
      const ca = await run(['ca', 'two']);
      await m.must('cat >/run/ca.pem', { input: ca });
      const answers = async (host: string) =>
        (await m.sh(`ip netns exec client curl -s --cacert /run/ca.pem https://${host}.lab.test/`)).stdout.includes(
          'Name: web',
        );
      expect([await answers('edge'), await answers('machine'), await answers('new')]).toEqual([true, true, false]);

      // Another name is taken over by the process that runs; the CA stays, after a reboot too.
      const pid = await m.must('pgrep -of ingress/haproxy.cfg');
      const more = TWO.replace('[edge.lab.test]', '[edge.lab.test, new.lab.test]');
      expect(await run(['apply', '-'], more)).toContain('read again');
      expect(await answers('new')).toBe(true);
      expect(await m.must('pgrep -of ingress/haproxy.cfg')).toBe(pid);
      const keys = await m.must('cat /run/netform/labs/two/host/ca.key /run/netform/labs/two/edge/ingress/443.pem');
      await m.must('rm /run/netform/labs/two/host/ca.*');
      expect(await run(['apply', '-'], more)).toContain('Applied');
      expect(await run(['ca', 'two'])).toBe(ca);
      expect(await run(['plan', '-'], more)).toMatch(/Nothing to do\.$/m);

      await run(['show', 'two', '--json']);
      const lines = keys
        .split('-----')
        .filter((_, nth) => nth % 4 === 2)
        .map((text) => text.trim().split('\n')[0] ?? '');
      const [first = '', , second = ''] = lines;
      for (const secret of [first, second]) {
        expect(secret).toMatch(/^MIG/);
        expect(said.join('')).not.toContain(secret);
        expect(await m.must(`grep -rlsF '${secret}' /var/lib/netform | grep -v /blobs/ || true`)).toBe('');
        expect(await m.must(`ps -ewwo args= | grep -vF grep | grep -F '${secret}' || true`)).toBe('');
      }
      await run(['destroy', 'two', '--yes']);
      expect(await m.snapshot()).toBe(before);
      expect(await m.must('find /run/netform /var/lib/netform -name "ca.*" -o -name blobs')).toBe('');
    }),
);
