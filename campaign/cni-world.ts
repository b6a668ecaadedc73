import { stableText } from '../test/support/snapshot/stable-text.ts';
import { sh, snapshot } from './shell.ts';

/** Plugins at work, as pgrep(1) finds them. */
export const PLUGIN_PROCESSES = '^(/bin/sh )?(/run/cni-plugins|/usr/lib/cni)/';

/** What plugins and netform keep of attachments: files with what they say, and processes. */
const KEPT = `for folder in /var/lib/cni /run/cni /var/lib/netform/.cni; do
  find $folder ! -name lock ! -name 'last_reserved_ip.*' 2>/dev/null || true
done | sort
find /var/lib/cni/networks -type f ! -name lock ! -name 'last_reserved_ip.*' 2>/dev/null | sort | xargs -r head -n 9
echo
pgrep -fa '${PLUGIN_PROCESSES}' || true`;

/** This machine, and all that CNI plugins have made: what they draw by lot is left out, and what is kept by links that had a carrier. */
export const stableCniWorld = async (): Promise<string> =>
  `${stableText(withoutLots(await snapshot()))}\n${withoutLots(await sh(KEPT))
    .split('\n')
    .sort()
    .join('\n')}`;

/** This machine, exactly, and what is kept of attachments. */
export const cniWorld = async (): Promise<string> => `${await snapshot()}\n${await sh(KEPT)}`;

/** Plugins name the links of the machine by lot, and leave the MACs to the kernel; another boot gives a lab another uid, and its chains other names. */
const withoutLots = (text: string): string =>
  text
    .replace(/\b(netform:v1:lab:|netform-|\/\.cni\/)[0-9a-f]{8}\b/g, '$1uid')
    .replace(/\bCNI-(DN-)?[0-9a-f]{16,}/g, 'CNI-$1hash')
    .replace(/\bveth[0-9a-f]{8}\b/g, 'veth-by-lot')
    .replace(/\bbwp[0-9a-f]{12}\b/g, 'ifb-by-lot')
    .replace(/"(?!02:4e:46)(?:[0-9a-f]{2}:){5}[0-9a-f]{2}"/g, '"mac-by-lot"');
