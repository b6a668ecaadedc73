import { expect } from 'vitest';
import type { Machine } from '../support/machine.ts';
import { serving } from '../support/traffic.ts';

/** Counts who answers so many TCP connections of `client`, as `web-1 667`. */
const manyConnections = (
  to: string,
  port: number,
  count: number,
): string => `ip netns exec client perl -MIO::Socket::IP -e '
  for (1 .. ${count}) {
    my $socket = IO::Socket::IP->new(PeerHost => "${to}", PeerPort => ${port}, Timeout => 8) or next;
    my ($who) = split " ", scalar(<$socket>) // "none";
    $count{$who}++;
  }
  print "$_ $count{$_}\\n" for sort keys %count'`;

export type ExpectedSpread = {
  readonly to: string;
  readonly port: number;
  readonly connections: number;
  /** By the name of the target. */
  readonly weights: { readonly [name: string]: number };
};

/** Each target has its share of the connections of `client`, within five standard deviations. */
export async function expectSpread(m: Machine, { to, port, connections: n, weights }: ExpectedSpread): Promise<void> {
  const lines = (await m.must(manyConnections(to, port, n))).trim().split('\n');
  const counts = new Map(lines.map((line) => [line.split(' ')[0], Number(line.split(' ')[1])]));
  const sum = Object.values(weights).reduce((a, b) => a + b, 0);
  expect([...counts.keys()].sort(), lines.join(', ')).toEqual(Object.keys(weights).sort());
  for (const [name, weight] of Object.entries(weights)) {
    const p = weight / sum;
    const most = 5 * Math.sqrt(n * p * (1 - p));
    expect(Math.abs((counts.get(name) ?? 0) - n * p), lines.join(', ')).toBeLessThanOrEqual(most);
  }
}

/** While `body` runs, every one of these namespaces answers on the port. */
export async function servingAll(
  m: Machine,
  { names: [first, ...others], port }: { readonly names: readonly string[]; readonly port: number },
  body: () => Promise<void>,
): Promise<void> {
  if (first === undefined) return body();
  await serving(m, { netns: first, port }, () => servingAll(m, { names: others, port }, body));
}
