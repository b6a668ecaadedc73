import type { TopologyRef } from '../model/topology.ts';
import { closestMatch } from '../net/closest-match.ts';
import type { ModelLink } from './model.ts';

/** `red:eth0`, for a bridge of the host `v-net-0`, for one of a namespace `router:cni0`. */
export const formatModelLink = (link: ModelLink): string =>
  link.kind === 'switch' && link.netns === 'host' ? link.label : `${link.netns}:${link.label}`;

/** `blue` or `blue:eth1`. */
export const formatRef = (ref: TopologyRef): string => (ref.part === null ? ref.name : `${ref.name}:${ref.part}`);

/** `did you mean blue?`, or what there is, or that there is nothing. */
export function didYouMeanHint(name: string, candidates: readonly string[], what: string): string {
  const meant = closestMatch(name, candidates);
  if (meant !== null) return `did you mean ${meant}?`;
  if (candidates.length === 0) return `there are no ${what}`;
  return `there ${candidates.length === 1 ? 'is' : 'are'} ${joinLimited(candidates)}`;
}

/** `a, b, c and 4 more`. */
export function joinLimited(items: readonly string[], most = 6): string {
  if (items.length <= most) return items.join(', ');
  return `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
}

/** A text as YAML takes it for a scalar: one with a colon in quotes. */
export const quoteColons = (text: string): string => (text.includes(':') ? `"${text}"` : text);
