import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import type { ProcessReady } from '../../model/kernel/lab-process.ts';
import type { TopologyValue } from '../../model/topology.ts';
import {
  childCursor,
  listItems,
  namedEntries,
  nonNull,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { quoteText } from '../../source/normalise/address-errors.ts';
import { readSeconds } from '../../source/normalise/duration.ts';
import { parseAnsweredPort, readAnsweredPorts } from '../../source/normalise/netns/answered-ports.ts';
import { readCommand } from './read-command.ts';
import type { TopologyProgram } from './topology.ts';

/** The entries under `run`. One without a command that can be run is reported and left out. */
export const readPrograms = (node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyProgram[] =>
  nonNull(namedEntries(node).map(({ name, node }) => readProgram(name, node, report)));

function readProgram(name: string, node: SourceCursor, report: SourceDiagnosticReporter): TopologyProgram | null {
  const at = (key: string): SourceCursor => childCursor(node, key);
  const command = readCommand(isJsonObject(node.value) ? at('command') : node, report);
  const ports = readAnsweredPorts(at('ports'), report);
  const ready = readReady(at('ready'), report);
  const restart = readString(at('restart'));
  const program = {
    name,
    at: node.path,
    workdir: readAbsolutePath(at('workdir'), report) ?? '/',
    user: readUser(at('user')),
    env: Object.fromEntries(
      namedEntries(at('env')).flatMap(({ name, node: { value } }) => (value == null ? [] : [[name, String(value)]])),
    ),
    ports,
    ready,
    readySeconds: readSeconds(at('readyTimeout'), report, { first: 1, last: 3600 }) ?? 10,
    restart: {
      value: restart === 'always' || restart === 'on-failure' ? restart : 'never',
      at: at('restart').path,
    } as const,
    after: nonNull(listItems(at('after')).map((item) => withPath(item, readString(item)))),
    capabilities: nonNull(listItems(at('capabilities')).map((item) => readCapability(item, report))),
  };
  return command === null ? null : { ...program, command };
}

const readUser = (node: SourceCursor): TopologyValue<string> | null =>
  withPath(node, typeof node.value === 'number' ? String(node.value) : readString(node));

function readReady(node: SourceCursor, report: SourceDiagnosticReporter): ProcessReady | null {
  const { value } = node;
  if (isJsonObject(value)) {
    const command = readCommand(childCursor(node, 'command'), report);
    return command && { by: 'command', command: command.value };
  }
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  if (String(value).startsWith('/')) {
    const path = readAbsolutePath(node, report);
    return path === null ? null : { by: 'file', path };
  }
  const port = parseAnsweredPort(String(value));
  if (port !== null) return { by: 'port', ...port };
  report(
    makeDiagnostic('bad-value', valueOfCursor(node), `ready ${quoteText(String(value))} is neither a port nor a path`, {
      hint: 'write 8080/tcp, /tmp/app.ready or { command: "pg_isready -q" }',
    }),
  );
  return null;
}

function readCapability(node: SourceCursor, report: SourceDiagnosticReporter): string | null {
  const written = readString(node);
  if (written === null) return null;
  const name = written.toLowerCase().replace(/^cap_/, '');
  if (CAPABILITIES.has(name)) return name;
  report(
    makeDiagnostic('bad-value', valueOfCursor(node), `there is no capability ${quoteText(written)}`, {
      hint: 'write it as capabilities(7) does, such as net_bind_service',
    }),
  );
  return null;
}

/** linux/capability.h. */
const CAPABILITIES = new Set(
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore'.split(
    ' ',
  ),
);

/** A path from the root without `.`, `..` and doubled slashes. */
export function readAbsolutePath(node: SourceCursor, report: SourceDiagnosticReporter): string | null {
  const written = readString(node);
  if (written === null) return null;
  const problem = pathProblem(written);
  if (problem !== null)
    report(makeDiagnostic('bad-value', valueOfCursor(node), problem.message, { hint: problem.hint }));
  return problem === null ? written : null;
}

/** Why a text cannot be a whole path; null: it can. */
export function pathProblem(path: string): { readonly message: string; readonly hint: string } | null {
  if (!path.startsWith('/'))
    return { message: `${quoteText(path)} does not begin at the root`, hint: `write /${path}` };
  const parts = path.split('/').slice(1);
  const isPlain = path === '/' || parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (isPlain && !/[\0\n]/.test(path)) return null;
  return {
    message: `${quoteText(path)} is not a plain path`,
    hint: 'write it without "." and ".." and with single slashes',
  };
}
