import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../../model/json.ts';
import type { LabContainer } from '../../../model/lab-parts/lab-namespace.ts';
import { formatPlaceRef, PLACE_OWNERS, type PlaceRef, parsePlaceRef, toPlaceRef } from '../../../net/place-ref.ts';
import {
  childCursor,
  keyOfCursor,
  readBoolean,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../../cursor.ts';
import { quoteText } from '../address-errors.ts';

/** `container` of a namespace: `docker:db`, or a map that names it. Null: not written, or wrong and reported. */
export function readContainer(node: SourceCursor, report: SourceDiagnosticReporter): LabContainer | null {
  const written = readString(node);
  if (written !== null) return soundContainer(node, parsePlaceRef(written), { written, isVisible: false, report });
  if (!isJsonObject(node.value)) return null;
  const named = PLACE_OWNERS.map((by) => ({ by, at: childCursor(node, by) })).filter(
    ({ at }) => at.value !== undefined,
  );
  const [one] = named;
  if (!one || named.length > 1) {
    const message = one
      ? `a namespace is one container, not ${named.map(({ by }) => by).join(' and ')}`
      : 'the container is not named';
    report(makeDiagnostic('bad-reference', keyOfCursor(named[1]?.at ?? node), message, { hint: FORM }));
    return null;
  }
  const name = readString(one.at) ?? readInteger(one.at)?.toString();
  if (name === undefined) return null;
  const isVisible = readBoolean(childCursor(node, 'netns')) ?? false;
  return soundContainer(one.at, toPlaceRef(one.by, name), { written: name, isVisible, report });
}

const FORM = 'write docker: NAME, podman: NAME, containerd: NAMESPACE/ID, pid: NUMBER or path: /run/netns/NAME';

type ContainerContext = {
  readonly written: string;
  readonly isVisible: boolean;
  readonly report: SourceDiagnosticReporter;
};

function soundContainer(
  node: SourceCursor,
  ref: PlaceRef | string,
  { written, isVisible, report }: ContainerContext,
): LabContainer | null {
  if (typeof ref !== 'string') return { ref: formatPlaceRef(ref), isVisible, at: node.path };
  const message = `${quoteText(written)} names no container: ${ref}`;
  report(makeDiagnostic('bad-reference', valueOfCursor(node), message, { hint: FORM }));
  return null;
}
