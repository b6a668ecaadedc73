import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diagnose } from '../../support/diagnose.ts';
import { repository } from '../../support/machine.ts';

const blank = readFileSync(join(repository, 'templates/blank.yaml'), 'utf8');

/** The template with the blocks of some letters uncommented: a block starts at `# (A) ` and ends at an empty line. */
function withBlocks(letters: string): string {
  let isOpen = false;
  return blank
    .split('\n')
    .map((line) => {
      const letter = /^\s*# \(([A-Z])\) [A-Z]/.exec(line)?.[1];
      if (letter !== undefined) isOpen = letters.includes(letter);
      else if (!line.includes('# ')) isOpen = false;
      else if (isOpen) return line.replace('# ', '');
      return line;
    })
    .join('\n');
}

test.each([
  ['', 0, 1],
  ['A', 1, 2],
  ['AB', 1, 2],
  ['C', 0, 2],
  ['ABC', 1, 3],
])('the blocks %j of the blank template belong together (L8)', (letters, bridges, namespaces) => {
  const { diagnostics, loaded } = diagnose(withBlocks(letters), { file: 'blank.yaml', live: null });
  // With (A) alone the host is a gateway that does not forward: (B) turns that on.
  expect(diagnostics.map(({ check }) => check)).toEqual(letters === 'A' ? ['needs-forwarding'] : []);
  expect(loaded.topology?.host.bridges).toHaveLength(bridges);
  expect(loaded.topology?.namespaces).toHaveLength(namespaces);
});
