import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { NatRule } from '../../src/features/nat/rule.ts';
import type { ForwardRule } from '../../src/features/port-forwards/rule.ts';
import { nftScriptOf } from '../../src/kinds/nft/script.ts';
import type { Instruction } from '../../src/model/instruction.ts';
import { nftTableChanges } from '../../src/net/nft-table-changes.ts';
import { nftParts } from '../../src/registry/features.ts';
import { addNetns, executeAll, sh } from './kernel-fixture.ts';

const TABLE = 'netform_lab';
const CHANGES = 1000;
const scriptOf = nftScriptOf(nftParts.filter(({ family }) => family === undefined));

/** The forward of 8080 stays; another one, and the masquerading, come and go with `nth`. */
function tableWith(nth: number): string {
  const forwards = nth % 3 === 0 ? [forward(8080, 80)] : [forward(8080, 80), forward(9000 + (nth % 100), 81)];
  const nat: readonly NatRule[] =
    nth % 2 === 0 ? [] : [{ kind: 'masquerade', from: ['10.0.0.0/24'], out: 'lo', exceptTo: [], as: null }];
  return scriptOf({ netns: 'red', table: TABLE, nat, forwards, altered: [] }, 'netform:v1:x:1');
}

const forward = (port: number, to: number): ForwardRule => ({
  ...{ family: 4, address: null, ports: { first: port, last: port }, protocols: ['tcp'], lan: null },
  target: { label: 'n0', address: '10.9.0.2', ports: { first: to, last: to } },
});

test('no new connection is refused while the table of its forward changes', async () => {
  executeAll(addNetns('red'));
  sh('ip -n red link set lo up; ip -n red addr add 10.9.0.1/32 dev lo; ip -n red addr add 10.9.0.2/32 dev lo');
  executeAll({ do: 'nft.replace', netns: 'red', table: TABLE, script: tableWith(0) });
  const opener = [join(import.meta.dirname, 'connects.pl'), '10.9.0.1', '8080', '10.9.0.2', '80'];
  const client = spawn('ip', ['netns', 'exec', 'red', 'perl', ...opener], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(client.stdout, 'data');
  for (let nth = 1; nth <= CHANGES; nth++) {
    const changes = nftTableChanges(`inet ${TABLE}`, tableWith(nth - 1), tableWith(nth));
    const change: Instruction = { do: 'nft.replace', netns: 'red', table: TABLE, script: tableWith(nth) };
    executeAll(changes === null ? change : { ...change, changes });
  }
  client.stdin.end();
  const [opened = 0, refused] = (await text(client.stdout)).split(' ').map(Number);
  expect(opened).toBeGreaterThan(CHANGES / 10);
  expect(refused, `of ${opened}`).toBe(0);
});
