import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COMMAND_GROUPS, commandHelp, rootHelp } from '../../../src/report/help/command-help.ts';
import { plainPaint } from '../../../src/report/text/colour.ts';

const page = { width: 60, paint: plainPaint };

test('every command is in one group of the help', () => {
  const files = readdirSync(join(import.meta.dirname, '../../../src/commands'), { recursive: true, encoding: 'utf8' });
  const ids = files.flatMap((file) =>
    file === 'index.ts' ? [] : (/^(.*)\.ts$/.exec(file)?.[1]?.replace('/', ' ') ?? []),
  );
  expect(Object.values(COMMAND_GROUPS).flat().toSorted()).toEqual(ids.toSorted());
});

test('the help of the program has the summary of each command, within the width', () => {
  const commands = Object.values(COMMAND_GROUPS)
    .flat()
    .map((id) => ({ id, summary: `What ${id} does, said in so many words that one line of it is not enough.` }));
  const text = rootHelp(commands, { version: '1.2.3' }, page);
  for (const { id } of commands) expect(text).toContain(`  ${id} `);
  const rows = text.split('\n').filter((line) => line.startsWith('  '));
  expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(60);
});

test('the help of a command says how it is called, what each part means, and gives examples', () => {
  const text = commandHelp(
    {
      id: 'plan',
      summary: 'Show what would change.',
      description: 'Compares the file with the machine, and says what apply would do to it.',
      usage: null,
      args: [{ name: 'FILE', required: false, about: 'The topology.', value: 'topology.yaml' }],
      flags: [
        { name: 'out', char: 'o', label: 'FILE', about: 'Save the plan.', value: null },
        { name: 'format', char: null, label: 'ascii|svg|mermaid|dot|html', about: 'How.', value: null },
      ],
      examples: [{ about: 'Save it', command: 'netform plan -o lab.plan' }],
    },
    page,
  );
  expect(text).toBe(`Show what would change.

  netform plan [FILE] [FLAGS]

Compares the file with the machine, and says what apply
would do to it.

Arguments
  FILE             The topology. Default: topology.yaml.

Flags
  -o, --out FILE   Save the plan.
      --format ascii|svg|mermaid|dot|html
                   How.
  -h, --help       Show this.

Examples
  # Save it
  netform plan -o lab.plan
`);
});
