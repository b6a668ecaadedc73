import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { TopologyNetns, TopologyValue } from '../../model/topology.ts';
import type { AnsweredPort } from '../../source/normalise/netns/answered-ports.ts';
import { featureValueOf } from '../feature-values.ts';

/** `answers` as it is written. */
export type TopologyAnswers = { readonly at: Path; readonly ports: readonly TopologyValue<AnsweredPort>[] };

/** What is written in a namespace; null: nothing. */
export const writtenAnswers = featureValueOf<TopologyNetns, TopologyAnswers | null>('answering-ports', null);

/** The ports that answer, by namespace. */
export const labAnswers = featureValueOf<
  Lab,
  readonly { readonly netns: string; readonly ports: readonly AnsweredPort[] }[]
>('answering-ports', []);
