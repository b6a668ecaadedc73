import { basename } from 'node:path';
import { EXIT, netformError } from '../../model/error.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { foreignFile } from '../../source/mistakes/foreign-format.ts';
import { readYaml } from '../../source/read-yaml.ts';
import type { OfflineSession } from '../session.ts';
import { readInputFile } from '../topology/read-file.ts';
import { fileLookup } from './import-files.ts';
import { variableLookup } from './import-variables.ts';
import type { FileImporter } from './importers.ts';
import { labNameOf, requireLabName, type TopologyImport, toTopologyImport } from './topology-import.ts';

/** The format of a file to import, the name of the lab (null: from the file), and the files with its variables. */
export type FileImportRequest = {
  readonly importer: FileImporter;
  readonly name: string | null;
  readonly envFiles: readonly string[];
  /** Where the topology is written; null: its reader decides. */
  readonly out: string | null;
};

/** The topology that a file of another format describes. Throws E_FORMAT, E_USAGE, E_NO_FILE. */
export function importFromFile({ progress }: OfflineSession, file: string, request: FileImportRequest): TopologyImport {
  const { importer, name, envFiles, out } = request;
  const { title, section, convert } = importer;
  const text = readInputFile(file).bytes.toString();
  const read = readYaml(text);
  if ('problem' in read) throw formatError(file, title, TEMPLATE.test(text) ? TEMPLATE_PROBLEM : read.problem);
  const { value } = read;
  if (typeof value !== 'object' || value === null || !(section in value))
    throw formatError(file, title, `it has no "${section}"`, otherFormatHint(text, value, file));
  const own = labNameOf('name' in value && typeof value['name'] === 'string' ? `${value['name']}.` : file);
  const lookup = importer.hasVariables ? variableLookup(file, envFiles) : () => undefined;
  const context = { lab: name === null ? own : requireLabName(name), lookup, fileAt: fileLookup(file, out) };
  return toTopologyImport(progress, convert(value, context), [
    `What ${file === '-' ? 'the file' : basename(file)} says, without its images.`,
  ]);
}

/** An action of a Go template; containerlab files are often made from them. */
const TEMPLATE = /\{\{/;
const TEMPLATE_PROBLEM = 'it is a template, with {{ }} in it; render it first';

/** What to do with a file of another format; null: one that netform does not know. */
function otherFormatHint(text: string, value: Json, file: string): string | null {
  const other = foreignFile(text, value, file);
  if (other !== null) return `it is ${other.phrase}: ${other.hint}`;
  const isTopology = isJsonObject(value) && ('namespaces' in value || 'bridges' in value);
  return isTopology ? `it is a topology already: netform plan ${shellWord(file)}` : null;
}

const formatError = (file: string, title: string, why: string, hint: string | null = null) =>
  netformError('E_FORMAT', EXIT.usage, `${file} is not a ${title} file: ${why}`, hint === null ? {} : { hint });
