import { Parser } from '@oclif/core';
import { expect, test } from 'vitest';
import { commandSyntax } from '../../../src/cli/command-syntax.ts';
import { splitExecArgv } from '../../../src/cli/exec-argv.ts';
import { unknownCommandError } from '../../../src/cli/unknown-command.ts';
import { toUsageError } from '../../../src/cli/usage-error.ts';
import { COMMANDS } from '../../../src/commands/index.ts';
import { netformError } from '../../../src/model/error.ts';

/** What oclif's parser makes of a command line: an error in our words, or null. */
async function usageErrorOf(id: string, words: readonly string[]) {
  const command = await COMMANDS[id]?.load();
  if (command === undefined) throw new Error(`there is no command ${id}`);
  const { args, flags, baseFlags } = command;
  const syntax = commandSyntax({ id, usage: command.usage, args, flags, baseFlags });
  try {
    // The parser gives the arguments the names of their keys.
    const own = Object.fromEntries(Object.entries(args).map(([key, arg]) => [key, { ...arg }]));
    await Parser.parse([...words], { args: own, flags: { ...flags, ...baseFlags }, strict: true });
    return null;
  } catch (error) {
    const usage = toUsageError(error, syntax, words);
    return usage === null ? error : { message: usage.message, hint: usage.hint, exitCode: usage.exitCode };
  }
}

test.each([
  ['plan', ['--exit-coed'], 'plan has no flag --exit-coed', 'did you mean --exit-code?'],
  ['capture', ['red:eth0', '--a1', '--b2'], 'capture has no flags --a1, --b2', 'see netform capture --help'],
  ['list', ['red'], 'list takes no argument: red', 'see netform list --help'],
  [
    'shell',
    ['red', 'blue'],
    'shell takes no such argument: blue',
    'a program is run with netform exec NAMESPACE -- blue',
  ],
  ['shell', [], 'NAMESPACE is missing', 'usage: netform shell NAMESPACE [FLAGS]'],
  [
    'link',
    [],
    'ACTION and NAMESPACE:INTERFACE are missing',
    'usage: netform link up|down NAMESPACE:INTERFACE or netform link set NAMESPACE:INTERFACE WORD=VALUE...|--reset',
  ],
  ['capture', ['red:eth0', '--count'], 'flag --count expects a value', 'see netform capture --help'],
  ['plan', ['-o', 'a', '-o', 'b'], 'flag --out can only be specified once', 'see netform plan --help'],
  [
    'graph',
    ['--format', 'png'],
    '--format must be svg, mermaid, markdown, dot, html or ascii, not png',
    'see netform graph --help',
  ],
  ['link', ['sideways', 'red:eth0'], 'the argument must be up, down or set, not sideways', 'see netform link --help'],
  [
    'capture',
    ['red:eth0', '--count', 'x'],
    '--count must be a whole number of at least 1, not x',
    'see netform capture --help',
  ],
  [
    'graph',
    ['--serve', '--port', '70000'],
    '--port must be a whole number from 1 to 65535, not 70000',
    'see netform graph --help',
  ],
  ['graph', ['--port', '80'], '--port needs --serve', 'see netform graph --help'],
  ['capture', ['red:eth0', '--text', '-o', 'f'], '--text cannot be used with --out', 'see netform capture --help'],
  ['import:live', ['--all', '--netns', 'a'], '--netns cannot be used with --all', 'see netform import live --help'],
])('netform %s %j is a usage error: %s', async (id, words, message, hint) => {
  expect(await usageErrorOf(id, words)).toEqual({ message, hint, exitCode: 2 });
});

test.each([
  ['apply', ['-f', 'lab.yaml'], 'write the file without a flag: netform apply lab.yaml'],
  ['apply', ['--file=my lab.yaml'], "write the file without a flag: netform apply 'my lab.yaml'"],
  ['apply', ['lab.yaml', '--dry-run'], 'netform plan lab.yaml shows what apply would change'],
  ['apply', ['--auto-approve'], 'write --yes'],
  ['plan', ['-y'], 'leave it out: plan asks nothing'],
  ['apply', ['-d'], 'leave it out: apply ends when it is done, and what it made stays'],
  ['destroy', ['--all'], 'netform list names the labs; netform destroy NAME removes one'],
  ['destroy', ['-f', 'lab.yaml'], 'write the file without a flag: netform destroy lab.yaml'],
  ['destroy', ['--dry-run'], 'netform destroy shows what it removes, and asks before it does'],
  ['list', ['-a'], 'leave it out: list shows all that there is'],
  ['show', ['--name', 'shop'], 'write the name without a flag: netform show shop'],
  ['exec', ['-it', 'red'], 'leave it out: the program has this terminal anyway'],
])('M2: netform %s %j is answered with the habit of netform: %s', async (id, words, hint) => {
  expect(await usageErrorOf(id, words)).toMatchObject({ hint, exitCode: 2 });
});

test.each([
  [['alice', 'ping', 'bob'], 'exec needs -- before the program', 'netform exec alice -- ping bob'],
  [
    ['-it', 'alice', 'sh', '-c', 'ip a | cat'],
    'exec needs -- before the program',
    "netform exec alice -- sh -c 'ip a | cat'",
  ],
  [['--all', 'ip', 'address'], 'exec needs -- before the program', 'netform exec --all -- ip address'],
  [['alice'], 'no program given after --', 'for example: netform exec alice -- ip address'],
])('M1: netform exec %j says where -- belongs', (words, message, hint) => {
  expect(() => splitExecArgv(words)).toThrow(expect.objectContaining({ message, hint, code: 'E_USAGE' }));
});

test('a right command line is not an error', async () => {
  expect(await usageErrorOf('capture', ['red:eth0', 'icmp', 'or', 'arp', '--count', '3'])).toBe(null);
});

test('an error that is not of the command line stays as it is', () => {
  const syntax = { id: 'plan', usage: [], flags: [], args: {} };
  expect(toUsageError(new TypeError('x is not a function'), syntax)).toBe(null);
  expect(toUsageError(netformError('E_NO_FILE', 2, 'cannot read a'), syntax)).toBe(null);
});

test.each([
  [['pln'], 'there is no command pln', 'did you mean plan?'],
  [['sing'], 'there is no command sing', 'netform --help lists the commands'],
  [['up'], 'there is no command up', 'did you mean apply?'],
  [['ps', '-a'], 'there is no command ps', 'did you mean list?'],
  [['import', 'liv'], 'there is no command import liv', 'did you mean import live?'],
  [['import', 'nothing'], 'there is no command import nothing', 'netform import --help lists the commands'],
  [['list', 'red'], 'list takes no argument: red', 'see netform list --help'],
  ...Object.entries({
    down: 'destroy',
    inspect: 'show',
    status: 'show',
    ls: 'list',
    diff: 'plan',
    log: 'logs',
    rm: 'destroy',
  }).map(([word, meant]): [string[], string, string] => [
    [word],
    `there is no command ${word}`,
    `did you mean ${meant}?`,
  ]),
  [['-f', 'lab.yaml', 'up'], 'the command comes first, before -f', 'netform apply lab.yaml'],
  [
    ['lab.yaml'],
    'the command comes first, before lab.yaml',
    'netform plan lab.yaml shows what netform apply lab.yaml would change',
  ],
])('the words %j are not a command', (words, message, hint) => {
  expect(unknownCommandError(words, COMMANDS)).toMatchObject({ message, hint, code: 'E_USAGE', exitCode: 2 });
});
