import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { TopologyNetns, TopologyValue } from '../../model/topology.ts';
import { featureValueOf } from '../feature-values.ts';

/** A port that answers, and the name that it has; null: none. */
export type AnsweringPort = {
  readonly name: string | null;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
};

/** `answers` as it is written. */
export type TopologyAnswers = { readonly at: Path; readonly ports: readonly TopologyValue<AnsweringPort>[] };

/** What is written in a namespace; null: nothing. */
export const writtenAnswers = featureValueOf<TopologyNetns, TopologyAnswers | null>('answering-ports', null);

/** The ports that answer, by namespace. */
export const labAnswers = featureValueOf<
  Lab,
  readonly { readonly netns: string; readonly ports: readonly AnsweringPort[] }[]
>('answering-ports', []);
