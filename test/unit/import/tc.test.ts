import { expect, test } from 'vitest';
import { readCommands } from '../../../src/import/commands/index.ts';

const read = (line: string) => {
  const { links, unknown } = readCommands([line], { nameOf: (link) => link, files: null });
  return unknown.length > 0 ? null : (links.get('eth1')?.impair ?? null);
};

test.each([
  ['tc qdisc add dev eth1 root netem delay 20ms 2ms loss 1%', { delay: '20ms', jitter: '2ms', loss: '1%' }],
  ['tc qdisc replace dev eth1 root handle 1: netem loss random 5% rate 10Mbit', { loss: '5%', rate: '10mbit' }],
  ['tc qdisc add dev eth1 root tbf rate 1mbit burst 32kbit latency 400ms', { rate: '1mbit' }],
])('%s is an impairment', (line, impair) => {
  expect(read(line)).toEqual(impair);
});

test.each([
  'tc qdisc add dev eth1 root netem delay 20ms 2ms 25%',
  'tc qdisc add dev eth1 root netem delay 20ms distribution normal',
  'tc qdisc add dev eth1 root fq_codel',
  'tc qdisc add dev eth1 parent 1:1 netem delay 20ms',
  'tc qdisc add dev eth1 root tbf burst 32kbit latency 400ms',
  'tc qdisc del dev eth1 root',
])('%s says what impair cannot', (line) => {
  expect(read(line)).toBeNull();
});
