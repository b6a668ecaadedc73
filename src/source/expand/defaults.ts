import { isJsonObject, type Json, type Spec } from '../../model/json.ts';
import type { SpannedValue, SpanTree } from '../locate.ts';

/**
 * The topology with what `defaults` holds merged under the namespaces and their interfaces, those of cables included.
 * What the file writes wins, key by key; a list is replaced; `null` takes a default away. `lo`, the machine's own
 * interfaces, and those that netform does not make get none.
 */
export function applyDefaults({ value, spans }: SpannedValue): SpannedValue {
  const defaults = child({ value, spans }, 'defaults');
  if (!isJsonObject(value) || !isJsonObject(defaults.value)) return { value, spans };
  const ofNetns = child(defaults, 'namespace');
  const ofInterface = child(defaults, 'interface');
  const cabled = cabledInterfaces(value['links']);
  const namespaces = mapEntries(child({ value, spans }, 'namespaces'), (netns, name) => {
    const merged = isJsonObject(ofNetns.value) ? mergeUnder(ofNetns, netns) : netns;
    return isJsonObject(ofInterface.value)
      ? withInterfaceDefaults(merged, ofInterface, cabled.get(name) ?? [])
      : merged;
  });
  return withChild({ value, spans }, 'namespaces', namespaces);
}

function withInterfaceDefaults(
  netns: SpannedValue,
  ofInterface: SpannedValue,
  cabled: readonly string[],
): SpannedValue {
  const written = child(netns, 'interfaces');
  const all = isJsonObject(written.value) ? written.value : {};
  const missing = cabled.filter((name) => !Object.hasOwn(all, name));
  if (!isJsonObject(written.value) && missing.length === 0) return netns;
  const interfaces = mapEntries(isJsonObject(written.value) ? written : { value: {}, spans: null }, (one, name) =>
    name === 'lo' || isBorrowed(one.value) ? one : mergeUnder(ofInterface, longForm(one)),
  );
  const more = Object.fromEntries(missing.map((name) => [name, ofInterface.value]));
  const whole = {
    value: { ...(isJsonObject(interfaces.value) ? interfaces.value : {}), ...more },
    spans: interfaces.spans,
  };
  return withChild(netns.value === null ? { value: {}, spans: netns.spans } : netns, 'interfaces', whole);
}

/** A link of the machine that the namespace uses: netform does not make it. */
const isBorrowed = (value: Json): boolean => isJsonObject(value) && ('existing' in value || 'move' in value);

/** The short form of an interface is its address. */
const longForm = ({ value, spans }: SpannedValue): SpannedValue =>
  typeof value === 'string' || Array.isArray(value)
    ? {
        value: { address: value },
        spans: spans && { ...spans, form: 'collection', children: new Map([['address', spans]]) },
      }
    : { value, spans };

/** The interfaces of each namespace that are ends of cables, by the name of the namespace. */
function cabledInterfaces(links: Json | undefined): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const link of Array.isArray(links) ? links : []) {
    // A cable that says its own MTU means both of its ends.
    if (isJsonObject(link) && 'mtu' in link) continue;
    const ends = isJsonObject(link) ? link['ends'] : typeof link === 'string' ? link.split('--') : [];
    for (const end of Array.isArray(ends) ? ends : []) {
      const [, netns = '', name = ''] = /^\s*([^:\s]+):([^:\s]+)\s*$/.exec(String(end)) ?? [];
      if (netns === '' || netns === 'host') continue;
      const known = found.get(netns);
      if (known) known.push(name);
      else found.set(netns, [name]);
    }
  }
  return found;
}

/** What is written, with the defaults where it says nothing. A value of another type than the default's stays as it is. */
function mergeUnder(defaults: SpannedValue, written: SpannedValue): SpannedValue {
  if (written.value === null) return { value: defaults.value, spans: placedAt(defaults.spans, written.spans) };
  if (!isJsonObject(defaults.value) || !isJsonObject(written.value)) return written;
  const value: { [key: string]: Json } = { ...written.value };
  const children = new Map(written.spans?.children);
  for (const [key, byDefault] of Object.entries(defaults.value)) {
    const own = { value: written.value[key] ?? null, spans: children.get(key) ?? null };
    const isTakenAway = Object.hasOwn(written.value, key) && own.value === null;
    if (isTakenAway) {
      delete value[key];
      continue;
    }
    const part = { value: byDefault, spans: defaults.spans?.children.get(key) ?? null };
    const merged = Object.hasOwn(written.value, key) ? mergeUnder(part, own) : part;
    value[key] = merged.value;
    if (merged.spans) children.set(key, merged.spans);
  }
  return { value, spans: written.spans && { ...written.spans, children } };
}

/** The parts of a default below a key that the file writes without a value. */
const placedAt = (defaults: SpanTree | null, written: SpanTree | null): SpanTree | null =>
  defaults && written ? { ...written, children: defaults.children } : defaults;

const child = ({ value, spans }: SpannedValue, key: string): SpannedValue => ({
  value: isJsonObject(value) ? (value[key] ?? null) : null,
  spans: spans?.children.get(key) ?? null,
});

function mapEntries(map: SpannedValue, change: (entry: SpannedValue, key: string) => SpannedValue): SpannedValue {
  if (!isJsonObject(map.value)) return map;
  const value: { [key: string]: Json } = {};
  const children = new Map(map.spans?.children);
  for (const key of Object.keys(map.value)) {
    const changed = change(child(map, key), key);
    value[key] = changed.value;
    if (changed.spans) children.set(key, changed.spans);
  }
  return { value, spans: map.spans && { ...map.spans, children } };
}

function withChild(map: SpannedValue, key: string, part: SpannedValue): SpannedValue {
  const value: Spec = { ...(isJsonObject(map.value) ? map.value : {}), [key]: part.value };
  const children = new Map(map.spans?.children);
  if (part.spans) children.set(key, part.spans);
  return { value, spans: map.spans && { ...map.spans, children } };
}
