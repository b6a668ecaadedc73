import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { ExclusiveClaim } from '../../model/diagnostics/exclusive-claim.ts';
import { atKey, atValue, type Path } from '../../model/diagnostics/source-location.ts';
import { networkText, type Prefix, prefixesOverlap, requirePrefix } from '../../net/prefix.ts';
import { subnetRemedy } from '../addresses/free-subnet.ts';
import { listPhrase } from '../phrases.ts';

/** What a lab claims of the machine, with the resource that claims it. */
export type ResourceClaim = { readonly id: string; readonly origin: Path | null; readonly claim: ExclusiveClaim };

/** A recorded lab: its file (null: standard input), and what it claims. */
export type RecordedLabClaims = {
  readonly lab: string;
  readonly file: string | null;
  readonly claims: readonly ExclusiveClaim[];
};

/** What a lab cannot have because a recorded lab has it: the resources, and what the other lab claims. */
export type LabConflict = {
  readonly other: RecordedLabClaims;
  readonly claims: readonly (ResourceClaim & { readonly rival: ExclusiveClaim })[];
};

/** The conflicts with each recorded lab, in the order of the labs; a lab without a conflict is left out. */
export const findLabConflicts = (
  claims: readonly ResourceClaim[],
  others: readonly RecordedLabClaims[],
): readonly LabConflict[] =>
  others.flatMap((other) => {
    const things = new Map(other.claims.flatMap((claim) => (claim.of === 'thing' ? [[claim.key, claim]] : [])));
    const rest = other.claims.filter(({ of }) => of !== 'thing');
    const taken = claims.flatMap((one) => {
      const rival =
        one.claim.of === 'thing' ? things.get(one.claim.key) : rest.find((theirs) => meets(one.claim, theirs));
      return rival === undefined || isSameValue(one.claim, rival) ? [] : [{ ...one, rival }];
    });
    return taken.length === 0 ? [] : [{ other, claims: taken }];
  });

const isSameValue = (one: ExclusiveClaim, other: ExclusiveClaim): boolean =>
  one.of === 'thing' && other.of === 'thing' && one.value !== undefined && one.value === other.value;

function meets(one: ExclusiveClaim, other: ExclusiveClaim): boolean {
  if (one.of === 'subnet' && other.of === 'subnet') {
    if (one.address === null && other.address === null) return false;
    // Two labs may have addresses of one subnet on one NIC of the machine.
    if (one.dev === other.dev) return one.address === other.address;
    return prefixesOverlap(requirePrefix(one.prefix), requirePrefix(other.prefix));
  }
  if (one.of !== 'port' || other.of !== 'port' || one.family !== other.family) return false;
  if (one.address !== null && other.address !== null && one.address !== other.address) return false;
  if (one.ports.first > other.ports.last || other.ports.first > one.ports.last) return false;
  return one.protocols.some((protocol) => other.protocols.includes(protocol));
}

/**
 * The file of the topology and the name of its lab; `isNew`: no lab of that name is recorded; `freeSubnet` returns a subnet
 * of the same length that is free on this machine, or null.
 */
export type ConflictContext = {
  readonly lab: string;
  readonly file: string | null;
  readonly isNew: boolean;
  readonly freeSubnet: (wanted: Prefix) => string | null;
};

/** One finding for each lab: what it has, and what to do. For a file whose name was changed it says that. */
export const labConflictDiagnostics = (
  conflicts: readonly LabConflict[],
  context: ConflictContext,
): readonly Diagnostic[] => conflicts.map((conflict) => conflictDiagnostic(conflict, context));

function conflictDiagnostic(
  { other, claims }: LabConflict,
  { lab, file, isNew, freeSubnet }: ConflictContext,
): Diagnostic {
  if (isNew && file !== null && file === other.file) {
    const message = `${baseName(file)} was applied as the lab ${other.lab}; it now says name: ${lab}`;
    const hint = `rename the lab: netform rename ${other.lab} ${lab}; or write name: ${other.lab} again`;
    return makeDiagnostic('lab-conflict', atValue(['name']), message, { foreign: true, hint });
  }
  const texts = [...new Set(claims.map(({ rival }) => rival.text))];
  const origin = claims.find((one) => one.origin !== null)?.origin ?? null;
  const source = other.file === null ? 'from standard input' : baseName(other.file);
  const message = `the lab ${other.lab} (${source}) already has ${listPhrase(texts)}`;
  const hint = `${ownRemedy(claims, freeSubnet)}, or remove that lab first: netform destroy ${other.lab}`;
  return makeDiagnostic('lab-conflict', origin && atKey(origin), message, { foreign: true, hint });
}

const baseName = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

function ownRemedy(claims: readonly ResourceClaim[], freeSubnet: ConflictContext['freeSubnet']): string {
  const has = (of: ExclusiveClaim['of']) => claims.some(({ claim }) => claim.of === of);
  const subnets = new Set(claims.flatMap(({ claim }) => (claim.of === 'subnet' ? [networkText(claim.prefix)] : [])));
  return [
    ...(has('thing') ? ['rename yours'] : []),
    ...(subnets.size > 0 ? [subnetRemedy([...subnets].map((text) => freeSubnet(requirePrefix(text))))] : []),
    ...(has('port') ? ['publish another port'] : []),
  ].join(', ');
}

/** The entry of `lab-conflict` in docs/checks.md. */
export const labConflictDoc: CheckDoc = {
  name: 'lab-conflict',
  code: 'NF3017',
  title: 'Conflict with another lab',
  explain:
    'A lab that netform has a record of on this machine has what this file asks for: a namespace, a link, a file or a name, a port of the host, or a subnet that overlaps. netform never takes anything from a recorded lab, with `--adopt` neither; the run ends with exit code 7. Change one of the two files, or destroy the other lab. To move a namespace, take it out of the other file, apply that one, and then this one. When only `name:` was changed in the file, `netform rename OLD NEW` renames the lab.',
  bad: `
bridges: { lan: 192.168.15.0/24 }
`,
  good: `
bridges: { lan2: 192.168.16.0/24 }
`,
};
