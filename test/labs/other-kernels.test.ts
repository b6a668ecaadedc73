import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { linkKinds } from '../../src/registry/kinds.ts';
import { repository, withMachine } from '../support/machine.ts';

const FOLDER = 'topologies/other-kernels';
const names = readdirSync(`${repository}${FOLDER}`).filter((name) => name.endsWith('.yaml'));

/** The kinds of links, and of queues, that this kernel lacks, by asking for one of each. */
const PROBE = `for kind in KINDS; do
  ip link add name probe0 type $kind 2>&1 | grep -q 'Unknown device type' && echo $kind
  ip link del probe0 2>/dev/null
done
tc qdisc add dev lo root netem limit 5 2>&1 | grep -q 'kind is unknown' && echo netem
tc qdisc del dev lo root 2>/dev/null; true`;

test('a topology of kinds that the kernel lacks is refused with one sentence for each kind, and nothing is changed', async () => {
  const kinds = [...linkKinds.values()].filter(({ section }) => section === 'interfaces').map(({ name }) => name);
  await withMachine(async (m) => {
    const before = await m.snapshot();
    const missing = (await m.must(PROBE.replace('KINDS', kinds.join(' ')))).split('\n').filter(Boolean);
    for (const name of names) {
      const { code, stderr } = await m.netform(['plan', `${FOLDER}/${name}`]);
      const said = [
        ...stderr.matchAll(
          /this kernel (?:cannot make links of kind|has no) (\w+)(?:, which .* need)? \[NF30(?:05|22)\]/g,
        ),
      ].map(([, kind]) => kind);
      // Each bad line is named: they differ in what they need.
      if (!said.includes('netem')) expect(new Set(said).size, stderr).toBe(said.length);
      expect(said.filter((kind) => !missing.includes(kind ?? ''))).toEqual([]);
      // The NICs that an example moves are not here.
      const isWithoutNic = stderr.includes('is not a link of this machine [NF3035]');
      expect(code, stderr).toBe(said.length > 0 || isWithoutNic ? 3 : 0);
      if (missing.length > 8) expect(said.length > 0 || isWithoutNic, name).toBe(true);
    }
    expect(await m.snapshot()).toBe(before);
  });
});
