import { expect } from 'vitest';
import type { Machine } from '../support/machine.ts';
import type { Family } from './address.ts';

const GROUPS = { 4: '239.1.1.9', 6: 'ff05::9' } as const;

/** What the camera of static-mdb.yaml sends to a group comes to the port that is written, and only there once the bridge is a querier. */
export async function proveGroups(m: Machine, family: Family): Promise<void> {
  const group = GROUPS[family];
  expect(await hearers(m, group), 'without a querier').toEqual(['guest', 'wall']);
  // In hundredths of a second: so long it listens for another one, before it goes by its table.
  await m.must('ip link set lan type bridge mcast_query_response_interval 10');
  await m.must('ip link set lan type bridge mcast_querier 1; sleep 1');
  expect(await hearers(m, group), 'with a querier').toEqual(['wall']);
  await m.must('ip link set lan type bridge mcast_querier 0 mcast_query_response_interval 1000');
}

/** Who gets three echo requests for a group, by the counters of a rule in front of the stack. */
async function hearers(m: Machine, group: string): Promise<readonly string[]> {
  const all = ['guest', 'wall'];
  const family = group.includes(':') ? 'ip6' : 'ip';
  const chain = 'type filter hook ingress device eth0 priority 0;';
  const rules = `table netdev heard {\nchain in { ${chain}\n${family} daddr ${group} counter\n}\n}`;
  for (const netns of all) await m.must(`ip netns exec ${netns} nft '${rules}'`);
  await m.sh(`ip netns exec camera ping -n -c3 -i0.1 -W1 -I eth0 ${group}`);
  const counts = await Promise.all(
    all.map((netns) =>
      m.must(
        `ip netns exec ${netns} nft list table netdev heard; ip netns exec ${netns} nft delete table netdev heard`,
      ),
    ),
  );
  return all.filter((_, i) => /counter packets [1-9]/.test(counts[i] ?? ''));
}
