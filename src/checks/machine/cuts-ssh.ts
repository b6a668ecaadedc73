import { firewallVerdict } from '../../firewall/lab-firewall.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../model/diagnostics/source-location.ts';
import type { Json, Spec } from '../../model/json.ts';
import type { NetnsLive, RouteLive } from '../../model/kernel/live-state.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { FirewallRule } from '../../model/lab-parts/firewall-rule.ts';
import type { Operation } from '../../model/operation.ts';
import { prefixContainsText, requirePrefix } from '../../net/prefix.ts';
import type { MachineCheck } from '../check.ts';

/** The SSH session that a command is run in: both ends, as addresses, and the port of the server; left out: 22. */
export type SshSession = { readonly client: string; readonly server: string; readonly port?: number };

/** An operation that would cut the session that the command is run in. */
export const cutsSsh: MachineCheck = {
  name: 'cuts-ssh',
  code: 'NF3010',
  title: 'Change may cut the SSH session',
  explain:
    'The plan changes the route, the address or the link of this machine that the current SSH session uses, or gives the machine a firewall that stops its client. If that goes wrong, it cannot be repaired from here. With `--confirm 60s` everything is rolled back unless `netform confirm` follows in time. `plan` only warns.',
  bad: `
routes: [{ to: 203.0.113.0/24, via: 198.51.100.9, dev: eth0 }]
`,
  good: `
routes: [{ to: 10.9.0.0/16, via: 198.51.100.9, dev: eth0 }]
`,
  find: (_lab, live, { session }) => {
    const touches = (operation: Operation): boolean =>
      operation.netns === 'host' || operation.before?.['netns'] === 'host';
    if (!session?.operations.some(touches)) return [];
    const host = live.get({ need: 'namespace', netns: 'host' });
    if (!host) return [];
    const cut = findSshCut(session.operations, host, session);
    return cut === null ? [] : [diagnosticFor(cut, session.severity)];
  },
};

/** Finds the first operation of a plan that touches the path to the client of a session, and how it does. Null: none. */
export function findSshCut(operations: readonly Operation[], host: NetnsLive, session: SshSession): SshCut | null {
  const carrier = carrierOf(host, session);
  for (const operation of operations.filter(({ netns }) => netns === 'host')) {
    const how = RULES[operation.kind]?.(operation, carrier) ?? null;
    if (how !== null) return { operation, how };
  }
  for (const operation of operations) {
    const { netns, name } = operation.before ?? {};
    const isTaken = operation.netns !== 'host' && netns === 'host' && carrier.links.has(String(name));
    if (isTaken) return { operation, how: `takes the link to ${session.client} away from the machine` };
  }
  return null;
}

export type SshCut = { readonly operation: Operation; readonly how: string };

/** `route:host/main/default is the route to 198.51.100.7, where …`. */
export const sshCutText = ({ operation, how }: SshCut): string =>
  `${operation.id} ${how}, where this SSH session comes from`;

type SshPath = SshSession & {
  /** The most specific route to the client; null: none is known. */
  readonly route: RouteLive | null;
  /** The link of the route, and those that it is a port of. */
  readonly links: ReadonlySet<string>;
};

type SshCutRule = (operation: Operation, carrier: SshPath) => string | null;

