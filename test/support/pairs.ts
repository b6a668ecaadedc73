import { type Machine, withMachine } from './machine.ts';
import { type Fence, fencesOf } from './page.ts';
import { linked, open, transcript } from './play.ts';
import { essenceOf } from './snapshot/compare.ts';

/** What people type by hand, the topology for it, and the question that both are asked. */
export type Pair = {
  readonly title: string;
  readonly script: string;
  readonly topology: string;
  readonly proof: Fence;
};

/** What a machine was like after one side of a pair, and what it answered. */
export type Side = { readonly essence: string; readonly answer: string };

/** The pairs of docs/from-ip.md: a block of sh, one of yaml, one of console. */
export function pairsOf(page: string): readonly Pair[] {
  const lines = page.split('\n');
  const fences = fencesOf(page);
  return fences.flatMap((proof, nth) => {
    const [script, topology] = [fences[nth - 2], fences[nth - 1]];
    if (proof.language !== 'console' || script?.language !== 'sh' || topology?.language !== 'yaml') return [];
    const title = lines.slice(0, script.first).findLast((line) => line.startsWith('## ')) ?? '';
    return [{ title: title.slice(3), script: script.body, topology: topology.body, proof }];
  });
}

export const byHand = ({ script, proof }: Pair): Promise<Side> =>
  withMachine(async (m) => {
    await m.must(`set -e\n${script}`);
    await linked(m);
    return sideOf(m, proof);
  });

export const byNetform = ({ topology, proof }: Pair): Promise<Side> =>
  withMachine(async (m) => {
    const ended = await m.netform(['apply', '-'], { input: topology });
    if (ended.code !== 0) throw new Error(ended.stderr);
    return sideOf(m, proof);
  });

/** The page with the answers of its pairs. */
export async function playPairs(page: string): Promise<string> {
  const lines: (string | null)[] = page.split('\n');
  for (const pair of pairsOf(page)) {
    const { answer } = await byNetform(pair);
    lines.fill(null, pair.proof.first, pair.proof.end);
    lines[pair.proof.first] = answer;
  }
  return lines.filter((line) => line !== null).join('\n');
}

async function sideOf(m: Machine, proof: Fence): Promise<Side> {
  const essence = essenceOf(await m.snapshot());
  const session = await open(m);
  try {
    return { essence, answer: await transcript(proof, session) };
  } finally {
    session.close();
  }
}
