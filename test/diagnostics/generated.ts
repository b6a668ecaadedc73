/** Files with too much of something, by the name of their check: they would be thousands of lines of nearly the same. */
export const generated: { readonly [check: string]: () => string } = {
  'too-many-objects': () =>
    ['version: 1', 'name: example', 'namespaces:', ...numbers(6001).map((n) => `  n${n}: {}`), ''].join('\n'),
  'too-many-neighbours': () =>
    [
      ...['version: 1', 'name: example', 'bridges:', '  lan: 10.0.0.0/22', 'namespaces:'],
      ...numbers(360).map((n) => `  n${n}: { interfaces: { eth0: { bridge: lan } } }`),
      '',
    ].join('\n'),
  'too-many-ports': () =>
    [
      ...['version: 1', 'name: example', 'bridges:', '  lan: {}', 'host:', '  interfaces:'],
      ...numbers(1001).map((n) => `    p${n}: { bridge: lan, address: none }`),
      '',
    ].join('\n'),
};

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
