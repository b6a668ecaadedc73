import type { Json } from '../../model/json.ts';
import type { ImportResult } from '../result.ts';

/** A file format that `netform import` reads: what the command says about itself, and the conversion. */
export type FileImporter = {
  /** The word after `netform import`. */
  readonly name: string;
  /** The name of the program whose format it is, for messages. */
  readonly title: string;
  /** The top-level key that every file of this format has. */
  readonly section: string;
  /** The summary and the description of the command in help. */
  readonly summary: string;
  readonly description: string;
  /** A file of this format, and the topology made of it, for the examples in help. */
  readonly example: { readonly file: string; readonly out: string };
  /** Whether its files contain variables: the command then takes `--env-file`. */
  readonly hasVariables?: true;
  /** `file`: the parsed YAML, with `section` in it. */
  readonly convert: (file: Json, context: FileImportContext) => ImportResult;
};

/** `lab`: the name of the topology; `lookup`: the variables of the file; `fileAt`: the files that it names. */
export type FileImportContext = {
  readonly lab: string;
  readonly lookup: VariableLookup;
  readonly fileAt: FileLookup;
};

/** A file by its path as another one says it, with the path that the topology has to say and its mode; null: there is no such file. */
export type FileLookup = (path: string) => { readonly from: string; readonly mode: string } | null;

/** The value of a variable; undefined when it is not set. */
export type VariableLookup = (name: string) => string | undefined;
