import type { Path } from '../../../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../../../model/json.ts';
import type { TopologyFile } from '../../../../model/topology.ts';
import { parseAddress } from '../../../../net/address.ts';
import { hostRange, type Prefix, parsePrefix } from '../../../../net/prefix.ts';
import { isList, type JsonObject, pluginsOf } from './validate-shape.ts';

/** One range of a host-local `ipam`; what it writes is in `written`, as it stands. */
export type HostLocalRange = {
  readonly conflist: string;
  /** Of the plugin whose `ipam` it is in. */
  readonly type: string;
  /** The host's bridge of a bridge plugin. */
  readonly bridge: string | null;
  readonly isGateway: boolean;
  readonly at: Path;
  readonly written: { readonly [key in HostLocalRangeKey]: Json | undefined };
  /** Null: not written, or not a prefix. */
  readonly subnet: Prefix | null;
};

export type HostLocalRangeKey = 'subnet' | 'rangeStart' | 'rangeEnd' | 'gateway';

/** The range sets of all host-local plugins of a conflist: containers get one address of each set. */
export function hostLocalRangeSets({ name, content, at }: TopologyFile): readonly (readonly HostLocalRange[])[] {
  return pluginsOf(content).flatMap(({ plugin, index }) => {
    const ipam = plugin['ipam'];
    if (!isJsonObject(ipam) || ipam['type'] !== 'host-local') return [];
    const here = [...at, 'plugins', index, 'ipam'];
    const give = rangeGiver(name, plugin);
    const sets = isList(ipam['ranges']) ? ipam['ranges'] : [];
    return [
      ...(ipam['subnet'] === undefined ? [] : [[give(ipam, here)]]),
      ...sets.map((set, i) =>
        isList(set)
          ? set.flatMap((range, j) => (isJsonObject(range) ? [give(range, [...here, 'ranges', i, j])] : []))
          : [],
      ),
    ];
  });
}

/** First and last address that a range gives out. */
export function hostLocalRangeBounds(
  range: HostLocalRange,
  subnet: Prefix,
): { readonly first: bigint; readonly last: bigint } {
  const ends = hostRange(subnet);
  const numberOf = (json: Json | undefined) => (typeof json === 'string' ? parseAddress(json)?.value : undefined);
  return {
    first: numberOf(range.written.rangeStart) ?? ends.first,
    last: numberOf(range.written.rangeEnd) ?? ends.last,
  };
}

function rangeGiver(conflist: string, plugin: JsonObject): (written: JsonObject, at: Path) => HostLocalRange {
  const type = typeof plugin['type'] === 'string' ? plugin['type'] : '';
  const bridge = typeof plugin['bridge'] === 'string' ? plugin['bridge'] : 'cni0';
  return (written, at) => ({
    conflist,
    type,
    bridge: type === 'bridge' ? bridge : null,
    isGateway: plugin['isGateway'] === true || plugin['isDefaultGateway'] === true,
    at,
    written: {
      subnet: written['subnet'],
      rangeStart: written['rangeStart'],
      rangeEnd: written['rangeEnd'],
      gateway: written['gateway'],
    },
    subnet: typeof written['subnet'] === 'string' ? parsePrefix(written['subnet']) : null,
  });
}
