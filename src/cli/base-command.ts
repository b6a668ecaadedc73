import { Command, Flags } from '@oclif/core';
import type { TopologyDiagnostics } from '../model/diagnostics/diagnostic-file.ts';
import { EXIT } from '../model/error.ts';
import type { Json } from '../model/json.ts';
import type { PlanView } from '../model/results/plan-view.ts';
import type { Progress } from '../model/results/progress.ts';
import type { RecoveryNotice } from '../model/results/recovery-notice.ts';
import type { RunResult } from '../model/results/run-result.ts';
import { escapeControl } from '../model/values/escape-control.ts';
import { wrapText } from '../model/values/wrap-text.ts';
import { diagnosticsExitCode } from '../pipeline/topology/diagnostics.ts';
import { type JsonAnswer, jsonAnswer, jsonText } from '../report/json/answer.ts';
import { diagnosticsJson } from '../report/json/diagnostics.ts';
import { createTerminalProgress, type TerminalProgress } from '../report/progress/terminal-progress.ts';
import { cliErrorJson, cliErrorText, toCliError } from '../report/text/cli-error.ts';
import { type Paint, paintFor } from '../report/text/colour.ts';
import { diagnosticsText } from '../report/text/diagnostics.ts';
import { recoveryJson, recoveryText } from '../report/text/recovery.ts';
import { commandSyntax } from './command-syntax.ts';
import type { CommandCompletions, CommandTable, HelpPlace } from './command-types.ts';
import { openOffline, openSession, reportOpenRuns } from './session.ts';
import { toUsageError } from './usage-error.ts';

/** `--json` of a command whose output it does not make one document, with its summary. */
export const jsonFlag = (summary: string) => ({ json: Flags.boolean({ summary }) });

/** The base of every command: `--json`, `--no-color`, and one way to answer and to report an error. */
export abstract class NetformCommand extends Command {
  static override baseFlags = {
    ...jsonFlag('Print one JSON document on standard output, and nothing else.'),
    'no-color': Flags.boolean({ summary: 'Print without colour, as with NO_COLOR.' }),
  };
  static override flags = {};
  /** Where `netform --help` lists the command; every command states it. */
  static helpPlace: HelpPlace;
  /** How its arguments and flags complete. */
  static completes: CommandCompletions = {};
  /** Names that other tools have for it: `netform up` suggests `apply`. */
  static synonyms: readonly string[] = [];

  private readonly recovered: RecoveryNotice[] = [];
  private readonly notes: string[] = [];
  private readonly syntax = commandSyntax(this.ctor);
  /** All commands there are. */
  protected commands: CommandTable = {};

  /** Runs the command and sets the exit code. */
  begin(commands: CommandTable): Promise<void> {
    this.commands = commands;
    return this._run();
  }

  /** Writes the answer to the file of `--json-into`; null: the flag was not given, or the file cannot be written. */
  private writeAnswer: ((text: string) => void) | null = null;

  /** Replaces oclif's, which looks for deprecated names of the command: netform has none. */
  protected override async init(): Promise<void> {
    const path = 'json-into' in this.ctor.flags ? valueOfFlag(this.ownArgv(), '--json-into') : null;
    if (path === null) return;
    const { checkAnswerFile, writeAnswerFile } = await import('../pipeline/tools/answer-file.ts');
    checkAnswerFile(path);
    this.writeAnswer = (text) => writeAnswerFile(path, text);
  }

  /** Prints an error as text or as JSON, and sets the exit code. */
  protected override async catch(error: unknown): Promise<void> {
    const cliError = toCliError(toUsageError(error, this.syntax, this.argv) ?? error);
    process.exitCode = cliError.exitCode;
    // oclif warns about a command line that was not parsed; the error says that already.
    this.parsed = true;
    const content = { error: cliErrorJson(cliError), ...this.jsonExtras() };
    if (this.isJson()) process.stdout.write(jsonText(jsonAnswer(false, content)));
    else this.writeError(cliErrorText(cliError, this.paint(process.stderr)));
    this.saveAnswer(() => jsonAnswer(false, content));
  }

  /**
   * Prints the answer of the command: findings on stderr, and its text on stdout unless a finding is an error; with
   * `--json` one document with both. The exit code is that of the findings, else that of the response.
   */
  protected respond(response: CommandResponse): void {
    this.respondToFiles(response.findings === null ? [] : [response.findings], response);
  }

  /** Prints the answer of a command about several files, with the findings of each. */
  protected respondToFiles(files: readonly TopologyDiagnostics[], response: CommandResponse): void {
    const { json, text, document = null, exitCode = 0 } = response;
    const refusal = diagnosticsExitCode(files.flatMap((findings) => findings.diagnostics));
    process.exitCode = refusal || exitCode;
    const answer = () => {
      const diagnostics = files.flatMap((findings) => diagnosticsJson(findings.diagnostics, findings));
      return jsonAnswer(refusal === 0, { diagnostics, ...this.jsonExtras(), ...(refusal === 0 ? json : {}) });
    };
    if (this.isJson()) process.stdout.write(jsonText(answer()));
    else {
      const told = response.isTold === true ? [] : files.filter(({ diagnostics }) => diagnostics.length > 0);
      for (const [i, findings] of told.entries()) {
        if (i > 0) this.writeError('\n');
        this.printDiagnostics(findings);
      }
      if (refusal === 0 || document !== null) process.stdout.write(document ?? text);
    }
    this.saveAnswer(answer);
  }

