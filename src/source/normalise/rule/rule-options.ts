import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import type { RuleOptions } from '../../../model/instruction.ts';
import { ipProtocolNumber } from '../../../net/ip-protocols.ts';
import {
  childCursor,
  readBoolean,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../../cursor.ts';
import { readNumberRange } from './number-range.ts';
import { readRealms } from './realms.ts';
import { readTos } from './tos.ts';

/** What not every rule has: fields only where they are written. */
export function readRuleOptions(node: SourceCursor, report: SourceDiagnosticReporter): RuleOptions {
  const at = (key: string): SourceCursor => childCursor(node, key);
  return {
    ...(readBoolean(at('not')) ? { not: true } : {}),
    ...field('tos', readTos(at('tos'), report)),
    ...field('ipproto', readIpProtocol(at('ipproto'), report)),
    ...field('sport', readNumberRange(at('sport'), report, PORTS)),
    ...field('dport', readNumberRange(at('dport'), report, PORTS)),
    ...field('uidrange', readNumberRange(at('uidrange'), report, { what: 'a range of user ids', most: 0xfffffffe })),
    ...(readBoolean(at('l3mdev')) ? { l3mdev: true } : {}),
    ...field('suppressPrefixLength', readInteger(at('suppressPrefixLength'))),
    ...field('suppressIfGroup', readInteger(at('suppressIfGroup'))),
    ...field('goto', readInteger(at('goto'))),
    ...field('realms', readRealms(at('realms'), report)),
  };
}

const PORTS = { what: 'a port or a range of ports', most: 0xffff };

/** For spreading: the field only where there is a value. */
const field = <K extends string, T>(key: K, value: T | null): { readonly [key in K]?: T } =>
  value === null ? {} : ({ [key]: value } as { readonly [key in K]?: T });

function readIpProtocol(node: SourceCursor, report: SourceDiagnosticReporter): number | null {
  const number = readInteger(node);
  if (number !== null) return number;
  const name = readString(node);
  if (name === null) return null;
  const known = ipProtocolNumber(name);
  if (known !== null) return known;
  const message = `there is no IP protocol ${JSON.stringify(name)} here`;
  report(makeDiagnostic('bad-value', valueOfCursor(node), message, { hint: 'write tcp, udp, icmp, …, or its number' }));
  return null;
}
