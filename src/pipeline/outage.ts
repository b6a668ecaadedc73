import { mergeQueries } from '../engine/query.ts';
import { EXIT, type NetformError, netformError } from '../model/error.ts';
import { labOfMark } from '../model/kind.ts';
import type { LinkLive } from '../model/live.ts';
import { closest } from '../net/suggest.ts';
import { aloneOnMachine } from './session.ts';
import { endMeant } from './whereabouts.ts';

export type Outage = { readonly end: string; readonly action: 'up' | 'down'; readonly lockTimeoutMs: number };

/**
 * Sets a link of a lab up or down, as somebody would by hand: what is recorded of it stays as it is. False: it was so
 * already. Throws E_FOREIGN for a link that is not netform's: cutting off the machine is not what this is for.
 */
export const setByHand = ({ end, action, lockTimeoutMs }: Outage): Promise<boolean> =>
  aloneOnMachine({ command: `link ${action} ${end}`, timeoutMs: lockTimeoutMs }, (machine) => {
    const { netns, name } = endMeant(end);
    const links = machine.read(mergeQueries([{ netns: [netns] }])).netns.get(netns)?.links ?? NONE;
    const link = links.get(name);
    if (link === undefined) throw noLink(end, closest(name, links.keys()));
    if (labOfMark(link.alias) === null) throw notOurs(end);
    const up = action === 'up';
    if (link.up === up) return false;
    const [failure] = machine.execute([{ do: 'link.set', netns, name, set: { up } }]);
    if (failure) throw netformError('E_LINK', EXIT.internal, `${end} cannot be set ${action}: ${failure.message}`);
    return true;
  });

const NONE: ReadonlyMap<string, LinkLive> = new Map();

const noLink = (end: string, meant: string | null): NetformError =>
  netformError('E_NO_LINK', EXIT.usage, `there is no interface ${end}`, {
    hint:
      meant === null ? 'netform show lists those of a lab' : `did you mean ${end.slice(0, end.indexOf(':'))}:${meant}?`,
  });

const notOurs = (end: string): NetformError =>
  netformError('E_FOREIGN', EXIT.foreign, `${end} is not an interface of a lab`, {
    hint: 'ip link set changes any interface; nothing was changed',
  });
