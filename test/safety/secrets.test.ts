import { expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { withMachine } from '../support/machine.ts';
import { inside, prepare } from '../support/play.ts';

/** Each word that takes a secret has one that no other text of the machine holds. */
const LAB = `version: 1
name: vault
vars: { pw: canary-variable }
namespaces:
  red:
    interfaces: { lo: [10.9.0.1/32, "fd00:9::1/128"] }
    dnsServer: { config: { content: "# canary-config\\nuser=root\\ngroup=\\nno-resolv\\nno-hosts\\n" } }
    files:
      /etc/app.conf:
        content: |
          # canary-comment
          password = canary-content
        mode: "0640"
      /etc/from.conf: { from: secret.txt, mode: "0600" }
    run:
      app: { command: sleep 1d, env: &common { DB_PASSWORD: canary-env, API_TOKEN: "x-\${pw}", MODE: lab } }
      other: { command: sleep 1d, env: *common }
`;

/** Another value of each, and a program that is never ready: the run goes on until it is killed. */
const CHANGED = `${LAB.replaceAll('canary-', 'canary-2-')}      late: { command: sleep 1d, ready: { command: "false" }, readyTimeout: 1h }\n`;
const WITH_MISTAKE = LAB.replace('lo: [', 'lo: { adress: 1 }, eth0: [');

/** Files of the lab that hold what a program is given, and the bytes that a rollback needs, by their digests. */
const KEEPS_BYTES = /^\/var\/lib\/netform\/vault\/blobs\/|^\/run\/netform\/labs\/vault\/red\/(?:files|dns)\//;

test('a secret stands in no record, and no command prints it: plan, apply, show, graph, after kill -9 and a rollback', () =>
  withMachine(async (m) => {
    await prepare(m);
    await m.must('cat >lab.yaml', { ...inside, input: LAB });
    await m.must('echo canary-from >secret.txt', inside);
    const printed: string[] = [];
    const run = async (line: string, code = 0) => {
      const { stdout, stderr } = await runNetform(m, line.split(' '), { ...inside, code });
      printed.push(`${line}\n${stdout}${stderr}`);
    };
    const written = async () => {
      const found = await m.must(
        'grep -rlsaE canary- /var/lib/netform /run/netform lab.plan answer.json netform.svg || true',
        inside,
      );
      return found.split('\n').filter((path) => path !== '' && !KEEPS_BYTES.test(path));
    };
    for (const flags of ['', ' --full --json', ' --markdown', ' --tf-json', ' --commands', ' --commands=all'])
      await run(`plan lab.yaml${flags}`);
    await run('plan lab.yaml -o lab.plan --json-into answer.json');
    const piped = await runNetform(m, ['plan', '-', '-o', 'piped.plan'], { ...inside, input: LAB, code: 2 });
    expect(piped.stderr).toContain('the topology on standard input has secrets');
    const given = ['plan', 'lab.yaml', '--var', 'pw=canary-given', '-o', 'given.plan'];
    const { stderr: named } = await runNetform(m, given, { ...inside, code: 2 });
    expect(named).toContain('a value of --var is part of a secret');
    expect(await m.must('ls *.plan', inside)).toBe('lab.plan\n');
    await run('show lab.plan --json');
    await run('apply lab.plan --yes --json-into answer.json');
    expect(await written()).toEqual([]);
    for (const line of ['show vault', 'show vault --json', 'list --json', 'doctor vault', 'doctor vault --json'])
      await run(line);
    for (const format of ['ascii', 'mermaid', 'dot', 'html', 'markdown']) await run(`graph vault --format ${format}`);
    await run('graph lab.yaml --format svg -o netform.svg');

    await m.must('cat >lab.yaml', { ...inside, input: WITH_MISTAKE });
    for (const flags of ['validate lab.yaml --sarif', 'plan lab.yaml --markdown']) await run(flags, 3);
    for (const format of ['github', 'gitlab']) await run(`validate lab.yaml --format ${format}`, 3);

    await m.must('cat >lab.yaml', { ...inside, input: CHANGED });
    await run('plan lab.yaml --json');
    await m.must(
      `netform apply lab.yaml --yes >killed.out 2>&1 & pid=$!
      until pgrep -f 'sleep 1d' | wc -l | grep -qx 3; do kill -0 $pid || exit 1; sleep 0.05; done
      kill -9 $pid; test -e /var/lib/netform/vault/journal; cat killed.out`,
      inside,
    );
    expect(await written()).toEqual([]);
    await run('show vault --json');
    await run('recover vault');
    expect(await written()).toEqual([]);
    await run('plan lab.yaml --json-into answer.json');
    await m.must('sed -i "/late:/d" lab.yaml', inside);
    await run('apply lab.yaml --yes --confirm 60s --json-into answer.json');
    expect(await written()).toEqual([]);
    await run('rollback vault --json');
    await run('destroy vault --yes --json');
    // The commands that make a lab have the configurations of its servers in them.
    const said = printed.map((text) =>
      text.startsWith('plan lab.yaml --commands') ? text.replaceAll('# canary-config', '') : text,
    );
    expect(said.filter((text) => text.includes('canary-'))).toEqual([]);
    expect(await written()).toEqual([]);
  }));
