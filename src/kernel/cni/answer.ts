import { isJsonObject, type Spec } from '../../model/json.ts';
import type { PluginOutcome } from './run-plugin.ts';

/** What a plugin answered. `problem`: what went wrong, as a clause about `it`; null: it succeeded. `code`: that of the CNI specification. */
export type PluginAnswer = {
  readonly json: Spec | null;
  readonly code: number | null;
  readonly problem: string | null;
};

const MAX_LINE = 200;

/** Decides by how the plugin ended, and by complete JSON on its standard output. `needsJson`: without output it has failed. */
export function readPluginAnswer(outcome: PluginOutcome, needsJson: boolean): PluginAnswer {
  const { exitCode, stdout, stderr, problem, leavesProcesses } = outcome;
  if (problem !== null) return failure(withText(problem, stderr));
  const text = stdout.trim();
  const json = parseJson(text);
  if (exitCode !== 0) return json === null ? failure(silentFailure(outcome)) : errorAnswer(json, outcome);
  if (json !== null) return { json, code: null, problem: null };
  if (text === '') return needsJson ? failure(withText('it answered nothing', stderr)) : success;
  const brace = text.indexOf('{');
  const start = firstLine(text);
  if (brace > 0 && parseJson(text.slice(brace)) !== null)
    return failure(`it wrote text before its answer: ${quote(start)}; write that to standard error (>&2)`);
  if (brace === 0 && leavesProcesses)
    return failure('it ended before its answer was complete; what it left in the background may still be writing it');
  return failure(
    brace === 0 ? `its answer is not complete JSON: ${quote(start)}` : `its answer is not JSON: ${quote(start)}`,
  );
}

const success: PluginAnswer = { json: null, code: null, problem: null };
const failure = (problem: string): PluginAnswer => ({ json: null, code: null, problem });

/** `{ "code": 7, "msg": "…", "details": "…" }`. */
function errorAnswer(json: Spec, { exitCode, stderr }: PluginOutcome): PluginAnswer {
  const { code, msg, details } = json;
  const words = [msg, details].filter((word) => typeof word === 'string' && word !== '');
  const text = words.length > 0 ? words.join('; ') : withText(`it ended with ${exitCode}`, stderr);
  return { json, code: typeof code === 'number' ? code : null, problem: text };
}

function silentFailure({ exitCode, stdout, stderr }: PluginOutcome): string {
  const text = [stderr, stdout].find((one) => one.trim() !== '') ?? '';
  return withText(`it ended with ${exitCode}${text === '' ? ', without a word' : ''}`, text);
}

const withText = (clause: string, text: string): string => {
  const said = lastLine(text);
  return said === '' ? clause : `${clause}: ${said}`;
};

const quote = (text: string): string => JSON.stringify(text);
const firstLine = (text: string): string => (text.trim().split('\n')[0] ?? '').slice(0, MAX_LINE);
const lastLine = (text: string): string => (text.trim().split('\n').at(-1) ?? '').slice(0, MAX_LINE);

function parseJson(text: string): Spec | null {
  try {
    const json: unknown = JSON.parse(text);
    return isJsonObject(json) ? json : null;
  } catch {
    return null;
  }
}
