import type { Wire } from './world.ts';

/**
 * The MTU of both ends of a wire; null is the kernel's choice. Written at the interface, else at the interface of the
 * other end, else at the cable, else at the bridge of either end.
 */
export function mtusOf({ ends: [left, right], mtu }: Wire): readonly [number | null, number | null] {
  const bridge = left.master?.mtu ?? right.master?.mtu ?? null;
  const shared = mtu ?? bridge;
  return [left.mtu ?? right.mtu ?? shared, right.mtu ?? left.mtu ?? shared];
}
