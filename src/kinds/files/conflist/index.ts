import { childCursor } from '../../../source/cursor.ts';
import { defineFileKind } from '../define-file-kind.ts';
import { cniDuplicate } from './checks/cni-duplicate.ts';
import { cniMissingKey } from './checks/cni-missing-key.ts';
import { cniOrder } from './checks/cni-order.ts';
import { cniPluginMissing } from './checks/cni-plugin-missing.ts';
import { cniPluginVersion } from './checks/cni-plugin-version.ts';
import { cniRefusedValue } from './checks/cni-refused-value.ts';
import { cniReservedKey } from './checks/cni-reserved-key.ts';
import { cniRoute } from './checks/cni-route.ts';
import { cniSubnet } from './checks/cni-subnet.ts';
import { cniUnknownKey } from './checks/cni-unknown-key.ts';
import { cniWrongType } from './checks/cni-wrong-type.ts';
import { conflistDocs } from './docs.ts';
import { onePlugin } from './one-plugin.ts';
import { pluginCalls } from './plugins/plugin-calls.ts';
import { readConflists } from './read.ts';
import { cniSchema, conflistSchema } from './schema.ts';

/** The folder where container runtimes look for network configurations. */
const CONFLIST_DIRECTORY = '/etc/cni/net.d';

/** `file: none`: the network is only for this lab. */
const NOT_WRITTEN = 'none';

/** A CNI network configuration list, written as it stands under `cni` in the topology. */
export const conflist = defineFileKind({
  name: 'conflist',
  schema: { cni: cniSchema },
  definitions: { conflist: conflistSchema },
  read: (root, report) => readConflists(childCursor(root, 'cni'), report),
  path: ({ name, file }) => {
    const written = file?.value ?? `10-${name}.conflist`;
    if (written === NOT_WRITTEN) return null;
    return written.startsWith('/') ? written : `${CONFLIST_DIRECTORY}/${written}`;
  },
  render: (content, path) => `${JSON.stringify(path.endsWith('.conf') ? onePlugin(content) : content, null, 2)}\n`,
  plugins: pluginCalls,
  checks: [
    cniReservedKey,
    cniUnknownKey,
    cniWrongType,
    cniMissingKey,
    cniOrder,
    cniSubnet,
    cniRoute,
    cniRefusedValue,
    cniDuplicate,
  ],
  machineChecks: [cniPluginMissing, cniPluginVersion],
  docs: [conflistDocs],
});
