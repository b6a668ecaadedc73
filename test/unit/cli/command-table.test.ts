import { expect, test } from 'vitest';
import { COMMAND_GROUPS } from '../../../src/cli/command-types.ts';
import { COMMANDS } from '../../../src/commands/index.ts';
import { FILE_IMPORTERS } from '../../../src/pipeline/import/importers.ts';

const loaded = await Promise.all(
  Object.entries(COMMANDS).map(async ([id, entry]) => ({ id, entry, command: await entry.load() })),
);

test('the table says of a command what the command says of itself', () => {
  for (const { id, entry, command } of loaded) {
    const { summary, helpPlace, synonyms } = command;
    expect(entry, id).toMatchObject({ summary, help: helpPlace, synonyms });
    expect(entry.summary, id).toMatch(/^[A-Z].*\.$/);
  }
});

test('a synonym belongs to one command, and is not a command', () => {
  const synonyms = loaded.flatMap(({ command }) => command.synonyms);
  expect(new Set(synonyms).size).toBe(synonyms.length);
  expect(synonyms.filter((word) => word in COMMANDS)).toEqual([]);
});

test('every group has commands', () => {
  const used = new Set(loaded.map(({ entry }) => entry.help.group));
  expect([...used].toSorted()).toEqual([...COMMAND_GROUPS].toSorted());
});

test('a command says how each of its arguments completes', () => {
  for (const { id, command } of loaded) {
    const { args, flags, completes } = command;
    const open = Object.entries(args).flatMap(([key, { options }]) => (options === undefined ? [key] : []));
    expect(Object.keys(completes), id).toEqual(expect.arrayContaining(open));
    const known = [...Object.keys(args), ...Object.keys(flags), '--'];
    expect(known, id).toEqual(expect.arrayContaining(Object.keys(completes)));
  }
});

test('every importer of a file format is a command', async () => {
  for (const [name, load] of Object.entries(FILE_IMPORTERS)) {
    expect((await load()).name).toBe(name);
    expect(COMMANDS).toHaveProperty([`import:${name}`]);
  }
});
