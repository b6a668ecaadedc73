import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Machine, withMachine } from '../support/machine.ts';
import { type Fence, fencesOf, wordOf } from '../support/page.ts';
import { textOf } from '../support/pages.ts';
import { inside, prepare } from '../support/play.ts';

type Step = { readonly name?: string; readonly id?: string; readonly if?: string; readonly run?: string };
type Ran = { readonly name: string; readonly code: number };

const fences = fencesOf(textOf('docs/pipelines.md'));
const workflow = parse(fileOf('.github/workflows/lab.yaml'));
const job: { readonly defaults: { readonly run: { readonly shell: string } }; readonly steps: readonly Step[] } =
  workflow.jobs.lab;

test('the workflow validates, plans and applies; the second time there is nothing to apply', () =>
  withMachine(async (m) => {
    await prepare(m);
    await m.must('cat >lab.yaml', { ...inside, input: fileOf('lab.yaml') });
    const all = ['Validate', 'Plan', 'Apply', 'As recorded'];
    expect(await pipeline(m, 'pull_request')).toEqual(good(['Validate', 'Plan']));
    expect(await m.must('ls /run/netns 2>/dev/null || true')).toBe('');
    expect(await pipeline(m, 'push')).toEqual(good(all));
    expect(await m.must('ls /run/netns')).toBe('blue\nred\n');
    expect(await pipeline(m, 'push')).toEqual(good(all.filter((name) => name !== 'Apply')));

    await m.must('echo "  green: { interfaces: { eth0: { bridge: lam } } }" >>lab.yaml', inside);
    expect(await pipeline(m, 'push')).toEqual([{ name: 'Validate', code: 3 }]);
  }));

const good = (names: readonly string[]): readonly Ran[] => names.map((name) => ({ name, code: 0 }));

/** Runs the steps as the service would: one after the other, those whose condition holds, until one fails. */
async function pipeline(m: Machine, event: string): Promise<readonly Ran[]> {
  const ran: Ran[] = [];
  await m.must('rm -f output && touch output', inside);
  const [program = 'bash', ...words] = job.defaults.run.shell.split(' ').filter((word) => word !== '{0}');
  for (const step of job.steps) {
    if (step.run === undefined || !holds(step.if, event, await m.must('cat output', inside))) continue;
    await m.must('cat >step.sh', { ...inside, input: step.run });
    const env = { ...inside.env, GITHUB_OUTPUT: 'output' };
    const { code } = await m.sh([program, ...words, 'step.sh'].join(' '), { ...inside, env });
    ran.push({ name: step.name ?? '', code });
    if (code !== 0) break;
  }
  return ran;
}

/** `a == 'b' && c == 'd'` about the event and the outputs of the step `plan`. */
function holds(condition: string | undefined, event: string, outputs: string): boolean {
  const values = new Map([['github.event_name', event]]);
  for (const line of outputs.split('\n'))
    values.set(`steps.plan.outputs.${line.split('=')[0]}`, line.split('=')[1] ?? '');
  return (condition?.split(' && ') ?? []).every((part) => {
    const [name = '', wanted = ''] = part.split(' == ');
    return `'${values.get(name)}'` === wanted;
  });
}

function fileOf(name: string): string {
  const found = fences.find((fence: Fence) => wordOf(fence, 'file') === name);
  if (found === undefined) throw new Error(`docs/pipelines.md has no ${name}`);
  return found.body;
}
