import type { Diagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { Topology } from '../../model/topology.ts';
import type { SpannedValue } from '../locate.ts';
import { normaliseTopology } from '../normalise/topology.ts';
import { type SchemaError, withoutAnsweredKeys } from '../schema-errors.ts';
import type { TopologyReaders } from '../topology-readers.ts';
import { plugNamedBridges } from './interface-bridges.ts';
import { indentMisplacedLines } from './misplaced-lines.ts';
import { validateFixingTypos } from './validate-fixing-typos.ts';

/** A topology as it was probably meant, with its mistakes of form, and those that were put right to read the rest. */
export type MeantTopology = SpannedValue & {
  readonly topology: Topology;
  /** Against the schema. */
  readonly errors: readonly SchemaError[];
  /** In the contents of values. */
  readonly diagnostics: readonly Diagnostic[];
  /** Values that stand in the wrong place, and were read in the right one. */
  readonly moved: readonly Diagnostic[];
};

/**
 * Reads the value of a file. Where it has mistakes, lines that stand one level too far left are read inside the key above
 * them, and names of bridges in the place of addresses as bridges.
 */
export function readMeantTopology(written: SpannedValue, readers: TopologyReaders): MeantTopology {
  const asWritten = readValue(written, readers);
  if (asWritten.errors.length === 0 && asWritten.diagnostics.length === 0) return { ...asWritten, moved: [] };
  const indented = indentMisplacedLines(written.value, written.spans);
  const plugged = plugNamedBridges(indented.value);
  const moved = [...indented.diagnostics, ...plugged.diagnostics];
  if (moved.length === 0) return { ...asWritten, moved };
  return { ...readValue({ value: plugged.value, spans: indented.spans }, readers), moved };
}

function readValue(written: SpannedValue, readers: TopologyReaders): Omit<MeantTopology, 'moved'> {
  const { value, spans, errors } = validateFixingTypos(written.value, written.spans, readers);
  const { topology, diagnostics } = normaliseTopology(value, readers);
  return { value, spans, errors: withoutAnsweredKeys(errors), topology, diagnostics };
}
