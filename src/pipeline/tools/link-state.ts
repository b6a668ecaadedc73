import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import type { LinkLive } from '../../model/kernel/live-state.ts';
import { labOfMark } from '../../model/kind.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { withLockedMachine } from '../host-session.ts';
import { type LiveEndpoint, resolveLiveEndpoint } from '../resolve/endpoint.ts';
import type { Session } from '../session.ts';

/** The interface to set up or down, as `NAMESPACE:INTERFACE`. */
export type LinkStateRequest = {
  readonly endpoint: string;
  readonly action: 'up' | 'down';
  readonly lockTimeoutMs: number;
};

/**
 * Sets a link of a lab up or down, as `ip link set` would: its record stays as it is. False: it was so
 * already. Throws E_FOREIGN for a link that is not netform's: cutting off the machine is not what this is for.
 */
export const setLinkState = (session: Session, request: LinkStateRequest): Promise<boolean> => {
  const { endpoint: end, action, lockTimeoutMs: timeoutMs } = request;
  return withLockedMachine(session, { command: `link ${action} ${end}`, timeoutMs }, (opened) => {
    const { machine } = opened;
    const { netns, name, link } = findLabLink(opened, end);
    const up = action === 'up';
    if (link.up === up) return false;
    const [failure] = machine.execute([{ do: 'link.set', netns, name, set: { up } }]);
    if (failure) throw netformError('E_LINK', EXIT.internal, `${end} cannot be set ${action}: ${failure.message}`);
    return true;
  });
};

/** A link of a lab by its end. Throws E_NO_LINK when there is none, E_FOREIGN when it is not netform's. */
export function findLabLink(opened: Pick<Session, 'machine' | 'store'>, end: string): LabLinkLive {
  const { netns, name, place } = resolveLiveEndpoint(opened, end);
  const { machine } = opened;
  const need = { need: 'namespace', netns } as const;
  const links = machine.read([need]).get(need)?.links ?? NO_LINKS;
  const link = links.get(name);
  if (link === undefined) throw noLinkError(end, closestMatch(name, links.keys()));
  const lab = labOfMark(link.alias);
  if (lab === null) throw foreignLinkError(end);
  return { netns, name, place, link, lab };
}

type LabLinkLive = LiveEndpoint & { readonly link: LinkLive; readonly lab: string };

const NO_LINKS: ReadonlyMap<string, LinkLive> = new Map();

const noLinkError = (end: string, meant: string | null): NetformError =>
  netformError('E_NO_LINK', EXIT.usage, `there is no interface ${end}`, {
    hint:
      meant === null ? 'netform show lists those of a lab' : `did you mean ${end.slice(0, end.indexOf(':'))}:${meant}?`,
  });

const foreignLinkError = (end: string): NetformError =>
  netformError('E_FOREIGN', EXIT.foreign, `${end} is not an interface of a lab`, {
    hint: 'ip link set changes any interface; nothing was changed',
  });
