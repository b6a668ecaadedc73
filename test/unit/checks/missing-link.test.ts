import { expect, test } from 'vitest';
import { diagnose } from '../../support/diagnose.ts';
import { liveOf } from '../../support/live.ts';

const TEXT = 'version: 1\nname: a\nhost: { interfaces: { ens9: { existing: true, address: 10.7.0.1/24 } } }\n';

test('a machine with nothing but lo is said to have nothing else (F42, M9)', () => {
  const hints = (links: readonly string[]) =>
    diagnose(TEXT, {
      file: 'a.yaml',
      live: liveOf({ links: Object.fromEntries(links.map((name) => [name, {}])) }),
    }).diagnostics.map(({ hint }) => hint);
  expect(hints(['lo'])).toEqual(['this machine has no link but lo']);
  expect(hints(['lo', 'eth0', 'eth1'])).toEqual(['this machine has eth0 and eth1']);
});
