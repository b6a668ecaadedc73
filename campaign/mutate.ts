import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../test/support/machine.ts';
import { randomLab } from './labs.ts';
import { type Random, random } from './random.ts';

const FILES = [
  'topologies/port-forward.yaml',
  'topologies/dual-stack/names.yaml',
  'topologies/cni.yaml',
  'topologies/router.yaml',
  'topologies/docker-bridge.yaml',
  'test/unit/source/fixtures/language.yaml',
] as const;

const SCALARS = [
  ...[
    'null',
    '~',
    'true',
    '-1',
    '0',
    '1e999',
    '.inf',
    '99999999999999999999',
    '""',
    '[]',
    '{}',
    '[[[[[[]]]]]]',
    '- -',
    '?',
  ],
  ...[
    '10.0.0.1',
    '10.0.0.0/0',
    '::/0',
    '300.1.1.1',
    '010.0.0.1',
    '::ffff:1.2.3.4',
    'fe80::1%eth0',
    '10.0.0.1/33',
    '0.0.0.0',
  ],
  ...[
    '02:00:00:00:00:zz',
    'ff:ff:ff:ff:ff:ff',
    'host',
    'lo',
    'all',
    'a:b:c',
    'a -- b',
    ' -- ',
    '0-65535',
    '70000',
    '1 -> 2:3',
  ],
  ...[
    '&a [*a]',
    '*nobody',
    '!!binary aGk=',
    '!<x> y',
    '<<: {a: b}',
    '|+\n\n',
    '>-',
    '"\\u0000"',
    "'",
    '"',
    '@',
    '`',
    '%TAG',
    '---',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    `\${x}`,
    `\${`,
    '\u0000',
    '\u2028',
    '\ufeff',
    '\t',
    '🦊',
    '\ud800',
  ],
] as const;

/** A text that is almost a topology, and often none; sometimes its bytes are not even text. */
export function mutateTopology(seed: number): Buffer {
  const dice = random(seed);
  let text = dice.often(40) ? JSON.stringify(randomLab(dice.below(500)), null, 1) : sampleText(dice);
  for (let left = 1 + dice.below(4); left > 0; left--) text = mutateText(text, dice);
  return dice.often(25) ? mutateBytes(Buffer.from(text), dice) : Buffer.from(text);
}

const texts = new Map<string, string>();

function sampleText(dice: Random): string {
  const path = dice.one(FILES);
  const text = texts.get(path) ?? readFileSync(join(repository, path), 'utf8').replace(/^#.*\n/gm, '');
  texts.set(path, text);
  return text;
}

function mutateText(text: string, dice: Random): string {
  const lines = text.split('\n');
  const at = dice.below(lines.length);
  const line = lines[at] ?? '';
  const put = (...replacement: readonly string[]) => lines.toSpliced(at, 1, ...replacement).join('\n');
  const scalar = dice.one(SCALARS);
  const mutations: readonly [() => string, ...(() => string)[]] = [
    () => put(),
    () => put(line, line),
    () => put(`${' '.repeat(dice.below(5))}${line.trimStart()}`),
    () => put(line.replace(/:.*$/, `: ${scalar}`)),
    () => put(line.replace(/[\w.-]+/, scalar)),
    () => put(line.replace(/("?)([\w./:-]+)\1(,?)$/, `${scalar}$3`)),
    () => put(line, scalar),
    () => put(line, lines[dice.below(lines.length)] ?? ''),
    () => text.slice(0, dice.below(text.length + 1)),
    () => text.slice(dice.below(text.length + 1)),
    () => cut(text, dice, scalar),
    () => cut(text, dice, ''),
    () => text.replaceAll(/\d+/g, (number) => (dice.often(10) ? String(dice.below(70_000)) : number)),
    () => text.replaceAll(/\b[a-z]+\b/g, (word) => (dice.often(3) ? dice.one(SCALARS) : word)),
    () => put(line, `x: ${'['.repeat(dice.below(300))}`),
    () => put(line, `x: ${'a'.repeat(dice.below(5000))}`),
    () => put(line, ...Array.from({ length: dice.below(9) }, (_, i) => `b${i}: &b${i} [${`*b${i - 1},`.repeat(9)}]`)),
    () => text.replaceAll('\n', dice.one(['\r\n', '\r', '\n\n', ' '])),
  ];
  return dice.one(mutations)();
}

function cut(text: string, dice: Random, put: string): string {
  const from = dice.below(text.length + 1);
  return text.slice(0, from) + put + text.slice(from + dice.below(30));
}

function mutateBytes(bytes: Buffer, dice: Random): Buffer {
  const changed = Buffer.from(bytes);
  for (let left = 1 + dice.below(5); left > 0 && changed.length > 0; left--) {
    changed[dice.below(changed.length)] = dice.below(256);
  }
  return changed;
}
