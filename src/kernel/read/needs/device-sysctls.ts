import { inNetns } from '../../netns/netns.ts';
import { readSysctl, sysctlTreeKeys } from '../../sysctl/sysctl.ts';
import { readInNetns } from '../need-reader.ts';

/** Reads one sysctl of every device of a namespace. */
export const deviceSysctlsReader = readInNetns<'device-sysctls'>(({ fd }, _context, { key }) => {
  const [folder = '', leaf = ''] = key.split('/*/');
  return inNetns(fd, () => new Map(sysctlTreeKeys(folder, leaf).map((one) => [one, readSysctl(one)])));
});