const RULES: { readonly [kind: string]: SshCutRule } = {
  route: ({ before, after }, { client, route }) => {
    if (isSameRoute(before, route)) return `is the route to ${client}`;
    return after !== null && captures(after['to'], client, route) ? `would be the route to ${client}` : null;
  },
  address: ({ before, after }, { client, server, route, links }) => {
    const old = prefixesIn(before);
    const kept = prefixesIn(after);
    const gone = old.filter((prefix) => !kept.includes(prefix));
    const needed = [server, ...(route?.hops.flatMap(({ via }) => via ?? []) ?? [])];
    const isOurLink = links.has(String((before ?? after)?.['dev']));
    if (isOurLink && gone.some((prefix) => needed.some((one) => prefixContainsText(prefix, one)))) {
      return `holds the address that ${client} reaches`;
    }
    const made = kept.filter((prefix) => !old.includes(prefix));
    return !isOurLink && made.some((prefix) => captures(prefix, client, route))
      ? `would carry the traffic to ${client}`
      : null;
  },
  rule: ({ before, after }, { client, server }) =>
    [before, after].some((rule) => rule !== null && matches(rule['to'], client) && matches(rule['from'], server))
      ? `selects the route to ${client}`
      : null,
  bridge: changesLink,
  port: (operation, path) =>
    linksIn(operation.after ?? operation.before).some((link) => path.links.has(link))
      ? `takes the link to ${path.client} for a bridge`
      : null,
  veth: changesLink,
  nft: ({ before, after }, path) =>
    isStoppedBy(after, path) && !isStoppedBy(before, path) ? `has a firewall that stops ${path.client}` : null,
};

/** Whether a firewall in a table would not let a new connection in as that of the session. */
const isStoppedBy = (table: Spec | null, { client, server, port = 22, links }: SshPath): boolean => {
  const rules = Array.isArray(table?.['firewall']) ? (table['firewall'] as unknown as readonly FirewallRule[]) : [];
  const packet = { direction: 'input', out: null, from: client, to: server } as const;
  return [...links].some(
    (link) => firewallVerdict(rules, { ...packet, in: link, port: { protocol: 'tcp', port } }) !== 'accept',
  );
};

function changesLink({ action, before, after }: Operation, { client, links }: SshPath): string | null {
  if (action === 'create') return null;
  return [before, after].some((spec) => linksIn(spec).some((link) => links.has(link)))
    ? `is the link to ${client}`
    : null;
}

function carrierOf(host: NetnsLive, session: SshSession): SshPath {
  const candidates = host.routes.filter(
    ({ to, table, type }) => table === RT_TABLE_MAIN && type === 'unicast' && prefixContainsText(to, session.client),
  );
  const [route = null] = candidates.toSorted((a, b) => lengthOf(b.to) - lengthOf(a.to) || a.metric - b.metric);
  const devs = route?.hops.map(({ dev }) => dev) ?? [];
  const masters = devs.flatMap((dev) => host.links.get(dev)?.master ?? []);
  return { ...session, route, links: new Set([...devs, ...masters]) };
}

function diagnosticFor(cut: SshCut, severity: Diagnostic['severity']): Diagnostic {
  const { origin } = cut.operation;
  return makeDiagnostic('cuts-ssh', origin && atKey(origin), sshCutText(cut), {
    severity,
    hint: 'apply it with --confirm 60s: it is rolled back unless netform confirm follows in time',
  });
}

const isSameRoute = (spec: Spec | null, route: RouteLive | null): boolean =>
  spec !== null && route !== null && (['to', 'table', 'metric'] as const).every((key) => spec[key] === route[key]);

/** Whether a new destination takes the client's packets away from the current route. */
const captures = (to: Json | undefined, client: string, route: RouteLive | null): boolean =>
  typeof to === 'string' && prefixContainsText(to, client) && (route === null || lengthOf(to) >= lengthOf(route.to));

const matches = (prefix: Json | undefined, address: string): boolean =>
  typeof prefix !== 'string' || prefixContainsText(prefix, address);

const lengthOf = (prefix: string): number => requirePrefix(prefix).length;

function prefixesIn(spec: Spec | null): readonly string[] {
  const prefixes = spec?.['prefixes'];
  return Array.isArray(prefixes) ? prefixes.filter((prefix) => typeof prefix === 'string') : [];
}

/** The links of the machine that a bridge or a cable consists of. */
function linksIn(spec: Spec | null): readonly string[] {
  const ends: readonly (Json | undefined)[] = spec === null ? [] : Array.isArray(spec['ends']) ? spec['ends'] : [spec];
  return ends.flatMap((end) =>
    typeof end === 'object' && end !== null && 'netns' in end && end['netns'] === 'host' ? [String(end['name'])] : [],
  );
}
