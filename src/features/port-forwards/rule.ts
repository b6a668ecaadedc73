import type { SpreadTarget } from '../../kinds/nft/spread.ts';
import type { PortRange, Protocol } from '../../model/topology.ts';

/** A port forward as states record it. */
export type ForwardRule = SingleForwardRule | SpreadForwardRule;

/** Where a forward listens. `address` null: every address of the namespace. */
type ForwardListen = {
  readonly family: 4 | 6;
  readonly address: string | null;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
};

/** A forward with one target. `lan`: its clients, the target too, are masqueraded. */
export type SingleForwardRule = ForwardListen & {
  readonly target: { readonly label: string; readonly address: string; readonly ports: PortRange };
  readonly lan: string | null;
};

/** A forward of one port to several targets, each with its `lan`. */
export type SpreadForwardRule = ForwardListen & {
  readonly targets: readonly (SpreadTarget & { readonly lan: string | null })[];
};

/** A target of a forward of either form. */
export type ForwardRuleTarget = SingleForwardRule['target'] & { readonly lan: string | null; readonly weight: number };

/** The targets of a forward: one, or those that it is spread over. */
export const targetsOfRule = (rule: ForwardRule): readonly ForwardRuleTarget[] =>
  'targets' in rule
    ? rule.targets.map(({ port, ...target }) => ({ ...target, ports: { first: port, last: port } }))
    : [singleTarget(rule)];

const singleTarget = ({ target: { label, address, ports }, lan }: SingleForwardRule): ForwardRuleTarget => ({
  label,
  address,
  ports,
  lan,
  weight: 1,
});
