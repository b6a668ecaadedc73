import type { Json } from '../model/json.ts';
import { filled, type Tree } from './imported.ts';

/** What `ip` and `sysctl` lines ask for in one namespace. */
export type Commanded = {
  /** By interface. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly mtus: ReadonlyMap<string, number>;
  readonly routes: readonly Tree[];
  readonly sysctls: Tree;
  /** Lines that are not understood. */
  readonly unknown: readonly string[];
};

/** Reads lines as people write them to be run in a node: `ip addr add 10.0.0.1/24 dev eth1`. */
export function commandsIn(lines: readonly string[]): Commanded {
  const addresses = new Map<string, string[]>();
  const mtus = new Map<string, number>();
  const routes: Tree[] = [];
  const sysctls: { [key: string]: Json } = {};
  const unknown: string[] = [];
  for (const line of lines.flatMap(partsOf)) {
    const address = ADDRESS.exec(line);
    const mtu = /^ip link set (?:dev )?(\S+)(?: up)? mtu (\d+)(?: up)?$/.exec(line);
    const route = ROUTE.exec(line);
    const sysctl = /^sysctl (?:-[a-z]+ )*([\w./-]+) ?= ?"?([^"]*)"?$/.exec(line);
    if (address) addresses.set(address[2] ?? '', [...(addresses.get(address[2] ?? '') ?? []), address[1] ?? '']);
    else if (mtu) mtus.set(mtu[1] ?? '', Number(mtu[2]));
    else if (route) routes.push(routeOf(route));
    else if (sysctl) sysctls[sysctl[1] ?? ''] = /^\d+$/.test(sysctl[2] ?? '') ? Number(sysctl[2]) : (sysctl[2] ?? '');
    else if (!/^ip link set (?:dev )?\S+ up$/.test(line)) unknown.push(line);
  }
  return { addresses, mtus, routes, sysctls, unknown };
}

const ADDRESS = /^ip (?:-[46] )?a(?:ddr(?:ess)?)? (?:add|replace) ([0-9a-f.:]+\/\d+) dev (\S+)$/i;
const ROUTE =
  /^ip (?:-[46] )?r(?:oute)? (?:add|replace) (\S+)(?: via ([0-9a-f.:]+))?(?: dev (\S+))?(?: metric (\d+))?$/i;

function routeOf([, to = '', via, dev, metric]: RegExpExecArray): Tree {
  const isPlain = via !== undefined && !via.startsWith('fe80:');
  return filled({
    to: to === '0.0.0.0/0' || to === '::/0' ? 'default' : to,
    via,
    dev: isPlain ? null : dev,
    metric: metric === undefined ? null : Number(metric),
  });
}

/** `sh -c "one && two; three"` as its lines. */
const partsOf = (line: string): readonly string[] =>
  line
    .replace(/^(?:ba|a)?sh -c (['"])(.*)\1$/, '$2')
    .split(/\s*(?:&&|;)\s*/)
    .map((part) => part.trim().replace(/\s+/g, ' '))
    .filter((part) => part !== '');
