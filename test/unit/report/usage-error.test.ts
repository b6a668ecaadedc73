import { expect, test } from 'vitest';
import { unknownCommandMessage } from '../../../src/report/text/unknown-command.ts';
import { usageMessage } from '../../../src/report/text/usage-error.ts';

const WORDS = {
  id: 'capture',
  usage: ['netform capture NAMESPACE:INTERFACE [FLAGS]'],
  flags: ['--count', '--text', '--json'],
  args: { interface: 'NAMESPACE:INTERFACE' },
};

test.each([
  ['Nonexistent flag: --cuont', 'capture has no flag --cuont', 'did you mean --count?'],
  ['Nonexistent flags: --a1, --b2', 'capture has no flags --a1, --b2', 'netform capture --help shows how it is used'],
  ['Unexpected argument: b', 'capture takes no such argument: b', null],
  [
    'Missing 1 required arg:\ninterface  For example red:eth0; host is this machine.',
    'NAMESPACE:INTERFACE is missing',
    'it is written netform capture NAMESPACE:INTERFACE [FLAGS]',
  ],
  ['Flag --count expects a value', '--count needs a value', null],
  ['Expected --format=png to be one of: svg, dot', '--format png is none of svg, dot', null],
  ['Expected sideways to be one of: up, down', 'sideways is none of up, down', null],
  ['Parsing --count \n\tExpected an integer but received: x', '--count x is not a whole number', null],
  [
    'Parsing --count \n\tExpected an integer greater than or equal to 1 but received: 0',
    '--count 0 is not a whole number greater than or equal to 1',
    null,
  ],
  [
    'The following error occurred:\n  All of the following must be provided when using --port: --serve',
    '--port needs --serve',
    null,
  ],
  [
    'The following error occurred:\n  --out=f cannot also be provided when using --text',
    '--out and --text do not go together',
    null,
  ],
  ['Something new', 'Something new', null],
])('%s', (text, message, hint) => {
  expect(usageMessage(text, WORDS)).toEqual({ message, hint: hint ?? 'netform capture --help shows how it is used' });
});

const IDS = ['plan', 'list', 'import live', 'import script'];

test.each([
  [['pln'], 'there is no command pln', 'did you mean plan?'],
  [['sing'], 'there is no command sing', 'netform --help shows the commands'],
  [['import', 'liv'], 'there is no command import liv', 'did you mean import live?'],
  [['import', 'nothing'], 'there is no command import nothing', 'netform import --help shows the commands'],
  [['list', 'red'], 'list takes no argument: red', 'netform list --help shows how it is used'],
])('the words %j', (words, message, hint) => {
  expect(unknownCommandMessage(words, IDS)).toEqual({ message, hint });
});
