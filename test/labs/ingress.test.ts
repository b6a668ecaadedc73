import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { haproxy, nginx } from '../support/fetched-programs.ts';
import { type Machine, repository, withMachine } from '../support/machine.ts';
import { requestsDuring } from '../support/requests.ts';
import { runNetform } from './run-netform.ts';

const FILE = 'topologies/programs/ingress.yaml';

const ask = async (m: Machine, ...words: readonly string[]): Promise<string> =>
  (await m.sh(`ip netns exec client curl -sg -m10 ${words.map((word) => `'${word}'`).join(' ')}`)).stdout;

const nameOf = (answer: string): string | null => /^Name: (.*)$/m.exec(answer)?.[1] ?? null;

const text = readFileSync(`${repository}${FILE}`, 'utf8');

describe.each([
  { engine: 'haproxy', program: haproxy, lab: text },
  { engine: 'nginx', program: nginx, lab: text.replace(/check: .*/, 'engine: nginx') },
])('an ingress of $engine', ({ engine, program, lab }) => {
  test.skipIf(program.missing !== null)(
    `sends requests on by host and path, in both families, with TLS, and shares them by weight (${program.missing ?? 'real'})`,
    () =>
      withMachine(async (m) => {
        await program.install(m);
        const before = await m.snapshot();
        await runNetform(m, ['apply', '-'], { input: lab });
        expect((await runNetform(m, ['plan', '-'], { input: lab })).stdout).toMatch(/Nothing to do\.$/m);
        for (const [url, name, request] of [
          ['http://shop.lab.test/watch', /^video-[12]$/, 'GET /watch HTTP'],
          ['http://shop.lab.test/watch/7?a=b', /^video-[12]$/, 'GET /watch/7?a=b HTTP'],
          ['http://shop.lab.test/watching', /^fallback$/, 'GET /watching HTTP'],
          ['http://shop.lab.test/wear', /^wear$/, 'GET / HTTP'],
          ['http://shop.lab.test/wear/hats?x=1', /^wear$/, 'GET /hats?x=1 HTTP'],
          ['http://shop.lab.test/wear/old', /^wear$/, 'GET /new HTTP'],
          ['http://shop.lab.test/wear/older', /^wear$/, 'GET /older HTTP'],
          // A host that has rules falls to the default, another one to the rules without a host.
          ['http://shop.lab.test/status', /^fallback$/, 'GET /status HTTP'],
          ['http://edge/status', /^pay$/, 'GET /status HTTP'],
          ['http://edge/other', /^fallback$/, 'GET /other HTTP'],
          ['http://a.any.test/x', /^wear$/, 'GET /x HTTP'],
          ['http://own.any.test/y', /^fallback$/, 'GET /y HTTP'],
          ['http://b.a.any.test/x', /^fallback$/, 'GET /x HTTP'],
        ] as const) {
          for (const family of ['-4', '-6']) {
            const answer = await ask(m, family, url);
            expect(nameOf(answer), url).toMatch(name);
            expect(answer, url).toContain(request);
          }
        }
        const seen = await ask(m, '-4', 'http://edge/status');
        expect(seen).toMatch(/\nx-forwarded-for: 10\.68\.0\.90$/im);
        expect(seen).toMatch(/\nx-forwarded-proto: http$/im);

        expect(await ask(m, '-i', 'http://pay.lab.test/bill')).toMatch(
          /^HTTP\/1\.1 308 .*\nlocation: https:\/\/pay\.lab\.test\/bill/is,
        );
        await m.must(`cat >/run/ca.pem <<'END'\n${(await runNetform(m, ['ca', 'ingress'])).stdout}END`);
        expect(await ask(m, '-i', '-H', 'Host: pay.lab.test:8080', 'http://pay.lab.test/')).toMatch(
          /location: https:\/\/pay\.lab\.test\//i,
        );
        expect(nameOf(await ask(m, '--cacert', '/run/ca.pem', 'https://pay.lab.test/'))).toBe('pay');
        expect(await ask(m, 'https://pay.lab.test/')).toBe('');
        expect(await ask(m, '--cacert', '/run/ca.pem', 'https://shop.lab.test/')).toBe('');
        expect((await m.sh('ss -ltn | grep -c :80')).stdout.trim()).toBe('0');

        const many = await m.must(
          "ip netns exec client sh -c 'for i in $(seq 100); do curl -s http://shop.lab.test/watch | grep ^Name; done'",
        );
        const first = many.split('\n').filter((line) => line === 'Name: video-1').length;
        // 4 to 1, in turns.
        expect(first).toBe(80);

        // Another configuration, with and without connections that stay, while 1,000 requests are made each.
        const pid = await m.must(`pgrep -o ${engine}`);
        for (const [keepAlive, input] of [
          [true, lab.replace('default: fallback:80', 'default: pay:8282')],
          [false, lab],
        ] as const) {
          const asked = await requestsDuring(m, 'client', 'http://shop.lab.test/watch', {
            ...{ least: 1000, keepAlive },
            change: async () => {
              await m.must('until [ -e /run/requests-begun ]; do sleep 0.01; done; rm /run/requests-begun');
              expect((await runNetform(m, ['apply', '-'], { input })).stdout).toContain('read again');
              // It was ready when it said that it had read this one.
              const other = nameOf(await ask(m, '-4', 'http://edge/other'));
              expect(other).toBe(input === lab ? 'fallback' : 'pay');
            },
          });
          // nginx ends a connection that waits for its next request, which may be on its way.
          const isEnded = engine === 'nginx' && keepAlive && asked.failed === 1;
          expect(asked.failures).toEqual(isEnded ? [expect.stringContaining('hang up')] : []);
          expect(asked.connections < 100).toBe(keepAlive);
        }
        expect(await m.must(`pgrep -o ${engine}`)).toBe(pid);

        await runNetform(m, ['destroy', 'ingress', '--yes']);
        expect(await m.snapshot()).toBe(before);
        expect((await m.sh(`pgrep ${engine}`)).code).toBe(1);
      }),
  );
});

