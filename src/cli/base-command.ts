import { Args, Command, Flags } from '@oclif/core';
import type { TopologyDiagnostics } from '../model/diagnostics/diagnostic-file.ts';
import { EXIT, type NetformError, netformError } from '../model/error.ts';
import type { Json } from '../model/json.ts';
import type { RecoveryNotice } from '../model/results/recovery-notice.ts';
import type { RunResult } from '../model/results/run-result.ts';
import { escapeControl } from '../model/values/escape-control.ts';
import type { TopologyImport } from '../pipeline/import/import-topology.ts';
import { diagnosticsExitCode, withoutWarnings } from '../pipeline/topology/diagnostics.ts';
import type { TopologyRequest } from '../pipeline/topology/resolve.ts';
import { jsonAnswer, jsonText, planJson } from '../report/json/answer.ts';
import { stderrTerminal } from '../report/progress/status-line.ts';
import { cliErrorJson, cliErrorText, toCliError } from '../report/text/cli-error.ts';
import { type Paint, paintFor } from '../report/text/colour.ts';
import { diagnosticsJson, diagnosticsText } from '../report/text/diagnostics.ts';
import { recoveryJson, recoveryText } from '../report/text/recovery.ts';
import { commandSyntax } from '../report/text/usage-error.ts';
import type { CommandTable } from './command-types.ts';
import { openOffline, openSession, reportOpenRuns } from './session.ts';

/** What every command has: `--json`, `--no-color`, and one way to say that something went wrong. */
export abstract class NetformCommand extends Command {
  static override baseFlags = {
    json: Flags.boolean({ summary: 'Print one JSON document, and nothing else, on standard output.' }),
    'no-color': Flags.boolean({ summary: 'Print without colour. NO_COLOR does the same.' }),
  };

  private readonly recovered: RecoveryNotice[] = [];
  private readonly notes: string[] = [];
  // oclif's parser gives the arguments other names.
  private readonly words = commandSyntax(this.ctor);
  /** All that there are. */
  protected commands: CommandTable = {};

  /** Runs, and leaves an exit code. */
  begin(commands: CommandTable): Promise<void> {
    this.commands = commands;
    return this._run();
  }

  /** oclif would look whether the command has another name that is going away; none has. */
  protected override async init(): Promise<void> {
    stderrTerminal.isTaken = this.isJson();
  }

  /** What the machine or the command line refused, as text or as JSON; sets the exit code. */
  protected override async catch(error: unknown): Promise<void> {
    const trouble = toCliError(error, this.words);
    process.exitCode = trouble.exitCode;
    // oclif complains about a command line that was not parsed; that it could not be is being told.
    this.parsed = true;
    const content = { error: cliErrorJson(trouble), ...this.jsonExtras() };
    if (this.isJson()) process.stdout.write(jsonText(jsonAnswer(false, content)));
    else process.stderr.write(cliErrorText(trouble, this.paint(process.stderr)));
  }

  /**
   * The answer of a command: findings on stderr, its text on stdout unless there are errors among them; under `--json`
   * one document with both. The exit code is that of the findings, else the given one.
   */
  protected respond(response: CommandResponse): void {
    const { findings, json, text } = response;
    const refusal = findings === null ? 0 : diagnosticsExitCode(findings.diagnostics);
    process.exitCode = refusal || (response.exitCode ?? 0);
    if (this.isJson()) {
      const diagnostics = findings === null ? [] : diagnosticsJson(findings.diagnostics, findings);
      const content = { diagnostics, ...this.jsonExtras(), ...(refusal === 0 ? json : {}) };
      process.stdout.write(jsonText(jsonAnswer(refusal === 0, content)));
      return;
    }
    this.printDiagnostics(findings);
    if (refusal === 0) process.stdout.write(text);
  }

  /** The answer of a command that changed the machine, or was told not to; its warnings were told with the plan. */
  protected respondToRun(ending: RunResult, text: string): void {
    const { status, lab, view, findings, ms, confirmSeconds } = ending;
    const json = {
      status,
      lab,
      ms: Math.round(ms),
      confirmSeconds,
      ...(view === null ? {} : { plan: planJson(view) }),
    };
    const told = status === 'refused' || this.isJson();
    const exitCode = status === 'declined' ? EXIT.usage : EXIT.done;
    this.respond({ findings: told ? findings : null, json, text, exitCode });
  }

  /** The answer of an import: the topology, in the file of `-o` or on stdout, and on stderr what is not in it. */
  protected async respondToImport(imported: TopologyImport, { out, force }: ImportOutputFlags): Promise<void> {
    const { text, findings, unknown, notes } = imported;
    const { writeImport } = await import('../pipeline/import/import-topology.ts');
    if (out !== undefined) writeImport(out, text, force ? 'replaced' : 'kept');
    for (const line of notes) this.printWarning(line);
    const errors = withoutWarnings(findings);
    this.printDiagnostics(errors);
    const json = { topology: text, unknown, diagnostics: diagnosticsJson(errors.diagnostics, errors) };
    const said = `${out} is written: netform plan ${out} shows what it would make\n`;
    const exitCode = diagnosticsExitCode(errors.diagnostics);
    this.respond({ findings: null, json, text: out === undefined ? text : said, exitCode });
  }

