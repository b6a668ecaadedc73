import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Machine, repository, withMachine } from '../support/machine.ts';
import { inside, prepare } from '../support/play.ts';

const textOf = (path: string): string => readFileSync(join(repository, 'templates', path), 'utf8');

const LAB = `version: 1
name: shop
bridges: { lan: { subnet: 10.70.0.0/24, address: 10.70.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } } }
`;

/** A service that keeps comments: it lists, makes and changes them as the interfaces of GitHub and GitLab do. */
const SERVICE = `
const { createServer } = require('node:http');
const comments = [{ id: 7, body: 'a word of a person' }];
createServer(async (request, response) => {
  let text = '';
  for await (const part of request) text += part;
  const id = Number(/\\/(\\d+)$/.exec(request.url)?.[1]);
  const known = comments.find((one) => one.id === id);
  const isMine = request.headers.authorization === 'Bearer t0' || request.headers['private-token'] === 't0';
  if (!isMine) response.statusCode = 401;
  else if (request.method === 'POST') comments.push({ id: comments.length + 7, ...JSON.parse(text) });
  else if (known && request.method !== 'GET') Object.assign(known, JSON.parse(text));
  else if (request.method !== 'GET') response.statusCode = 404;
  response.end(JSON.stringify(comments));
}).listen(8090, '127.0.0.1', () => console.log('ready'));
`;

const API = 'http://127.0.0.1:8090';

/** Runs a body where the service listens, in a machine with a lab's file. Gives the body a look at the comments. */
const served = (body: (m: Machine, comments: () => Promise<readonly string[]>) => Promise<void>): Promise<void> =>
  withMachine(async (m) => {
    await prepare(m);
    await m.must('cat >lab.yaml', { ...inside, input: LAB });
    await m.must('cat >/run/service.cjs', { input: SERVICE });
    const service = m.start([process.execPath, '/run/service.cjs']);
    await new Promise((resolve) => service.stdout?.once('data', resolve));
    await body(m, async () => {
      const all = JSON.parse(await m.must(`curl -s -H 'PRIVATE-TOKEN: t0' ${API}/x`));
      return all.map((one: { readonly body: string }) => one.body);
    });
    service.kill('SIGKILL');
  });

type Ran = { readonly code: number; readonly names: readonly string[]; readonly output: string };

type Step = {
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
  readonly env?: { readonly [name: string]: string };
};

/** Runs the steps of a job as GitHub Actions does, until one fails. */
async function runSteps(m: Machine, job: string, event: string): Promise<Ran> {
  const workflow = parse(textOf('ci/github.yml'));
  const steps: readonly Step[] = workflow.jobs[job].steps;
  const shell = workflow.jobs[job].defaults.run.shell.replace('{0}', 'step.sh');
  await m.must('rm -f output summary; touch output summary', inside);
  const names: string[] = [];
  let output = '';
  for (const { name = '', run, env = {}, if: condition = 'true' } of steps) {
    const outputs = await m.must('cat output', inside);
    const values: { readonly [name: string]: string } = {
      'github.event_name': event,
      'github.event.pull_request.number': '3',
      'github.token': 't0',
      'steps.plan.outputs.code': /^code=(.*)$/m.exec(outputs)?.[1] ?? '',
    };
    const holds = condition.split(' && ').every((part) => {
      const [left = '', right] = part.split(' == ');
      return right === undefined || `'${values[left]}'` === right;
    });
    // Installing is what the registry does.
    if (run === undefined || !holds || name === 'Install') continue;
    const filled = Object.fromEntries(
      Object.entries(env).map(([key, text]) => [
        key,
        text.replace(/\$\{\{ (\S+) \}\}/g, (_all, path) => values[path] ?? 'undefined'),
      ]),
    );
    await m.must('cat >step.sh', { ...inside, input: run });
    const service = { GITHUB_API_URL: API, GITHUB_REPOSITORY: 'a/b', GITHUB_OUTPUT: 'output' };
    const variables = { ...inside.env, ...workflow.env, ...service, GITHUB_STEP_SUMMARY: 'summary', ...filled };
    const ended = await m.sh(shell, { ...inside, env: variables });
    names.push(name);
    output += ended.stdout + ended.stderr;
    if (ended.code !== 0) return { code: ended.code, names, output };
  }
  return { code: 0, names, output };
}

