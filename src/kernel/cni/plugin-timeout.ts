import { parseSeconds } from '../../model/values/duration.ts';

const DEFAULT_SECONDS = 60;

/** How long a plugin may work, in milliseconds: CNI_TIMEOUT (`90s`, `5m`), or a minute. A runtime has no limit of its own. */
export const pluginTimeoutMs = (): number => (parseSeconds(process.env['CNI_TIMEOUT'] ?? '') || DEFAULT_SECONDS) * 1000;