test.skipIf(haproxy.missing !== null)(
  `a frozen or dead target is left out, a configuration that was not read is seen, and mistakes are found (${haproxy.missing ?? 'real'})`,
  () =>
    withMachine(async (m) => {
      await haproxy.install(m);
      const server = `require('http').createServer((_, answer) => answer.end('Name: video-\${n}\\\\n')).listen(8080, '::')`;
      const lab = text.replace(
        'answers: [8080]',
        `run: { web: { command: [${process.execPath}, -e, "${server}"], ports: [8080] } }`,
      );
      await runNetform(m, ['apply', '-'], { input: lab });
      const onlySecond =
        'until ip netns exec client sh -c "for i in 1 2 3 4 5 6; do curl -sf -m1 http://shop.lab.test/watch | grep -q video-2 || exit 1; done"; do sleep 0.2; done';
      // The kernel still takes connections for a program that has been stopped.
      await m.must('kill -STOP $(ip netns pids video-1)');
      await m.must(onlySecond);
      await m.must('kill -CONT $(ip netns pids video-1)');
      await m.must(
        'until ip netns exec client curl -s http://shop.lab.test/watch | grep -q video-1; do sleep 0.1; done',
      );

      // What has not read the configuration is another one, and is started again.
      const config = '/run/netform/labs/ingress/edge/ingress/haproxy.cfg';
      await m.must(`cp ${config} /run/kept && sed -i 's/description .*/description other/' ${config}`);
      await m.must('kill -USR2 $(pgrep -o haproxy)');
      const asking = `const s = require('net').connect('/run/netform/labs/ingress/edge/ingress/run/ctl'); s.end('show info\\n'); s.pipe(process.stdout)`;
      await m.must(
        `until ${process.execPath} -e "${asking}" 2>&1 | grep -q 'other$'; do sleep 0.05; done; cat /run/kept >${config}`,
      );
      expect((await runNetform(m, ['plan', '-'], { input: lab })).stdout).toMatch(
        /process +ingress +has read another configuration: started again/,
      );
      await runNetform(m, ['apply', '-'], { input: lab });
      await m.must('ip -n video-1 link set eth0 down');
      await m.must(onlySecond);
      await m.must('ip -n video-1 link set eth0 up');

      // A certificate of the user's own, for whichever host; and a path with a character that configurations take for something.
      await m.must(
        'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=shop.lab.test -addext subjectAltName=DNS:shop.lab.test -keyout /run/key.pem -out /run/cert.pem 2>&1 && cat /run/key.pem /run/cert.pem >/run/own.pem',
      );
      const own = lab
        .replace('hosts: [pay.lab.test], redirect', 'certificate: /run/own.pem, redirect')
        .replace('/wear: {', `"/it's": "wear:8080"\n            "= /that's/it": "pay:8282"\n            /wear: {`);
      await runNetform(m, ['apply', '-'], { input: own });
      await m.must(
        'until ip netns exec client curl -sf --cacert /run/cert.pem https://shop.lab.test/watch >/dev/null; do sleep 0.05; done',
      );
      expect(await ask(m, '-i', 'http://shop.lab.test/watch')).toMatch(
        /^HTTP\/1\.1 308 .*\nlocation: https:\/\/shop\.lab\.test\/watch\r/is,
      );
      const quoted = (path: string) =>
        m.must(`ip netns exec client curl -s --cacert /run/cert.pem "https://shop.lab.test/${path}"`);
      expect(nameOf(await quoted("it's/x"))).toBe('wear');
      expect(nameOf(await quoted("that's/it"))).toBe('pay');
      await runNetform(m, ['destroy', 'ingress', '--yes']);

      const wrong = lab
        .replace('"wear:8080", rewrite: /', '"wear", rewrite: /')
        .replace('pay:8282" }', 'nobody:8282" }');
      const { stderr } = await runNetform(m, ['plan', '-'], { input: wrong, code: 3 });
      expect(stderr).toContain('wear has no port');
      expect(stderr).toContain('there is no namespace nobody');
    }),
);

test('without haproxy the plan names its package', () =>
  withMachine(async (m) => {
    if ((await m.sh('command -v haproxy')).code === 0) return;
    const { stderr } = await runNetform(m, ['plan', FILE], { code: 3 });
    expect(stderr).toMatch(/haproxy.*\[NF3006\]/);
  }));
