import { isJsonObject, type Json, type Spec, sameJson } from '../../model/json.ts';
import type { LinkLive } from '../../model/kernel/live-state.ts';
import type { FieldChange, FieldPath } from '../../model/operation.ts';
import { changedPortSettings, comparedPortSettings, PORT_WORDS, portDefault } from '../../net/bridge-port.ts';
import { portField } from './link-spec.ts';

/** The settings of a live port, for spreading into a spec. */
export const livePort = ({ port = {}, hairpin }: LinkLive, wanted: Spec | undefined): ReturnType<typeof portField> => {
  const found = comparedPortSettings(port, wanted);
  return portField(hairpin === true ? { ...found, hairpin } : found);
};

/** The paths of the settings of a port that the topology does not specify; `base` leads to all of them. */
export const unspecifiedPortFields = (base: FieldPath, written: Spec | undefined): readonly FieldPath[] =>
  written === undefined
    ? [base]
    : PORT_WORDS.filter((word) => written[word] === undefined).map((word) => [...base, word]);

type PortFields = { readonly portSettings?: Spec; readonly hairpin?: boolean };

/** What a port has of what the topology does not specify; `base` leads to its fields. */
export function keptPortSettings(
  { portSettings = {}, hairpin = false }: PortFields,
  unspecified: readonly FieldPath[] = [],
  base: FieldPath = [],
): Spec {
  const isUnspecified = (...path: FieldPath): boolean => unspecified.some((one) => sameJson(one, [...base, ...path]));
  const kept = Object.entries(portSettings).filter(
    ([word]) => isUnspecified('portSettings') || isUnspecified('portSettings', word),
  );
  return { ...Object.fromEntries(kept), ...(hairpin && isUnspecified('hairpin') ? { hairpin } : {}) };
}

/** `cost 55, isolated on`: those of the kept settings that a live port has. */
export const keptPortTexts = ({ port = {}, hairpin }: LinkLive, kept: Spec): readonly string[] =>
  Object.entries(kept).flatMap(([word, value]) =>
    (word === 'hairpin' ? hairpin : port[word]) === value ? [`${word} ${settingText(value)}`] : [],
  );

const settingText = (value: Json): string => (typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value));

/** What a port or an end of a cable is on, and its settings there. */
type PortState = { readonly master?: string | null; readonly portSettings?: Spec };

/** The settings to change; a port that gets another master starts as a new one, which has that `cost`. Null: none. */
export function portChanges(before: PortState | null, after: PortState, cost: number): Spec | null {
  const { master = null, portSettings = {} } = after;
  if (master === null) return null;
  const kept = before && (before.master ?? null) === master ? (before.portSettings ?? {}) : {};
  const changed = changedPortSettings(kept, portSettings, cost);
  return Object.keys(changed).length === 0 ? null : changed;
}

/** Changes with each setting of a port by its word, and with what a new port has where a state says nothing. */
export const portSettingChanges = (changes: readonly FieldChange[]): readonly FieldChange[] =>
  changes.flatMap((change): readonly FieldChange[] => {
    const at = change.path.indexOf('portSettings');
    if (at < 0) return [change];
    const base = change.path.slice(0, at);
    const words = change.path.slice(at + 1);
    const [word] = words;
    if (word !== undefined) return [settingChange(base, word, change)];
    const [before, after] = [change.before, change.after].map((one) => (isJsonObject(one) ? one : {}));
    return PORT_WORDS.filter((one) => before?.[one] !== after?.[one]).map((one) =>
      settingChange(base, one, { before: before?.[one] ?? null, after: after?.[one] ?? null }),
    );
  });

function settingChange(
  base: FieldPath,
  word: string,
  { before, after }: Pick<FieldChange, 'before' | 'after'>,
): FieldChange {
  const shown = (value: Json): Json => value ?? portDefault(word) ?? 'automatic';
  return { path: [...base, word], before: shown(before), after: shown(after) };
}
