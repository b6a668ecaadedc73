import type { CurrentAddresses, Lab } from '../../../src/model/lab.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';

/** The lab of a topology without its first two lines. Throws when the text itself is wrong. */
export function labOf(yaml: string, sticky: CurrentAddresses = {}): Lab {
  const { topology, diagnostics } = loadTopology(`version: 1\nname: test\n${yaml}`, {
    file: 'test.yaml',
    vars: {},
    varFile: null,
  });
  if (!topology || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics, null, 2));
  return elaborateTopology(topology, sticky);
}

/** `check: message` of everything that was found. */
export const said = (lab: Lab): string[] => lab.problems.map(({ check, message }) => `${check}: ${message}`);

/** `red/eth0` → its prefixes. */
export const addressesIn = (lab: Lab): Record<string, readonly string[]> =>
  Object.fromEntries(lab.addresses.map(({ netns, dev, prefixes }) => [`${netns}/${dev}`, prefixes]));

/** `red: default via 10.0.0.1 dev eth0`. */
export const routesIn = (lab: Lab): string[] =>
  lab.routes.map(({ netns, to, type, hops, src, metric, table }) => {
    const way = hops.map(
      ({ via, dev, weight }) => `${via ? `via ${via} ` : ''}dev ${dev}${weight > 1 ? ` x${weight}` : ''}`,
    );
    const kind = type === 'unicast' ? '' : `${type} `;
    const rest = [
      src && `src ${src}`,
      metric !== 0 && metric !== 1024 && `metric ${metric}`,
      table !== 254 && `table ${table}`,
    ];
    return [`${netns}: ${kind}${to}`, ...way, ...rest].filter(Boolean).join(' ');
  });
