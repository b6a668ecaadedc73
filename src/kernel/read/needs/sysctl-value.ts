import { groupBy } from '../../../model/values/group-by.ts';
import { inNetns } from '../../netns/netns.ts';
import { readSysctl } from '../../sysctl/sysctl.ts';
import { findSessions, type NeedReader } from '../need-reader.ts';

/** Reads sysctls; each namespace is entered once. */
export const sysctlValueReader: NeedReader<'sysctl-value'> = (needs, context) =>
  [...groupBy(needs, ({ netns }) => netns)].flatMap(([netns, some]) =>
    findSessions(context, netns).flatMap(({ fd }) =>
      inNetns(fd, () => some.map((need) => ({ need, answer: readSysctl(need.key) }))),
    ),
  );
