import type { Json, Spec } from '../../model/json.ts';
import type { LinkField, LinkKind } from '../../model/link-kind.ts';
import type { LinkFieldValue, TopologyLinkOptions, TopologyValue } from '../../model/topology.ts';

/** The options whose values are all there is to know of them; what is not written is as the kernel has it. */
export const plainOptions = ({ fields }: LinkKind, own: TopologyLinkOptions | null): Spec =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([key, { type }]) => type !== 'ports' && type !== 'feature' && (type !== 'group' || own?.values[key]))
      .map(([key, field]) => [key, plainValue(own?.values[key] ?? null, field)]),
  );

function plainValue(written: TopologyValue<LinkFieldValue> | null, field: LinkField): Json {
  if (written && typeof written.value !== 'object') return written.value;
  return 'default' in field ? (field.default ?? null) : null;
}
