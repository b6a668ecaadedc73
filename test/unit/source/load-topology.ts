import type { Diagnostic } from '../../../src/model/diagnostics/diagnostic.ts';
import type { Topology } from '../../../src/model/topology.ts';
import { loadTopology } from '../../../src/registry/language.ts';
import type { TopologyLoadResult } from '../../../src/source/load.ts';

export const HEAD = 'version: 1\nname: lab\n';

export const load = (text: string | Uint8Array, vars: Readonly<Record<string, string>> = {}): TopologyLoadResult =>
  loadTopology(text, { file: 'lab.yaml', vars, varFile: null });

/** The topology of a body below the two lines that every file begins with; throws when anything is wrong. */
export function topologyOf(body: string): Topology {
  const loaded = load(HEAD + body);
  if (!loaded.topology || loaded.diagnostics.length > 0) throw new Error(said(loaded).join('\n'));
  return loaded.topology;
}

/** A value without the places in it. */
export function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'at');
  const [only] = entries;
  return entries.length === 1 && only?.[0] === 'value'
    ? bare(only[1])
    : Object.fromEntries(entries.map(([key, part]) => [key, bare(part)]));
}

/** The namespace `red` with that in it, without places. */
export const red = (body: string) =>
  bare(topologyOf(`namespaces: { red: { ${body} } }`).namespaces[0]) as Record<string, unknown>;

/** Every mistake as `line:column check: message = hint`, lines counted below the head. */
export const mistakes = (body: string): readonly string[] => said(load(HEAD + body), 2);

export function said(loaded: TopologyLoadResult, skipped = 0): readonly string[] {
  return loaded.diagnostics.map((one) => `${placeOf(loaded, one, skipped)}${one.check}: ${one.message}${hintOf(one)}`);
}

function placeOf(loaded: TopologyLoadResult, one: Diagnostic, skipped: number): string {
  if (!one.at) return '';
  const { line, column } = loaded.locate(one.at);
  return `${line - skipped}:${column} `;
}

const hintOf = (one: Diagnostic): string => (one.hint === null ? '' : ` = ${one.hint}`);
