import { expect, test } from 'vitest';
import { loadTopology } from '../../../src/registry/language.ts';

test.each(['version: "1"\nname: x\n', 'version: 1\nname: x\nbridges: { lan: { mtu: "9" } }\n'])(
  'a value of the wrong type is one mistake, not also a value that is not allowed: %j',
  (text) => {
    const { diagnostics } = loadTopology(Buffer.from(text), { file: 'lab.yaml', vars: {}, varFile: null });
    expect(diagnostics.map(({ check, hint }) => [check, hint])).toEqual([['wrong-type', 'leave the quotes out']]);
  },
);