  /** Says at once what became of a run that had not come to its end; under `--json` it comes with the answer. */
  protected readonly printRecovered = (one: RecoveryNotice): void => {
    this.recovered.push(one);
    if (!this.isJson()) process.stderr.write(recoveryText([one], this.paint(process.stderr)));
  };

  /** Says something besides, at once, on stderr; under `--json` it comes with the answer. */
  protected readonly printWarning = (sentence: string): void => {
    this.notes.push(sentence);
    if (this.isJson()) return;
    process.stderr.write(`${this.paint(process.stderr)('yellow', 'netform:')} ${escapeControl(sentence)}\n`);
  };

  /** Whether `--json` was asked of this command, and not of a program that it shall run. */
  protected readonly isJson = (): boolean => this.ownArgv().includes('--json');

  private ownArgv(): readonly string[] {
    const end = this.argv.indexOf('--');
    return end < 0 ? this.argv : this.argv.slice(0, end);
  }

  private jsonExtras(): { readonly [key: string]: Json } {
    return { ...recoveryJson(this.recovered), ...(this.notes.length > 0 ? { notes: this.notes } : {}) };
  }

  private readonly reports = { warn: this.printWarning, recovered: this.printRecovered };
  protected readonly openSession = () => openSession(this.reports);
  protected readonly openOfflineSession = () => openOffline(this.reports);
  /** Says which runs were interrupted or wait to be confirmed. */
  protected readonly printOpenRuns = () => reportOpenRuns(this.reports);

  /** Prints findings for a person, on stderr; under `--json` they come with the answer. */
  protected printDiagnostics(findings: TopologyDiagnostics | null): void {
    if (findings === null || findings.diagnostics.length === 0 || this.isJson()) return;
    process.stderr.write(diagnosticsText(findings.diagnostics, findings, this.paint(process.stderr)));
  }

  protected paint(stream: { readonly isTTY?: boolean }): Paint {
    return paintFor(stream, this.ownArgv().includes('--no-color') ? 'never' : 'auto');
  }
}

/** `findings` null: no file was looked at. */
export type CommandResponse = {
  readonly findings: TopologyDiagnostics | null;
  readonly json: { readonly [key: string]: Json };
  readonly text: string;
  readonly exitCode?: number;
};

/** The parsed command line as a request of the pipeline. */
export const toTopologyRequest = (
  args: { readonly file: string },
  flags: { readonly var?: readonly string[] | undefined; readonly 'var-file'?: string | undefined },
): TopologyRequest => ({ file: args.file, vars: flags.var ?? [], varFile: flags['var-file'] ?? null });

/** A mistake in the command line, with an example of how it is written. */
export const usageError = (message: string, example: string): NetformError =>
  netformError('E_USAGE', EXIT.usage, message, { hint: `for example: ${example}` });

/** FILE, as every command that reads a topology takes it. */
export const fileArgument = {
  file: Args.string({
    name: 'FILE',
    description: 'The topology; - reads it from standard input.',
    default: 'topology.yaml',
    // oclif would take what comes in on standard input for the name of the file.
    ignoreStdin: true,
  }),
};

/** `--var` and `--var-file`. */
export const variableFlags = {
  var: Flags.string({
    summary: 'Set a variable of the file (repeatable).',
    helpValue: 'NAME=VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'var-file': Flags.string({ summary: 'A YAML file of variables; --var wins over it.', helpValue: 'FILE' }),
};

/** `--adopt`. */
export const adoptFlag = {
  adopt: Flags.boolean({ summary: 'Take over objects of the same name that netform did not make.' }),
};

/** `--prune`. */
export const pruneFlag = {
  prune: Flags.boolean({
    summary: "Remove what is in the lab's namespaces and not from the file. It does not come back.",
  }),
};

/** What the flags say is to become of what is not ours. */
export const foreignPolicyOf = (flags: { readonly adopt: boolean; readonly prune: boolean }) =>
  ({ foreign: flags.adopt ? 'adopt' : 'refuse', extras: flags.prune ? 'pruned' : 'kept' }) as const;

/** `--confirm`. */
export const confirmFlag = {
  confirm: Flags.string({
    summary: 'Undo everything unless netform confirm comes within this time: 60s, 5m.',
    helpValue: 'TIME',
  }),
};

type ImportOutputFlags = { readonly out?: string | undefined; readonly force: boolean };

/** Of commands that make a topology out of something else. */
export const importFlags = {
  name: Flags.string({ summary: 'The name of the lab.', helpValue: 'NAME' }),
  out: Flags.string({ char: 'o', summary: 'Write it to a file that is not there yet.', helpValue: 'FILE' }),
  force: Flags.boolean({ summary: 'Write over the file of -o.' }),
};

/** How long another run is waited for. */
export const lockFlag = {
  'lock-timeout': Flags.integer({
    summary: 'How long to wait for another run to end.',
    helpValue: 'SECONDS',
    default: 0,
    min: 0,
  }),
};

/** The lab of a run that has not come to its end. */
export const runArgument = {
  lab: Args.string({
    name: 'NAME|FILE',
    description: 'The lab; left out: the only one with such a run, else that of topology.yaml here.',
    ignoreStdin: true,
  }),
};

/** Of commands that change the machine. */
export const runFlags = {
  yes: Flags.boolean({ char: 'y', summary: 'Do not ask.' }),
  ...lockFlag,
};
