import { type Instruction, PROTOCOL } from '../../model/instruction.ts';
import type { Operation } from '../../model/operation.ts';
import { addressText } from '../../net/prefix.ts';
import type { AddressSpec } from './spec.ts';

/**
 * New ones before the old ones go, so that the link never is without one: a route loses its way with the last address.
 * The same IPv6 address with another length is refused while the old one is there (EEXIST), so that one goes first.
 */
export function addressSteps(
  operation: Operation<AddressSpec>,
  phase: 'delete' | 'make',
): readonly (readonly Instruction[])[] {
  const { before, after, netns } = operation;
  if (phase === 'delete') return before ? [removals(netns, before, before.prefixes)] : [];
  if (!after) return [];
  const old = operation.action === 'update' ? before : null;
  const had = old?.prefixes ?? [];
  const added = after.prefixes.filter((prefix) => !had.includes(prefix));
  const removed = had.filter((prefix) => !after.prefixes.includes(prefix));
  const taken = new Set(added.map(addressText));
  const first = removed.filter((prefix) => prefix.includes(':') && taken.has(addressText(prefix)));
  const last = removed.filter((prefix) => !first.includes(prefix));
  return [
    removals(netns, after, first),
    [...additions(netns, after, added), ...marks(netns, old, after)],
    removals(netns, after, last),
  ].filter((round) => round.length > 0);
}

const additions = (netns: string, { dev, existing, former }: AddressSpec, prefixes: readonly string[]): Instruction[] =>
  prefixes.map((prefix) => {
    const own = existing ? PROTOCOL : null;
    return { do: 'address.add', netns, dev, prefix, protocol: former ? (former[prefix] ?? own) : own };
  });

const removals = (netns: string, { dev }: AddressSpec, prefixes: readonly string[]): Instruction[] =>
  prefixes.map((prefix) => ({ do: 'address.delete', netns, dev, prefix }));

/** Those that become ours get our protocol, those that do not stay so the one that they had. */
function marks(netns: string, before: AddressSpec | null, after: AddressSpec): readonly Instruction[] {
  const { dev } = after;
  const kept = after.prefixes.filter((prefix) => before?.prefixes.includes(prefix));
  return kept
    .filter((prefix) => before?.former?.[prefix] !== after.former?.[prefix])
    .map((prefix) => ({ do: 'address.mark', netns, dev, prefix, protocol: after.former?.[prefix] ?? PROTOCOL }));
}
