import { basename } from 'node:path';
import { EXIT, netformError } from '../../model/error.ts';
import { readYaml } from '../../source/read-yaml.ts';
import type { OfflineSession } from '../session.ts';
import { readInputFile } from '../topology/read-file.ts';
import type { FileImporter } from './importers.ts';
import { labNameOf, requireLabName, type TopologyImport, toTopologyImport } from './topology-import.ts';

/** The format of a file to import, and the name of the lab; null: from the file. */
export type FileImportRequest = { readonly importer: FileImporter; readonly name: string | null };

/** The topology that a file of another format describes. Throws E_FORMAT, E_USAGE, E_NO_FILE. */
export function importFromFile({ progress }: OfflineSession, file: string, request: FileImportRequest): TopologyImport {
  const { importer, name } = request;
  const { title, section, convert } = importer;
  const read = readYaml(readInputFile(file).bytes.toString());
  if ('problem' in read) throw formatError(file, title, read.problem);
  const { value } = read;
  if (typeof value !== 'object' || value === null || !(section in value))
    throw formatError(file, title, `it has no "${section}"`);
  const own = labNameOf('name' in value && typeof value['name'] === 'string' ? `${value['name']}.` : file);
  return toTopologyImport(progress, convert(value, name === null ? own : requireLabName(name)), [
    `What ${file === '-' ? 'the file' : basename(file)} says, without what runs there.`,
  ]);
}

const formatError = (file: string, title: string, why: string) =>
  netformError('E_FORMAT', EXIT.usage, `${file} is not a ${title} file: ${why}`);
