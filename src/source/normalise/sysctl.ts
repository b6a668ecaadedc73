import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { TopologyNetns } from '../../model/topology.ts';
import {
  keyOfCursor,
  namedEntries,
  nonNull,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../cursor.ts';
import { isMachineSysctl, sysctlAccess, toSlashKey } from './sysctl-keys.ts';

type NetnsSysctl = TopologyNetns['sysctls'][number];

/** The sysctls of a namespace, or of the host, where those that exist once a machine are fine too. */
export function readSysctlEntries(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  of: 'namespace' | 'host',
): readonly NetnsSysctl[] {
  const first = new Map<string, SourceCursor>();
  return nonNull(
    namedEntries(node).map(({ name, node }) => {
      const key = readKey(name, node, { report, of });
      const value = readValue(node, report);
      const twin = key === null ? undefined : first.get(key);
      if (twin) {
        const related = [{ at: keyOfCursor(twin), message: 'first written here' }];
        report(
          makeDiagnostic('duplicate-key', keyOfCursor(node), `"${name}" is set twice`, {
            related,
            hint: 'keep one of them',
          }),
        );
      }
      if (key === null || value === null || twin) return null;
      first.set(key, node);
      return { key, value, at: node.path };
    }),
  );
}

function readKey(
  name: string,
  node: SourceCursor,
  to: { report: SourceDiagnosticReporter; of: 'namespace' | 'host' },
): string | null {
  const key = toSlashKey(name);
  const bad = (message: string, hint: string | null) =>
    to.report(makeDiagnostic('bad-value', keyOfCursor(node), message, { hint }));
  if (!/^[A-Za-z0-9_.:@+-]+(?:\/[A-Za-z0-9_.:@+-]+)+$/.test(key) || key.split('/').some((part) => /^\.+$/.test(part))) {
    bad(`${JSON.stringify(name)} is not the key of a sysctl`, 'write it as net.ipv4.ip_forward or net/ipv4/ip_forward');
    return null;
  }
  const access = sysctlAccess(key);
  if (access !== 'read-write') {
    if (access === 'read-only') bad(`${name} can only be read`, 'leave it out');
    else bad(`${name} is a command, not a setting: it has no value that stays`, 'leave it out');
    return null;
  }
  if (to.of === 'host') {
    if (key.startsWith('net/')) return key;
    bad(`${name} is not a network setting`, 'only keys below net are set');
    return null;
  }
  if (key.startsWith('net/') && !isMachineSysctl(key)) return key;
  const message = `${name} is a setting of the whole machine, not of a namespace`;
  const hint = key.startsWith('net/') ? 'write it under `host: sysctls:` to set it on the machine' : 'leave it out';
  to.report(makeDiagnostic('host-key-sysctl', keyOfCursor(node), message, { hint }));
  return null;
}

function readValue(node: SourceCursor, report: SourceDiagnosticReporter): string | null {
  const { value } = node;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return null;
  // Printable ASCII: a line break would be a second write.
  if (/^[\x20-\x7e\t]{1,1024}$/.test(value)) return value.trim().replace(/\s+/g, ' ');
  report(makeDiagnostic('bad-value', valueOfCursor(node), 'the value of a sysctl is one line of plain text'));
  return null;
}

/** The entry of `host-key-sysctl` in docs/checks.md. */
export const hostKeySysctlDoc: CheckDoc = {
  name: 'host-key-sysctl',
  code: 'NF1016',
  title: 'Machine-wide sysctl in a namespace',
  explain: 'The key exists only once per machine. A namespace has no value of its own, so the lab cannot set it there.',
  bad: `
namespaces:
  red: { sysctls: { net.core.default_qdisc: fq } }
`,
  good: `
namespaces:
  red: { sysctls: { net.ipv4.ip_default_ttl: 32 } }
`,
};
