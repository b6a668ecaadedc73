import { type Impairment, NO_IMPAIRMENT } from '../../model/kernel/impairment.ts';

/** What impairs one link. */
export type ImpairSpec = Impairment & {
  readonly netns: string;
  readonly dev: string;
  readonly by: 'netem' | 'parts' | 'none';
  /** The nftables table (netdev) with what is not a queue; null: there is none. */
  readonly table: string | null;
  /** The handle of the queue of another program; left out: ours. */
  readonly handle?: string;
  /** What there is besides, in words. Null in what is wanted. */
  readonly altered: string | null;
};

/** Whether a spec has a queue. */
export const hasQueue = ({
  by,
  rate,
  handle,
  delay,
  jitter,
  loss,
  duplicate,
  corrupt,
  reorder,
}: ImpairSpec): boolean =>
  by === 'parts'
    ? rate > 0
    : handle !== undefined || [delay, jitter, loss, duplicate, corrupt, reorder, rate].some((value) => value > 0);

/** Nothing at all, as it is recorded of a link that is impaired by hand. `by` says how it is made: it is not. */
export const PLAIN_SPEC: Omit<ImpairSpec, 'netns' | 'dev'> = {
  by: 'none',
  table: null,
  ...NO_IMPAIRMENT,
  altered: null,
};
