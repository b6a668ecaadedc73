import { problem } from '../model/diagnostic.ts';
import { atValue } from '../model/place.ts';
import type { At } from '../model/topology.ts';
import { meantHint } from './words.ts';
import type { Link, World } from './world.ts';

/** A link as a route, rule or nat names it. `link` null: one of the machine that the file does not declare. */
export type Device = { readonly name: string; readonly link: Link | null };

/** The device that a name in a namespace means. Null, reported: the namespace has none; a name on the host may be the machine's. */
export function deviceOf(world: World, netns: string, written: At<string>): Device | null {
  const devices = world.wiring.devices.get(netns);
  const link = devices?.get(written.value);
  if (link) return { name: link.name, link };
  if (netns === 'host' || written.value === 'lo') return { name: written.value, link: null };
  const labels = [...new Set([...(devices?.values() ?? [])].map(({ label }) => label))];
  const hint = meantHint(written.value, labels, `interfaces in ${netns}`);
  world.report(problem('unknown-device', atValue(written.at), `${netns} has no link ${written.value}`, { hint }));
  return null;
}
