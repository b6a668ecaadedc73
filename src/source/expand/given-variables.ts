import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { toText } from '../decode.ts';
import { readDocument } from '../document.ts';
import { createLocator } from '../locate.ts';
import type { Variables } from './references.ts';
import { declareVariables, parseVariable } from './variables.ts';

/** Variables from the command line. */
export type GivenVariables = {
  /** From `--var name=value`; they win over the var-file, which wins over `vars`. */
  readonly vars: Readonly<Record<string, string>>;
  readonly varFile: { readonly name: string; readonly text: string | Uint8Array } | null;
};

/** The variables that come from outside the topology, and what is wrong with the var-file. */
export function givenVariables(options: GivenVariables): { variables: Variables; diagnostics: readonly Diagnostic[] } {
  const { varFile } = options;
  const fromFile = varFile ? readVarFile(varFile) : { variables: new Map(), diagnostics: [] };
  const fromOptions = Object.entries(options.vars).map(([name, value]) => [name, parseVariable(value)] as const);
  return { variables: new Map([...fromFile.variables, ...fromOptions]), diagnostics: fromFile.diagnostics };
}

function readVarFile(file: NonNullable<GivenVariables['varFile']>) {
  const { text, diagnostics: encoding } = toText(file.text);
  const document = encoding.length > 0 ? { value: null, spans: null, diagnostics: encoding } : readDocument(text);
  const locate = createLocator(text, document.spans);
  const source = { text, value: document.value, spans: document.spans, path: [] };
  const { variables, diagnostics } = declareVariables(source, new Map());
  const shape = Object.entries(isJsonObject(document.value) ? document.value : {})
    .filter(([, value]) => typeof value === 'object')
    .map(([name]) =>
      makeDiagnostic('wrong-type', { path: [name], on: 'key' }, `the variable "${name}" must be a single value`),
    );
  if (document.spans && document.value !== null && !isJsonObject(document.value)) {
    shape.push(makeDiagnostic('wrong-type', { path: [], on: 'value' }, 'a var-file is a map of names to values'));
  }
  // Places are in the topology: those of this file go into the message.
  const moved = [...document.diagnostics, ...diagnostics, ...shape].map((one) => {
    const { line, column } = one.at ? locate(one.at) : { line: 1, column: 1 };
    return { ...one, at: null, related: [], message: `${file.name}:${line}:${column}: ${one.message}` };
  });
  return { variables, diagnostics: moved };
}

/** Says of each `--var` that no file has a variable of its name. `vars` is what the main file declares. */
export function unusedVariables(
  options: GivenVariables,
  vars: Json | undefined,
  used: ReadonlySet<string>,
): readonly Diagnostic[] {
  const known = new Set([...(isJsonObject(vars) ? Object.keys(vars) : []), ...used]);
  return Object.keys(options.vars)
    .filter((name) => !known.has(name))
    .map((name) => {
      const near = closestMatch(name, known);
      const hint = near ? `did you mean "${near}"?` : 'declare it under vars, or leave --var out';
      return makeDiagnostic('unknown-variable', null, `--var ${name}: the file has no variable of that name`, { hint });
    });
}
