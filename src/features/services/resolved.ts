import type { Lab } from '../../model/lab.ts';
import { featureValueOf } from '../feature-values.ts';
import type { ResolvedService } from './resolve.ts';

/** The services of a lab, resolved. */
export const resolvedServices = featureValueOf<Lab, readonly ResolvedService[]>('services', []);
