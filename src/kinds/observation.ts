import type { Spec } from '../model/json.ts';
import { RTPROT_KERNEL } from '../model/kernel/rtnetlink.ts';
import { unknownText, type WithUnknown } from '../model/kernel/unknown-attribute.ts';
import type { StateEntry } from '../model/kind.ts';
import type { Observation } from '../model/resource.ts';
import { NO_MARK } from '../model/values/object-phrase.ts';

/** Nothing is there. */
export const absentObservation = { spec: null, owner: 'ours', whose: null } as const;

/** An object that carries the lab's mark. */
export const ownObservation = <S extends Spec>(spec: S): Observation<S> => ({ spec, owner: 'ours', whose: null });

/** A thing that has no owner. */
export const sharedObservation = <S extends Spec>(spec: S): Observation<S> => ({ spec, owner: 'shared', whose: null });

export const foreignObservation = <S extends Spec>(spec: S, whose: string): Observation<S> => ({
  spec,
  owner: 'foreign',
  whose,
});

/** Not ours, and nothing that could become ours: `remedy` says what to do. */
export const blockingObservation = <S extends Spec>(spec: S, whose: string, remedy: string): Observation<S> => ({
  ...foreignObservation(spec, whose),
  remedy,
});

/** Another's, with something that the language lacks: netform could not restore it, so it is not adopted. */
export const unknownObservation = <S extends Spec & WithUnknown>(spec: S, whose: string): Observation<S> =>
  blockingObservation(
    spec,
    `${whose}, with ${unknownText(spec)}`,
    'remove one of the two: the file does not say that, and what is adopted is never made less',
  );

/** What the lab made itself, as far as one can see, but which has lost its mark. */
export const orphanObservation = <S extends Spec>(spec: S, whose: string): Observation<S> => ({
  ...foreignObservation(spec, whose),
  isOrphaned: true,
});

/** For things that can have been another's before: these come back, as they were. */
export const restoreOriginal = <S extends Spec>({ before }: StateEntry<S>): S | null => before;

/** Whose a mark is that is not ours: `lab other`, or that it is none of netform's. */
export function markOwner(mark: string | null): string {
  const lab = /netform:v1:([^:\s"]+):/.exec(mark ?? '')?.[1];
  return lab === undefined ? NO_MARK : `lab ${lab}`;
}

/** Who made a route, a rule or a neighbour of that protocol number (rtnetlink.h, RTPROT_*). */
export function protocolOwner(protocol: number): string {
  if (protocol === 0) return NO_MARK;
  if (protocol === RTPROT_KERNEL) return 'made by the kernel';
  const name = PROTOCOLS[protocol];
  return name === undefined ? `protocol ${protocol}` : `protocol ${name}`;
}

const PROTOCOLS: { readonly [protocol: number]: string } = {
  3: 'boot',
  4: 'static',
  9: 'ra',
  11: 'zebra',
  12: 'bird',
  16: 'dhcp',
  186: 'bgp',
  188: 'ospf',
};
