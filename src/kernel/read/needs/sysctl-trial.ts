import { trySysctls } from '../../sysctl/sysctl.ts';
import { readEach } from '../need-reader.ts';

/** Tries sysctls out, each list in a scratch namespace. */
export const sysctlTrialReader = readEach<'sysctl-trial'>(({ settings }) => trySysctls(settings));
