import { expect, test } from 'vitest';
import { decodeNetem, encodeNetem } from '../../../src/kernel/netlink/queues/netem.ts';
import { decodeTbf, encodeTbf } from '../../../src/kernel/netlink/queues/tbf.ts';
import { parseEgressTable } from '../../../src/kernel/read/needs/egress-table.ts';
import { NO_IMPAIRMENT } from '../../../src/model/kernel/impairment.ts';
import {
  formatImpairment,
  formatImpairmentWord,
  impairmentContradictions,
  parseImpairmentWord,
} from '../../../src/net/impairment.ts';

test.each([
  ['delay', '20ms', 20_000, '20ms'],
  ['delay', '1500 us', 1500, '1500us'],
  ['jitter', '0.5s', 500_000, '500ms'],
  ['loss', '0.1%', 1000, '0.1%'],
  ['corrupt', '100 %', 1_000_000, '100%'],
  ['rate', '10Mbit', 10_000_000, '10mbit'],
  ['rate', '1.5gbit', 1_500_000_000, '1500mbit'],
  ['rate', '1001bit', 1000, '1kbit'],
] as const)('%s %s is %d', (word, text, value, formatted) => {
  expect(parseImpairmentWord(word, text)).toEqual({ value });
  expect(formatImpairmentWord(word, value)).toBe(formatted);
});

test.each([
  ['delay', '20'],
  ['delay', '-1ms'],
  ['delay', '271s'],
  ['delay', '0ms'],
  ['loss', '101%'],
  ['loss', '0.3'],
  ['rate', '0mbit'],
  ['rate', '10mbps'],
  ['rate', '2000gbit'],
] as const)('%s %s is refused', (word, text) => {
  expect(parseImpairmentWord(word, text)).toHaveProperty('problem');
});

test('words that need another word are found', () => {
  const of = (values: object) => impairmentContradictions({ ...NO_IMPAIRMENT, ...values }).map(({ word }) => word);
  expect(of({ jitter: 1 })).toEqual(['jitter']);
  expect(of({ delay: 1, jitter: 2 })).toEqual(['jitter']);
  expect(of({ reorder: 1 })).toEqual(['reorder']);
  expect(of({ delay: 2, jitter: 2, reorder: 1 })).toEqual([]);
});

test('a queue of netem is read back to the same words, whatever they are', () => {
  for (const delay of [0, 1, 999, 20_000, 270_000_000]) {
    for (const chance of [0, 1, 1234, 1_000_000]) {
      for (const rate of [0, 1000, 10_000_000, 40_000_000_000]) {
        const impairment = {
          delay,
          jitter: delay,
          loss: chance,
          duplicate: chance,
          corrupt: chance,
          reorder: chance,
          rate,
        };
        expect(decodeNetem(encodeNetem(impairment))).toEqual({ impairment, altered: false });
      }
    }
  }
  const limited = encodeNetem({ ...NO_IMPAIRMENT, loss: 1000 });
  limited.writeUInt32LE(2000, 4);
  expect(decodeNetem(limited).altered).toBe(true);
});

test('a queue of tbf is read back to the same rate, and another burst is seen', () => {
  for (const rate of [1000, 64_000, 10_000_000, 1_000_000_000, 40_000_000_000])
    expect(decodeTbf(encodeTbf(rate))).toEqual({ rate, altered: false });
  const other = encodeTbf(10_000_000);
  other.writeUInt32LE(300_000, 4 + 28);
  expect(decodeTbf(other).altered).toBe(true);
});

test('the words of an impairment are said in one order', () => {
  expect(formatImpairment({ ...NO_IMPAIRMENT, rate: 1000, delay: 1000, loss: 5 })).toBe(
    'delay 1ms, loss 0.0005%, rate 1kbit',
  );
});

test('a table of which the chain is gone has no link', () => {
  const text =
    'table netdev netform_a/eth0 {\n\tset marker {\n\t\ttype ipv4_addr\n\t\tcomment "netform:v1:a:0a1b"\n\t}\n}\n';
  expect(parseEgressTable(text)).toEqual({ mark: 'netform:v1:a:0a1b', dev: null, rules: [] });
});
