import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import { featureValueOf } from '../feature-values.ts';
import type { ResolvedService } from './resolve.ts';

/** A port of endpoints by a name, `http` or `dns/tcp`, that some of them do not have. */
export type UnknownTargetPort = {
  readonly service: string;
  readonly name: string;
  readonly endpoints: readonly string[];
  readonly at: Path;
};

/** What this feature keeps in a lab. */
export type ServicesOfLab = {
  readonly services: readonly ResolvedService[];
  readonly unknownPorts: readonly UnknownTargetPort[];
};

const servicesOf = featureValueOf<Lab, ServicesOfLab>('services', { services: [], unknownPorts: [] });

/** The services of a lab, resolved. */
export const resolvedServices = (lab: Lab): readonly ResolvedService[] => servicesOf(lab).services;

/** The ports by names that endpoints do not have. */
export const unknownTargetPorts = (lab: Lab): readonly UnknownTargetPort[] => servicesOf(lab).unknownPorts;
