import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import type { DnsEngine, DnsRecord } from '../../model/lab-parts/dns-data.ts';
import type { TopologyValue } from '../../model/topology.ts';
import {
  childCursor,
  keyOfCursor,
  listItems,
  namedEntries,
  nonNull,
  readBoolean,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { readAddressValue } from '../../source/normalise/address.ts';
import { readAddressOrRef } from '../../source/normalise/name.ts';
import { isRecordName, readRecordLine } from './read-record.ts';
import type { TopologyDnsServer, TopologyZone, WrittenConfig } from './topology.ts';

const ENGINES: readonly DnsEngine[] = ['dnsmasq', 'unbound', 'coredns'];

/** `dnsServer` of a namespace; null: none is written. */
export function readDnsServer(node: SourceCursor, report: SourceDiagnosticReporter): TopologyDnsServer | null {
  if (!isJsonObject(node.value)) return null;
  const config = childCursor(node, 'config');
  const listen = childCursor(node, 'listen');
  return {
    at: node.path,
    zones: namedEntries(childCursor(node, 'zones')).flatMap((one) => readZone(one.name, one.node, report) ?? []),
    names: readBoolean(childCursor(node, 'names')) ?? false,
    forwards: listItems(childCursor(node, 'forward')).flatMap((one) => readForward(one, report)),
    listen: listen.value === undefined ? null : nonNull(listItems(listen).map((one) => readAddressValue(one, report))),
    engine: ENGINES.find((one) => one === childCursor(node, 'engine').value) ?? 'dnsmasq',
    config: readConfig(config, report),
  };
}

/** `config`: one of `content` and `from`. */
function readConfig(node: SourceCursor, report: SourceDiagnosticReporter): WrittenConfig | null {
  if (!isJsonObject(node.value)) return null;
  const [content, from] = ['content', 'from'].map((key) => {
    const one = childCursor(node, key);
    return withPath(one, readString(one));
  });
  if (content && !from) return { content };
  if (from && !content) return { from };
  const message = content ? 'content and from are both written' : 'a configuration without a text';
  const hint = content ? 'leave one of them out' : 'write content: "…", or from: FILE';
  report(makeDiagnostic('bad-value', keyOfCursor(node), message, { hint }));
  return null;
}

function readZone(written: string, node: SourceCursor, report: SourceDiagnosticReporter): TopologyZone | null {
  const name = zoneName(written);
  if (name === null) {
    report(badZone(written, keyOfCursor(node)));
    return null;
  }
  const records = listItems(childCursor(node, 'records')).flatMap((one) => readRecord(one, name, report) ?? []);
  return { name, records, at: node.path };
}

function readRecord(
  node: SourceCursor,
  zone: string,
  report: SourceDiagnosticReporter,
): TopologyValue<DnsRecord> | null {
  const line = readString(node);
  if (line === null) return null;
  const reading = readRecordLine(line, zone);
  if ('record' in reading) return { value: reading.record, at: node.path };
  report(makeDiagnostic('bad-record', valueOfCursor(node), reading.problem, { hint: reading.hint }));
  return null;
}

function readForward(node: SourceCursor, report: SourceDiagnosticReporter): TopologyDnsServer['forwards'] {
  if (typeof node.value === 'string') {
    const to = nonNull([withPath(node, readAddressOrRef(node, report))]);
    return to.length === 0 ? [] : [{ zone: null, to, at: node.path }];
  }
  const at = childCursor(node, 'zone');
  const written = readString(at);
  if (written === null) return [];
  const zone = zoneName(written);
  if (zone === null) {
    report(badZone(written, valueOfCursor(at)));
    return [];
  }
  const to = nonNull(listItems(childCursor(node, 'to')).map((one) => withPath(one, readAddressOrRef(one, report))));
  return to.length === 0 ? [] : [{ zone, to, at: node.path }];
}

/** In lower case and without the last dot; null: it is not a zone's name. */
function zoneName(written: string): string | null {
  const name = written.toLowerCase().replace(/\.$/, '');
  return isRecordName(name) && !name.startsWith('*') ? name : null;
}

const badZone = (written: string, at: ReturnType<typeof keyOfCursor>) =>
  makeDiagnostic('bad-record', at, `${JSON.stringify(written)} is not the name of a zone`, {
    hint: 'write a domain, such as lab.test, or for reverse names 1.10.in-addr.arpa',
  });

/** The entry of `bad-record` in docs/checks.md. */
export const badRecordDoc: CheckDoc = {
  name: 'bad-record',
  code: 'NF1050',
  title: 'A record that cannot be read',
  explain:
    'A line under `records` is not `NAME TYPE VALUE`: its type is not known, its value is not complete, or a name has characters that names have not; or a zone has no proper name. A text of a TXT record has 255 bytes at most.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns: { interfaces: { eth0: { bridge: lan } }, dnsServer: { zones: { lab.test: { records: [web 10.0.0.9] } } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns: { interfaces: { eth0: { bridge: lan } }, dnsServer: { zones: { lab.test: { records: [web A 10.0.0.9] } } } }
`,
};