  /** Writes the answer to the file of `--json-into`. What was done is done: where that fails, it is a warning. */
  private saveAnswer(answer: () => JsonAnswer): void {
    try {
      this.writeAnswer?.(jsonText(answer()));
    } catch (error) {
      this.printWarning(toCliError(error).message);
      process.exitCode ||= EXIT.internal;
    }
  }

  /** Prints the answer of a run, which may have been declined. Its warnings were printed with the plan. */
  protected async respondToRun(ending: RunResult, text: string): Promise<void> {
    const { status, lab, view, findings, ms, confirmSeconds } = ending;
    const json = {
      status,
      lab,
      ms: Math.round(ms),
      confirmSeconds,
      ...(view === null ? {} : await this.planAnswer(view)),
    };
    const exitCode = status === 'declined' ? EXIT.usage : EXIT.done;
    this.respond({ findings, json, text, exitCode, isTold: status !== 'refused' });
  }

  /** The plan as part of an answer; nothing where no program reads it. */
  private async planAnswer(view: PlanView): Promise<CommandResponse['json']> {
    if (!this.wantsJson()) return {};
    const { planJson } = await import('../report/json/plan.ts');
    return { plan: planJson(view, this.config.version) };
  }

  /** Prints at once how an interrupted run ended; with `--json` it is part of the answer. */
  protected readonly printRecovered = (one: RecoveryNotice): void => {
    this.recovered.push(one);
    if (!this.isJson()) this.writeError(recoveryText([one], this.paint(process.stderr)));
  };

  /** Prints a warning at once on stderr; with `--json` it is part of the answer. */
  protected readonly printWarning = (sentence: string): void => {
    this.notes.push(sentence);
    if (this.isJson()) return;
    this.writeError(`${this.paint(process.stderr)('yellow', 'netform:')} ${escapeControl(sentence)}\n`);
  };

  /** Prints a line of another program at once on stderr; with `--json` it is part of the answer. */
  protected printQuote(line: string): void {
    this.notes.push(line);
    if (!this.isJson()) this.terminal().write(`${escapeControl(line)}\n`);
  }

  /** Whether `--json` was given to this command: one after `--` belongs to the program that it runs. */
  protected readonly isJson = (): boolean => this.ownArgv().includes('--json');

  /** Whether the JSON document is printed, or written to a file. */
  protected readonly wantsJson = (): boolean => this.isJson() || this.writeAnswer !== null;

  private ownArgv(): readonly string[] {
    const end = this.argv.indexOf('--');
    return end < 0 ? this.argv : this.argv.slice(0, end);
  }

  private jsonExtras(): { readonly [key: string]: Json } {
    return { ...recoveryJson(this.recovered), ...(this.notes.length > 0 ? { notes: this.notes } : {}) };
  }

  private terminalProgress: TerminalProgress | null = null;
  /** What standard error shows while the command works; every text that is written there goes through it. */
  protected readonly terminal = (): TerminalProgress => {
    this.terminalProgress ??= createTerminalProgress(process.stderr, this.isJson());
    return this.terminalProgress;
  };
  private readonly progress = (): Progress => ({
    ...this.terminal(),
    warn: this.printWarning,
    recovered: this.printRecovered,
  });
  protected readonly openSession = () => openSession(this.progress());
  protected readonly openOfflineSession = () => openOffline(this.progress());
  /** Prints which runs were interrupted or wait to be confirmed. */
  protected readonly printOpenRuns = () => reportOpenRuns(this.progress());

  /** Prints findings on stderr; with `--json` they are part of the answer. */
  protected printDiagnostics(findings: TopologyDiagnostics | null): void {
    if (findings === null || findings.diagnostics.length === 0 || this.isJson()) return;
    this.writeError(diagnosticsText(findings.diagnostics, findings, this.paint(process.stderr)));
  }

  /** Breaks the lines of a text that are wider than standard output, where that is a terminal; not those that match `kept`. */
  protected readonly wrap = (text: string, kept: RegExp | null = null): string =>
    wrapText(text, terminalWidth(process.stdout), kept);

  /** Prints sentences on standard error; excerpts of a file keep their lines. */
  private writeError(text: string): void {
    this.terminal().write(wrapText(text, terminalWidth(process.stderr), EXCERPT_LINE));
  }

  /** Colours for a stream: none when it is not a terminal, with NO_COLOR, and with `--no-color`. */
  protected paint(stream: { readonly isTTY?: boolean }): Paint {
    return paintFor(stream, this.ownArgv().includes('--no-color') ? 'never' : 'auto');
  }
}

/** The value of `--flag VALUE` or `--flag=VALUE`, before the line is parsed; null: it is not there. */
function valueOfFlag(argv: readonly string[], flag: string): string | null {
  const at = argv.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  return at < 0 ? null : argv[at] === flag ? (argv[at + 1] ?? null) : (argv[at]?.slice(flag.length + 1) ?? null);
}

/** A line of a file below a diagnostic, or the signs below one. */
const EXCERPT_LINE = /^ *\d* \|/;

/** The columns of a terminal; infinity where a stream is none, or a terminal that tells no size. */
export const terminalWidth = ({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number }): number =>
  isTTY === true && columns !== undefined && columns > 0 ? columns : Number.POSITIVE_INFINITY;

/** The answer of a command. `findings` null: the command reads no topology. */
export type CommandResponse = {
  readonly findings: TopologyDiagnostics | null;
  readonly json: { readonly [key: string]: Json };
  readonly text: string;
  /** Printed in place of `text`, also where a finding is an error: a report for another program. */
  readonly document?: string;
  readonly exitCode?: number;
  /** The findings are on standard error already, or in `document`. */
  readonly isTold?: boolean;
};
