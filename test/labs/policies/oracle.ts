/** The pods of the lab of the policy tests, and what NetworkPolicy v1 says about them: written from its text, apart from the product. */
export type Pod = {
  readonly name: string;
  readonly project: string;
  readonly labels: { readonly [key: string]: string };
  readonly addresses: readonly [v4: string, v6: string];
  readonly ports: { readonly [name: string]: readonly ['tcp' | 'udp', number] };
};

type Condition = string | readonly string[] | { readonly not: readonly string[] } | { readonly exists: boolean };
type Selector = { readonly [label: string]: Condition | { readonly [label: string]: Condition } };
type Peer = string | Selector | { readonly cidr: string; readonly except: readonly string[] };
type Rule = {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly (number | string)[];
};
export type Policy = {
  readonly project?: string;
  readonly select: Selector;
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
};

/** Of each project its labels. */
type Projects = { readonly [project: string]: { readonly [label: string]: string } };

export type Packet = {
  readonly from: Pod;
  readonly to: Pod;
  readonly family: 0 | 1;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
};

/** Whether a packet passes. */
export function passes(packet: Packet, policies: readonly Policy[], projects: Projects): boolean {
  const { from, to } = packet;
  const out = policies.filter((one) => one.egress && isSelected(one, from, projects));
  const into = policies.filter((one) => one.ingress && isSelected(one, to, projects));
  const goesOut =
    out.length === 0 || out.some((one) => one.egress?.some((rule) => fits(rule, rule.to, to, one, packet, projects)));
  const comesIn =
    into.length === 0 ||
    into.some((one) => one.ingress?.some((rule) => fits(rule, rule.from, from, one, packet, projects)));
  return goesOut && comesIn;
}

const ownProject = (policy: Policy): string => policy.project ?? 'default';

const isSelected = (policy: Policy, pod: Pod, projects: Projects): boolean =>
  matches(policy.select, pod, ownProject(policy), projects);

function fits(
  rule: Rule,
  peers: readonly Peer[] | undefined,
  other: Pod,
  policy: Policy,
  packet: Packet,
  projects: Projects,
): boolean {
  const address = other.addresses[packet.family];
  const isPeer = peers === undefined || peers.some((peer) => isPeerOf(peer, other, address, policy, projects));
  return isPeer && (rule.ports === undefined || rule.ports.some((port) => isPort(port, packet)));
}

function isPeerOf(peer: Peer, other: Pod, address: string, policy: Policy, projects: Projects): boolean {
  if (typeof peer === 'string') return inNetwork(address, peer);
  if ('cidr' in peer) {
    const { cidr, except } = peer as { readonly cidr: string; readonly except: readonly string[] };
    return inNetwork(address, cidr) && !except.some((one) => inNetwork(address, one));
  }
  return matches(peer as Selector, other, ownProject(policy), projects);
}

function matches(selector: Selector, pod: Pod, own: string, projects: Projects): boolean {
  const { project = own, ...labels } = selector;
  return (
    inProject(project as Condition, pod.project, projects) &&
    Object.entries(labels).every(([label, condition]) => holds(pod.labels[label], condition as Condition))
  );
}

function inProject(
  wanted: Condition | { readonly [label: string]: Condition },
  project: string,
  projects: Projects,
): boolean {
  if (wanted === 'any') return true;
  if (typeof wanted === 'string') return wanted === project;
  if (Array.isArray(wanted)) return wanted.includes(project);
  return Object.entries(wanted).every(([label, condition]) =>
    holds(projects[project]?.[label], condition as Condition),
  );
}

function holds(value: string | undefined, condition: Condition): boolean {
  if (typeof condition === 'string') return value === condition;
  if (Array.isArray(condition)) return value !== undefined && condition.includes(value);
  if ('exists' in condition) return (value !== undefined) === condition.exists;
  return value === undefined || !(condition as { readonly not: readonly string[] }).not.includes(value);
}

function isPort(port: number | string, { to, protocol, port: used }: Packet): boolean {
  const [what = '', written = 'tcp'] = String(port).split('/');
  if (!written.split('+').includes(protocol)) return false;
  const [first, last = first] = what.split('-').map(Number);
  if (first !== undefined && !Number.isNaN(first)) return used >= first && used <= (last ?? first);
  return to.ports[what]?.[0] === protocol && to.ports[what]?.[1] === used;
}

/** Whether an address is in a network, by the digits of both. */
function inNetwork(address: string, network: string): boolean {
  const [base = '', length] = network.split('/');
  if (base.includes(':') !== address.includes(':')) return false;
  const bits = (text: string): string =>
    text.includes(':')
      ? expand(text)
          .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
          .join('')
      : text
          .split('.')
          .map((part) => Number(part).toString(2).padStart(8, '0'))
          .join('');
  const count = length === undefined ? bits(base).length : Number(length);
  return bits(address).slice(0, count) === bits(base).slice(0, count);
}

function expand(text: string): readonly string[] {
  const [left = '', right] = text.split('::');
  const [head, tail] = [left.split(':').filter(Boolean), (right ?? '').split(':').filter(Boolean)];
  return right === undefined
    ? head
    : [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
}
