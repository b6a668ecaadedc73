import type { FileImporter } from '../../import/formats/file-importer.ts';

export type { FileImporter };

/** The file formats of `netform import`, by name. A new format is one file or folder in src/import and one line here. */
export const FILE_IMPORTERS: { readonly [name: string]: () => Promise<FileImporter> } = {
  compose: async () => (await import('../../import/formats/compose/index.ts')).composeImporter,
  containerlab: async () => (await import('../../import/formats/containerlab/index.ts')).containerlabImporter,
};
