import { Args, Flags } from '@oclif/core';
import type { FileImporter } from '../pipeline/import/importers.ts';
import type { TopologyImport } from '../pipeline/import/topology-import.ts';
import { diagnosticsExitCode, errorsOnly } from '../pipeline/topology/diagnostics.ts';
import { diagnosticsJson } from '../report/json/diagnostics.ts';
import { NetformCommand } from './base-command.ts';
import type { CommandClass } from './command-types.ts';

/** `--name`, `-o` and `--force` of a command that makes a topology out of something else. */
export const importFlags = {
  name: Flags.string({ summary: 'The name of the lab.', helpValue: 'NAME' }),
  out: Flags.string({ char: 'o', summary: 'Write to FILE; fails if it exists (see --force).', helpValue: 'FILE' }),
  force: Flags.boolean({ summary: 'Overwrite the file of -o.' }),
};

const envFileFlag = Flags.string({
  summary: 'Read variables from FILE instead of .env; may be repeated.',
  helpValue: 'FILE',
  multiple: true,
});

type ImportOutputFlags = { readonly out?: string | undefined; readonly force: boolean };

/** The base of commands that make a topology out of something else. */
export abstract class ImportCommand extends NetformCommand {
  /** Prints the topology, or writes it to the file of `-o`; what is left out goes to stderr. */
  protected async respondToImport(imported: TopologyImport, { out, force }: ImportOutputFlags): Promise<void> {
    const { text, findings, unknown, errors: failed, notes } = imported;
    const { writeImport } = await import('../pipeline/import/topology-import.ts');
    if (out !== undefined) writeImport(out, text, force ? 'replaced' : 'kept');
    if (failed !== null) {
      this.printWarning(`${failed.summary}:`);
      for (const line of failed.lines) this.printQuote(line);
    }
    for (const line of notes) this.printWarning(line);
    const errors = errorsOnly(findings);
    this.printDiagnostics(errors);
    const json = { topology: text, unknown, diagnostics: diagnosticsJson(errors.diagnostics, errors) };
    const written = `Wrote ${out}: netform plan ${out} shows what it would create.\n`;
    const exitCode = diagnosticsExitCode(errors.diagnostics);
    this.respond({ findings: null, json, text: out === undefined ? text : written, exitCode });
  }
}

/** The command `netform import NAME FILE` of a registered file format. */
export async function loadFileImportCommand(name: string): Promise<CommandClass> {
  const { FILE_IMPORTERS } = await import('../pipeline/import/importers.ts');
  const load = FILE_IMPORTERS[name];
  if (load === undefined) throw new Error(`invariant: no importer is called ${name}`);
  return fileImportCommand(await load());
}

function fileImportCommand(importer: FileImporter): CommandClass {
  const { summary, description, example } = importer;
  return class ImportFile extends ImportCommand {
    static override summary = summary;
    static override description = description;
    static override helpPlace = { group: 'Import from elsewhere', position: 3 } as const;
    static override completes = { file: 'topologies' } as const;
    static override examples = [
      `<%= config.bin %> <%= command.id %> ${example.file}`,
      `<%= config.bin %> <%= command.id %> ${example.file} --name lab -o ${example.out}`,
      `<%= config.bin %> <%= command.id %> - --json < ${example.file}`,
    ];
    static override args = {
      file: Args.string({
        name: 'FILE',
        description: 'The file; - reads it from standard input.',
        required: true,
        ignoreStdin: true,
      }),
    };
    static override flags = { ...importFlags, ...(importer.hasVariables ? { 'env-file': envFileFlag } : {}) };

    async run(): Promise<void> {
      const { args, flags } = await this.parse(ImportFile);
      const { importFromFile } = await import('../pipeline/import/import-file.ts');
      const request = { importer, name: flags.name ?? null, envFiles: flags['env-file'] ?? [], out: flags.out ?? null };
      const imported = importFromFile(await this.openOfflineSession(), args.file, request);
      await this.respondToImport(imported, flags);
    }
  };
}
