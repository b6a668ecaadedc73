import { parseRulesetNat, type RulesetPortForward, type RulesetSourceNat } from '../../firewall/nft-parse/nat.ts';
import type { LiveState } from '../../model/kernel/live-state.ts';
import type { KindContext } from '../../model/kind.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import type { PortRange } from '../../model/topology.ts';
import { parsePrefix } from '../../net/prefix.ts';
import { foreignObservation, ownObservation } from '../observation.ts';
import type { ForwardRule, NatRule, NftSpec } from './spec.ts';

/** Whether rules of others' can stand for ours: where things are taken over, and where such rules were taken over. */
export const allowsEquivalentRules = ({ adopting, recorded }: KindContext<NftSpec>): boolean =>
  adopting === true || recorded?.spec.byOthers === true;

/** What is wanted, or else what is recorded, when somebody else's rules do all of it; null: they do not. */
export function observeEquivalentRules(
  live: LiveState,
  resource: Resource<NftSpec>,
  context: KindContext<NftSpec>,
): Observation<NftSpec> | null {
  if (!allowsEquivalentRules(context)) return null;
  const there = parseRulesetNat(live.rulesets.get(resource.netns) ?? '');
  const nat = new Set(there.nat.flatMap(keysOfFoundNat));
  const forwards = new Set(there.forwards.flatMap(keysOfFoundForward));
  const recorded = context.recorded?.spec;
  const done = [resource.spec, ...(recorded ? [recorded] : [])].find(
    (spec) =>
      spec.nat.every((rule) => keysOfNat(rule).every((key) => nat.has(key))) &&
      spec.forwards.every((rule) => keysOfForward(rule).every((key) => forwards.has(key))),
  );
  if (!done) return null;
  const spec: NftSpec = { ...done, byOthers: true };
  return context.recorded ? ownObservation(spec) : foreignObservation(spec, 'other rules do the same');
}

/** One for each source. */
const keysOfNat = ({ from, out, exceptTo, as }: NatRule): readonly string[] =>
  (from ?? [null]).map((source) =>
    JSON.stringify([
      source,
      out,
      exceptTo.toSorted(),
      as && `${as.address}${as.ports ? `:${portsText(as.ports)}` : ''}`,
    ]),
  );

function keysOfFoundNat({ from, out, notOut, exceptTo, as }: RulesetSourceNat): readonly string[] {
  // That it is not for what stays on the LAN is how netform's are, too.
  if (notOut.length > 0 && from === null) return [];
  const except = exceptTo.filter((prefix) => prefix !== from).map(wholePrefix);
  return [JSON.stringify([from === null ? null : wholePrefix(from), out, except.toSorted(), as])];
}

/** `10.0.0.2` as a prefix. */
const wholePrefix = (text: string): string => (parsePrefix(text) ? text : `${text}/${text.includes(':') ? 128 : 32}`);

/** One for each protocol. */
const keysOfForward = ({ address, ports, protocols, target }: ForwardRule): readonly string[] =>
  protocols.map((protocol) =>
    JSON.stringify([address, portsText(ports), protocol, target.address, portsText(target.ports)]),
  );

const keysOfFoundForward = (one: RulesetPortForward): readonly string[] =>
  one.onlyFrom === null
    ? one.protocols.map((protocol) =>
        JSON.stringify([
          one.address,
          portsText(one.ports),
          protocol,
          one.target,
          portsText(one.targetPorts ?? one.ports),
        ]),
      )
    : [];

const portsText = ({ first, last }: PortRange): string => (first === last ? `${first}` : `${first}-${last}`);
