import { writeFileSync } from 'node:fs';
import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { writeErrorReason } from '../../model/files/file-errors.ts';
import { fileWorkSize, withProgress } from '../../model/results/progress.ts';
import { decodeText } from '../../source/decode.ts';
import { formatTopology } from '../../source/format.ts';
import { createLocator } from '../../source/locate.ts';
import type { OfflineSession } from '../session.ts';
import { readInputFile } from '../topology/read-file.ts';

/** A file as it should be written. `text` null: it cannot be read, and the findings say why. */
export type FormatFileResult = {
  readonly file: string;
  readonly text: string | null;
  readonly isChanged: boolean;
  readonly findings: TopologyDiagnostics;
};

/** The text of a file, or of standard input for `-`, with even spacing. Throws E_NO_FILE. */
export function formatFile({ progress }: OfflineSession, file: string): FormatFileResult {
  const input = readInputFile(file);
  const decoded = decodeText(input.bytes);
  const { text, diagnostics } =
    decoded.diagnostics.length > 0
      ? { text: null, diagnostics: decoded.diagnostics }
      : withProgress(progress, [`formatting ${input.file}`, fileWorkSize(input.bytes.length)], () =>
          formatTopology(decoded.text),
        );
  const findings = { file: input.file, text: decoded.text, locate: createLocator(decoded.text, null), diagnostics };
  return { file: input.file, text, isChanged: text !== null && text !== `${input.bytes}`, findings };
}

/** Throws E_NO_FILE when it cannot. */
export function writeFormatResult(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw netformError('E_NO_FILE', EXIT.usage, `cannot write ${file}: ${writeErrorReason(error)}`);
  }
}
