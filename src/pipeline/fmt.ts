import { writeFileSync } from 'node:fs';
import { EXIT, netformError } from '../model/error.ts';
import { whyNotWritten } from '../model/refusal.ts';
import { sizeOfFile, step } from '../report/step.ts';
import { format } from '../source/format.ts';
import { decode } from '../source/limits.ts';
import { locatorOf } from '../source/spans.ts';
import type { Findings } from './findings.ts';
import { readInput } from './input.ts';

/** A file as it should be written. `text` null: it cannot be read, and the findings say why. */
export type Formatted = {
  readonly file: string;
  readonly text: string | null;
  readonly isChanged: boolean;
  readonly findings: Findings;
};

/** The text of a file, or of standard input for `-`, with even spacing. Throws E_NO_FILE. */
export function formatFile(file: string): Formatted {
  const input = readInput(file);
  const decoded = decode(input.bytes);
  const { text, diagnostics } =
    decoded.diagnostics.length > 0
      ? { text: null, diagnostics: decoded.diagnostics }
      : step(`formatting ${input.file}`, sizeOfFile(input.bytes.length), () => format(decoded.text));
  const findings = { file: input.file, text: decoded.text, locate: locatorOf(decoded.text, null), diagnostics };
  return { file: input.file, text, isChanged: text !== null && text !== `${input.bytes}`, findings };
}

/** Throws E_NO_FILE when it cannot. */
export function writeFormatted(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw netformError('E_NO_FILE', EXIT.usage, `cannot write ${file}: ${whyNotWritten(error)}`);
  }
}
