import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { importKubernetes, type ManifestDocument } from '../../import/formats/kubernetes/index.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { isJsonObject } from '../../model/json.ts';
import { readYamlDocuments } from '../../source/read-yaml.ts';
import type { OfflineSession } from '../session.ts';
import { readInputFile } from '../topology/read-file.ts';
import { labNameOf, requireLabName, type TopologyImport, toTopologyImport } from './topology-import.ts';

/** The name of the lab (null: from the first file), and how many nodes it has (null: those of the manifests, or one). */
export type ManifestsRequest = { readonly name: string | null; readonly nodes: number | null };

/** The topology that manifests of Kubernetes describe: files of several documents, and folders of files. Throws E_FORMAT, E_USAGE, E_NO_FILE. */
export function importManifests(
  { progress }: OfflineSession,
  paths: readonly string[],
  { name, nodes }: ManifestsRequest,
): TopologyImport {
  const files = paths.flatMap(filesOf);
  const documents = files.flatMap(documentsOf);
  const isManifest = documents.some(({ value }) => isJsonObject(value) && 'kind' in value && 'apiVersion' in value);
  if (!isManifest)
    throw formatError(
      paths.join(', '),
      'no document in it has both apiVersion and kind',
      'netform import --help names other formats',
    );
  const lab = name === null ? labNameOf(paths[0] ?? '-') : requireLabName(name);
  return toTopologyImport(progress, importKubernetes(documents, { lab, nodes }), [
    `What ${paths.map((path) => (path === '-' ? 'the manifests' : basename(path))).join(', ')} ${paths.length > 1 ? 'say' : 'says'}: each pod is a namespace, and what it would run is a port that answers.`,
  ]);
}

const MANIFEST = /\.(?:ya?ml|json)$/;

/** A file itself; of a folder, the manifests in it. */
function filesOf(path: string): readonly string[] {
  if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  const files = readdirSync(path).filter((file) => MANIFEST.test(file) && file !== 'kustomization.yaml');
  if (files.length === 0)
    throw formatError(
      path,
      'no file in this folder ends with .yaml, .yml or .json',
      'kustomize build and helm template print manifests',
    );
  return files.toSorted().map((file) => join(path, file));
}

function documentsOf(file: string): readonly ManifestDocument[] {
  const text = readInputFile(file).bytes.toString();
  const read = readYamlDocuments(text);
  if ('problem' in read)
    throw formatError(
      file,
      TEMPLATE.test(text) ? 'it is a template, with {{ }} in it' : read.problem,
      TEMPLATE.test(text) ? 'helm template renders it' : null,
    );
  return read.values.map((value, i) => ({
    file: file === '-' ? 'standard input' : basename(file),
    index: i + 1,
    value,
  }));
}

/** An action of a Go template, as in charts of Helm. */
const TEMPLATE = /\{\{/;

const formatError = (file: string, why: string, hint: string | null) =>
  netformError('E_FORMAT', EXIT.usage, `${file} is not a Kubernetes manifest: ${why}`, hint === null ? {} : { hint });
