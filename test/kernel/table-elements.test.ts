import { expect, test } from 'vitest';
import { realMachine } from '../../src/kernel/machine.ts';
import { instructionFamilies } from '../../src/registry/instructions.ts';
import { linkKinds } from '../../src/registry/kinds.ts';
import { addNetns, executeAll, sh } from './kernel-fixture.ts';

const scriptOf = (to: string, from = 1): string => `table inet netform_lab {
  chain pre { type nat hook prerouting priority dstnat; policy accept;
    ip protocol tcp dnat ip to numgen random mod 2 map { 0 : 10.0.0.${from}, 1 : ${to} }
    ip saddr 10.3.0.0/24 tcp dport { 80, 443 } accept
  }
}`;

/** One process looks again and again, as it does before and after what it changes. */
test('a map without a name that took the place of another is read', () => {
  executeAll(addNetns('red'));
  const first = scriptOf('10.0.0.2');
  const second = scriptOf('10.0.0.3');
  executeAll({ do: 'nft.replace', netns: 'red', table: 'netform_lab', script: first });
  const machine = realMachine(linkKinds, instructionFamilies);
  const same = (): readonly string[] => {
    const need = { need: 'table', netns: 'red', key: 'netform_lab', scripts: [first, second] } as const;
    return machine.read([need]).get(need)?.same ?? [];
  };
  const nft = (command: string): unknown => sh(`ip netns exec red nft '${command}'`);
  try {
    expect(same()).toEqual([first]);
    expect(same()).toEqual([first]);
    // The same rule, and a map of the same name: `__map0`.
    const flush = 'flush chain inet netform_lab pre; add rule inet netform_lab pre';
    const lines = (script: string) => script.split('\n').filter((line) => /dnat ip to|accept$/.test(line));
    const again = (script: string) =>
      nft(
        lines(script)
          .map((line, i) => `${i === 0 ? flush : 'add rule inet netform_lab pre'} ${line.trim()}`)
          .join('; '),
      );
    again(second);
    expect(same()).toEqual([second]);
    again(first);
    expect(same()).toEqual([first]);
    again(scriptOf('10.0.0.2', 9));
    expect(same()).toEqual([]);
    // Another table of that name: handles in it count from one again.
    nft('delete table inet netform_lab');
    sh(`ip netns exec red nft -f - <<'E'\n${second}\nE`);
    expect(same()).toEqual([second]);
  } finally {
    machine.close();
  }
});
