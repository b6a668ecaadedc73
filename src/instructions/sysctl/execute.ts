import { catchErrno } from '../../kernel/errno.ts';
import type { BatchExecutor } from '../../kernel/execute/instruction-executor.ts';
import { inNetns } from '../../kernel/netns/netns.ts';
import { writeSysctl } from '../../kernel/sysctl/sysctl.ts';
import { groupBy } from '../../model/values/group-by.ts';
import type { SysctlInstruction } from './types.ts';

/** Writes sysctls, by namespace: first those that are set, then those that are restored, as some keys set others. */
export const executeSysctls: BatchExecutor<SysctlInstruction> = (instructions, { sessions }, attempt) => {
  const all = [
    ...instructions.filter((one) => one.do === 'sysctl.set'),
    ...instructions.filter((one) => one.do === 'sysctl.restore'),
  ];
  for (const [netns, some] of groupBy(all, (one) => one.netns))
    attempt(some, () => {
      inNetns(sessions.open(netns).fd, () => {
        for (const one of some)
          attempt([one], () => {
            const write = (): void => writeSysctl(one.key, one.value);
            if (one.do === 'sysctl.set') write();
            else catchErrno(['ENOENT'], write);
          });
      });
    });
};