test('the workflow of GitHub comments on a pull request, replaces its comment, and applies a push', () =>
  served(async (m, comments) => {
    expect(await runSteps(m, 'validate', 'pull_request')).toMatchObject({ code: 0, names: ['Validate'] });
    const asked = ['Plan', 'Comment', 'No mistakes', 'Policy'];
    expect(await runSteps(m, 'lab', 'pull_request')).toMatchObject({ code: 0, names: asked });
    const [first, second, ...more] = await comments();
    expect([first, more]).toEqual(['a word of a person', []]);
    expect(second).toMatch(/^<!-- netform plan lab\.yaml -->\n### netform plan: lab `shop`\n/);
    expect(await m.must('cat summary', inside)).toBe(second);

    await m.must('sed -i "s/lan }/lam }/" lab.yaml', inside);
    const invalid = await runSteps(m, 'validate', 'pull_request');
    expect(invalid).toMatchObject({ code: 3, output: expect.stringMatching(/^::error file=lab\.yaml,line=5,/) });
    const refused = await runSteps(m, 'lab', 'pull_request');
    expect(refused).toMatchObject({ code: 3, names: ['Plan', 'Comment', 'No mistakes'] });
    expect(await comments()).toEqual([first, expect.stringContaining('`lab.yaml` cannot be applied')]);

    await m.must('sed -i "s/lam }/lan }/" lab.yaml', inside);
    const applied = ['Plan', 'No mistakes', 'Policy', 'Apply', 'As recorded'];
    expect(await runSteps(m, 'lab', 'push')).toMatchObject({ code: 0, names: applied });
    expect(await m.must('ls /run/netns')).toBe('red\n');
    const unchanged = applied.filter((name) => name !== 'Apply');
    expect(await runSteps(m, 'lab', 'push')).toMatchObject({ code: 0, names: unchanged });

    await m.must(`mkdir policy && cp ${repository}templates/policy/netform.jq policy`, inside);
    await m.must('echo "portForwards: [80 -> red:80]" >>lab.yaml', inside);
    const denied = await runSteps(m, 'lab', 'push');
    expect(denied).toMatchObject({ code: 1, names: ['Plan', 'No mistakes', 'Policy'] });
    expect(denied.output).toContain('not allowed: port 80 of the machine is below 1024');
  }));

/** Runs the script of a job as a runner of GitLab does: its lines in one shell that ends at the first failure. */
async function runJob(m: Machine, job: string, more: { readonly [name: string]: string }): Promise<Ran> {
  const pipeline = parse(textOf('ci/gitlab.yml'));
  const script: readonly string[] = pipeline[job].script;
  const env = { ...inside.env, ...pipeline.variables, CI_API_V4_URL: API, CI_PROJECT_ID: '1', ...more };
  const { code, stdout, stderr } = await m.sh('bash -eo pipefail', { ...inside, env, input: script.join('\n') });
  return { code, names: [job], output: stdout + stderr };
}

test('the pipeline of GitLab reports code quality and a terraform report, comments, and applies', () =>
  served(async (m, comments) => {
    const merge = { CI_MERGE_REQUEST_IID: '3', GITLAB_TOKEN: 't0' };
    const json = async (file: string) => JSON.parse(await m.must(`cat ${file}`, inside));
    expect(await runJob(m, 'validate', merge)).toMatchObject({ code: 0 });
    expect(await json('codequality.json')).toMatchObject([
      { check_name: 'NF2208 needs-forwarding', severity: 'minor' },
    ]);
    expect(await runJob(m, 'plan', merge)).toMatchObject({ code: 0 });
    expect(await runJob(m, 'plan', merge)).toMatchObject({ code: 0 });
    expect((await comments()).slice(1)).toEqual([expect.stringContaining('lab `shop`')]);
    const { summary, operations } = await json('plan.json');
    expect(await json('tfplan.json')).toEqual({
      create: operations.length - summary.change,
      update: summary.change,
      delete: 0,
    });

    expect(await runJob(m, 'apply', {})).toMatchObject({ code: 0 });
    expect(await m.must('ls /run/netns')).toBe('red\n');

    await m.must('sed -i "s/lan }/lam }/" lab.yaml', inside);
    expect(await runJob(m, 'validate', merge)).toMatchObject({ code: 3 });
    expect(await json('codequality.json')).toContainEqual(
      expect.objectContaining({ check_name: 'NF2003 unknown-bridge', severity: 'major' }),
    );
    expect(await runJob(m, 'plan', merge)).toMatchObject({ code: 3 });
    expect((await comments()).slice(1)).toEqual([expect.stringContaining('`lab.yaml` cannot be applied')]);
    expect(await runJob(m, 'plan', { ...merge, GITLAB_TOKEN: 'another' })).toMatchObject({ code: 22 });
  }));

const POLICY = `version: 1
name: shop
bridges: { lan: { subnet: 10.70.0.0/24, address: 10.70.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } } }
host: { run: { dns: { command: sleep 1d, ports: [53/udp] } } }
portForwards:
  - 80 -> red:8080
  - { listen: "[::]:8443", to: "red:443" }
  - { listen: "127.0.0.1:8081", to: "red:81" }
`;

test('the policy for jq refuses low ports, open forwards and deleted namespaces, and nothing else', () =>
  withMachine(async (m) => {
    await prepare(m);
    const judge = async (topology: string) => {
      await m.must('netform plan - --json >plan.json', { ...inside, input: topology });
      return m.sh(`jq --raw-output --from-file ${repository}templates/policy/netform.jq plan.json`, inside);
    };
    const { code, stderr } = await judge(POLICY.replaceAll('10.70.0.0/24', '[10.70.0.0/24, "fd00:70::/64"]'));
    expect(code).toBe(1);
    expect(stderr.split('\n')).toEqual([
      'not allowed: port 53/udp of the machine is below 1024',
      'not allowed: port 80 of the machine is below 1024',
      'not allowed: port 80 of the machine is open on every address',
      'not allowed: port 8443 of the machine is open on every address',
      '',
    ]);
    expect(await judge(LAB)).toMatchObject({ code: 0, stdout: 'The policy allows this plan.\n' });
    await m.must('netform apply - --yes', { ...inside, input: LAB });
    expect(await judge(LAB.replace('  red:', '  blue:'))).toMatchObject({
      code: 1,
      stderr: 'not allowed: the namespace red is deleted\n',
    });
    await m.must('netform destroy shop --yes', inside);
  }));

test('the policies for OPA say the same sentences, of keys that a plan has', () => {
  const sentences = (text: string) =>
    [...text.matchAll(/"([^"]* (?:is deleted|is below 1024|is open on every address))"/g)]
      .map((match) => (match[1] ?? '').replace(/%[sd]|\\\([^)]*\)/g, 'X'))
      .sort();
  const rego = ['namespaces', 'ports', 'forwards'].map((name) => textOf(`policy/${name}.rego`)).join('\n');
  expect(sentences(rego)).toEqual(sentences(textOf('policy/netform.jq')));
  expect(sentences(rego)).toHaveLength(4);
});
