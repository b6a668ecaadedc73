import type { Ref } from '../model/topology.ts';
import { closest } from '../net/suggest.ts';
import type { Link } from './world.ts';

/** `red:eth0`, for a bridge of the host `v-net-0`, for one of a namespace `router:cni0`. */
export const linkWords = (link: Link): string =>
  link.kind === 'bridge' && link.netns === 'host' ? link.label : `${link.netns}:${link.label}`;

/** `blue` or `blue:eth1`. */
export const refWords = (ref: Ref): string => (ref.part === null ? ref.name : `${ref.name}:${ref.part}`);

/** `did you mean blue?`, or what there is, or that there is nothing. */
export function meantHint(name: string, candidates: readonly string[], what: string): string {
  const meant = closest(name, candidates);
  if (meant !== null) return `did you mean ${meant}?`;
  if (candidates.length === 0) return `there are no ${what}`;
  return `there ${candidates.length === 1 ? 'is' : 'are'} ${listWords(candidates)}`;
}

/** `a, b, c and 4 more`. */
export function listWords(items: readonly string[], most = 6): string {
  if (items.length <= most) return items.join(', ');
  return `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
}
