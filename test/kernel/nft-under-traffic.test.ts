import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { NatRule } from '../../src/features/nat/rule.ts';
import type { ForwardRule } from '../../src/features/port-forwards/rule.ts';
import type { ServiceRule } from '../../src/features/services/rule.ts';
import { nftScriptOf } from '../../src/kinds/nft/script.ts';
import type { Instruction } from '../../src/model/instruction.ts';
import { nftTableChanges } from '../../src/net/nft-table-changes.ts';
import { nftParts } from '../../src/registry/features.ts';
import { addNetns, executeAll, sh } from './kernel-fixture.ts';

const TABLE = 'netform_lab';
const CHANGES = 1000;
const [SERVER, SERVICE] = ['10.9.0.2', '10.96.0.1'];
const scriptOf = nftScriptOf(nftParts.filter(({ family }) => family === undefined));

/** What listens at SERVER is reached by the forwards of 8080 and 8090, and by the service; all else comes and goes with `nth`. */
function tableWith(nth: number): string {
  const kept = [forward(8080, 80), { ...listen(8090), targets: targets(2 + (nth % 3)) }];
  const forwards = nth % 3 === 0 ? kept : [...kept, forward(9000 + (nth % 100), 81)];
  const nat: readonly NatRule[] =
    nth % 2 === 0 ? [] : [{ kind: 'masquerade', from: ['10.0.0.0/24'], out: 'lo', exceptTo: [], as: null }];
  const services = [service(80, 1 + (nth % 3)), ...(nth % 2 === 0 ? [] : [service(81, 2)])];
  return scriptOf({ netns: 'red', table: TABLE, nat, forwards, services, altered: [] }, 'netform:v1:x:1');
}

const listen = (port: number) =>
  ({ family: 4, address: null, ports: { first: port, last: port }, protocols: ['tcp'] }) as const;

const forward = (port: number, to: number): ForwardRule => ({
  ...listen(port),
  lan: null,
  target: { label: 'n0', address: SERVER, ports: { first: to, last: to } },
});

/** All of them are the server. */
const targets = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ label: `n${i}`, address: SERVER, port: 80, weight: 1, lan: null }));

const service = (port: number, endpoints: number): ServiceRule => ({
  ...{ service: 'web', family: 4, at: { cluster: SERVICE }, protocol: 'tcp', port, masquerade: false, seed: null },
  targets: targets(endpoints),
});

test.each([
  ['a forward', '10.9.0.1', '8080'],
  ['a forward with several targets', '10.9.0.1', '8090'],
  ['a service', SERVICE, '80'],
])('no new connection to %s is refused while the table changes', async (_title, address, port) => {
  executeAll(addNetns('red'));
  sh(`ip -n red link set lo up; ip -n red addr add 10.9.0.1/32 dev lo; ip -n red addr add ${SERVER}/32 dev lo`);
  sh(`ip -n red route add ${SERVICE} dev lo`);
  executeAll({ do: 'nft.replace', netns: 'red', table: TABLE, script: tableWith(0) });
  const opener = [join(import.meta.dirname, 'connects.pl'), address, port, SERVER, '80'];
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
