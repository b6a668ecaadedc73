import { type Impairment, impairmentLimit } from '../../model/kernel/impairment.ts';

/** The words of `tc` after `netem`. */
export function netemArguments(impairment: Impairment): readonly string[] {
  const { delay, jitter, rate } = impairment;
  const chances = (['loss', 'duplicate', 'corrupt', 'reorder'] as const).filter((word) => impairment[word] > 0);
  return [
    `limit ${impairmentLimit(impairment)}`,
    ...(delay > 0 ? [`delay ${delay}us`] : []),
    ...(jitter > 0 ? [`${jitter}us`] : []),
    ...chances.map((word) => `${word} ${impairment[word] / 10_000}%`),
    ...(rate > 0 ? [`rate ${rate}bit`] : []),
  ];
}
