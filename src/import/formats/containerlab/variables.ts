import type { Json } from '../../../model/json.ts';
import type { VariableLookup } from '../file-importer.ts';

const VARIABLE = /\$\{([A-Za-z_]\w*)(?:(:?)([-=+])([^{}]*))?\}|\$([A-Za-z_]\w*)/g;

/**
 * Fills in variables as containerlab does: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:=default}` and `${NAME:+other}`,
 * each also without the colon. A variable that is not set and has no default stays as it is written.
 */
export function fillInVariables(value: Json, lookup: VariableLookup): Json {
  if (typeof value === 'string') return value.replace(VARIABLE, (...match) => variableValue(match, lookup));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => [key, fillInVariables(child, lookup)] as const);
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

function variableValue(match: readonly (string | undefined)[], lookup: VariableLookup): string {
  const [written = '', braced, colon, operator, operand = '', plain] = match;
  const value = lookup(braced ?? plain ?? '');
  const isSet = value !== undefined && (colon !== ':' || value !== '');
  if (operator === '+') return isSet ? operand : '';
  if (isSet) return value;
  return operator === undefined ? written : operand;
}
