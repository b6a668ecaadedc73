import type { Spec } from '../model/json.ts';
import type { Disruption, Operation } from '../model/operation.ts';

/** The disruption of an operation whose change in place does what `ofUpdate` says. */
export const disruptionOf =
  <S extends Spec>(ofUpdate: (before: S, after: S) => Disruption) =>
  ({ action, before, after }: Pick<Operation<S>, 'action' | 'before' | 'after'>): Disruption => {
    if (action === 'update' && before !== null && after !== null) return ofUpdate(before, after);
    return WHOLE_OBJECT[action];
  };

const WHOLE_OBJECT: { readonly [action in Operation['action']]: Disruption } = {
  create: 'none',
  update: 'none',
  replace: 'gone-for-a-moment',
  delete: 'connections-lost',
};

/** The disruption of files: no packet depends on their content. */
export const noDisruption = (): Disruption => 'none';

/** The worst of several; `none` of none. */
export const worstDisruption = (all: readonly Disruption[]): Disruption =>
  all.reduce((worst, one) => (SEVERITIES.indexOf(one) > SEVERITIES.indexOf(worst) ? one : worst), 'none');

const SEVERITIES: readonly Disruption[] = ['none', 'link-flap', 'gone-for-a-moment', 'connections-lost'];
