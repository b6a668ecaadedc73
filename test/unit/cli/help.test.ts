import { afterEach, expect, test, vi } from 'vitest';
import { COMMAND_GROUPS } from '../../../src/cli/command-types.ts';
import { showHelp } from '../../../src/cli/help.ts';
import { COMMANDS } from '../../../src/commands/index.ts';

const pjson = { name: 'netform', version: '1.2.3' };
const HELP_WIDTH = 100;

afterEach(() => {
  vi.restoreAllMocks();
});

/** What `netform WORDS --help` prints. */
async function helpOf(...words: readonly string[]): Promise<string> {
  const printed: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  await showHelp(words, COMMANDS, pjson);
  vi.restoreAllMocks();
  return printed.join('');
}

test('the help of the program lists every command with its summary, in its group', async () => {
  const text = await helpOf();
  expect(text).toMatch(/^netform 1\.2\.3: /);
  const groups = COMMAND_GROUPS.map((group) => group.toUpperCase());
  expect(groups.map((group) => text.indexOf(group)).every((at, i, all) => at > (all[i - 1] ?? 0))).toBe(true);
  for (const [id, { summary, help }] of Object.entries(COMMANDS)) {
    const at = text.indexOf(`  ${id.replace(':', ' ')} `);
    expect(text.slice(0, at), id).toContain(help.group.toUpperCase());
    expect(text.slice(at).split('\n')[0], id).toContain(summary);
  }
});

test('the help of a topic lists its commands', async () => {
  const text = await helpOf('import');
  expect(text).toContain('$ netform import COMMAND [FLAGS]');
  for (const name of ['compose', 'containerlab', 'live', 'script']) expect(text).toContain(`  import ${name} `);
});

test('the help of a command has its usage, arguments, flags and examples', async () => {
  expect(await helpOf('import', 'containerlab')).toBe(`Convert a containerlab file into a topology.

USAGE
  $ netform import containerlab FILE [FLAGS]

ARGUMENTS
  FILE  The file; - reads it from standard input.

FLAGS
  -o, --out=FILE          Write to FILE; fails if it exists (see --force).
      --env-file=FILE...  Read variables from FILE instead of .env; may be repeated.
      --force             Overwrite the file of -o.
      --json              Print one JSON document on standard output, and nothing else.
      --name=NAME         The name of the lab.
      --no-color          Print without colour, as with NO_COLOR.

DESCRIPTION
  Nodes become namespaces, those of kind ext-container stand for containers that run, links become
  cables, bridges become bridges; ip, sysctl, ifconfig, brctl and iptables commands in exec become
  addresses, routes, settings and NAT, programs that certainly go on running become run, and files
  that are bound into nodes become files. Variables come from the environment, and from the .env
  file beside it or the files of --env-file. Reads these files only. What a topology cannot express,
  such as the images of the nodes, is listed in a comment and on standard error.

EXAMPLES
  $ netform import containerlab lab.clab.yml

  $ netform import containerlab lab.clab.yml --name lab -o containerlab.yaml

  $ netform import containerlab - --json < lab.clab.yml

`);
});

test('no line of the help is wider than a page', async () => {
  for (const id of Object.keys(COMMANDS)) {
    const lines = (await helpOf(...id.split(':'))).split('\n').filter((line) => !line.includes('$ netform'));
    expect(Math.max(...lines.map((line) => line.length)), id).toBeLessThanOrEqual(HELP_WIDTH);
  }
});

test('the help of words that are not a command says which one was meant', async () => {
  await expect(showHelp(['import', 'liv'], COMMANDS, pjson)).rejects.toMatchObject({
    message: 'there is no command import liv',
    hint: 'did you mean import live?',
  });
});

test('L12: the help of --json says what it does to a command that prints no document', async () => {
  for (const id of ['completion', 'shell', 'schema'])
    expect(await helpOf(id), id).toMatch(/--json +Report errors as JSON/);
  for (const id of ['events', 'capture']) expect(await helpOf(id), id).toMatch(/--json +Print one JSON object per/);
});
