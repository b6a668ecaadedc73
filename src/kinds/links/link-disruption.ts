import { sameJson } from '../../model/json.ts';
import type { Disruption } from '../../model/operation.ts';
import type { SplitLink } from './link-spec.ts';

/** What a change of a link in place does to traffic through it. A changed option may make a bridge learn again. */
export const linkDisruption = (before: SplitLink, after: SplitLink): Disruption => {
  const ofEnd = linkEndDisruption(before.common, after.common);
  return ofEnd === 'none' && !sameJson(before.options, after.options) ? 'link-flap' : ofEnd;
};

/** What changed settings of a link, or of an end of a cable, do: down or on another bridge it serves another LAN, or none. */
export function linkEndDisruption(before: LinkEndSettings, after: LinkEndSettings): Disruption {
  if (before.up && !after.up) return 'connections-lost';
  if ((before.master ?? null) !== (after.master ?? null)) return 'connections-lost';
  return before.mac === after.mac ? 'none' : 'link-flap';
}

type LinkEndSettings = { readonly mac: string; readonly up: boolean; readonly master?: string | null };
