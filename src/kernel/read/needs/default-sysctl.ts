import { groupBy } from '../../../model/values/group-by.ts';
import { readNewNetnsSysctls } from '../../sysctl/sysctl.ts';
import type { NeedReader } from '../need-reader.ts';

/** Reads what sysctls are in a new namespace; a scratch one for each namespace that is asked about. */
export const defaultSysctlReader: NeedReader<'default-sysctl'> = (needs) =>
  [...groupBy(needs, ({ netns }) => netns).values()].flatMap((some) => {
    const sysctls = Object.assign({}, ...some.map((need) => need.sysctls));
    const values = readNewNetnsSysctls({ sysctls, keys: some.map(({ key }) => key) });
    return some.map((need) => ({ need, answer: values.get(need.key) ?? null }));
  });
