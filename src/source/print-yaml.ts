import { Document, isMap, isScalar, isSeq, type Node, Pair, Scalar, visit } from 'yaml';
import type { Path } from '../model/diagnostics/source-location.ts';
import type { Json } from '../model/json.ts';

const LINE_WIDTH = 100;

/** Comments before the value at `at`, or, with an empty path, before everything. */
export type YamlComment = { readonly at: Path; readonly text: string };

/**
 * A topology as a person would type it: maps and lists that hold plain values only on one line where they fit, all
 * others one line per entry; texts with a colon in quotes; `${` as `$${`, since nothing in the value is a variable.
 */
export function printTopology(value: { readonly [key: string]: Json }, comments: readonly YamlComment[]): string {
  const document = new Document(value, { schema: 'core', aliasDuplicateObjects: false });
  visit(document, {
    Collection: (_, node, path) => {
      const depth = path.filter((one) => isMap(one) || isSeq(one)).length;
      if (depth > 1 && isPlain(node, path.at(-1)) && fitsLine(node, depth))
        node.flow = !isOnlyKeyOfItem(node, path.at(-1));
    },
    Scalar: (_, node) => {
      if (typeof node.value !== 'string') return;
      node.value = node.value.replaceAll('${', () => '$${');
      if (/^\S*:\S*$/.test(String(node.value))) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  for (const { at, text } of comments) attachComment(document, at, text);
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: true, minContentWidth: 0 });
  return text.replace(/^(?!#).*$/gm, (line) =>
    line.replace(/\[ ("[^"]*"|[^\]"]*)* \]/g, (list) => `[${list.slice(2, -2)}]`),
  );
}

/** Only values inside, or lists of values; in an entry of a list, such as a route, also lists of maps of values. */
function isPlain(node: unknown, within: unknown): boolean {
  const inItem = isMap(node) && isSeq(within);
  return childNodes(node).every(
    (child) =>
      isScalar(child) ||
      (isSeq(child) && child.items.every((item) => isScalar(item) || (inItem && childNodes(item).every(isScalar)))),
  );
}

const childNodes = (node: unknown): readonly unknown[] =>
  isMap(node) ? node.items.map(({ value }) => value) : isSeq(node) ? node.items : [];

/** `- masquerade: lan`: an item of a list that has one key only. */
const isOnlyKeyOfItem = (node: unknown, parent: unknown): boolean =>
  isMap(node) && node.items.length === 1 && isSeq(parent);

const fitsLine = (node: Node, depth: number): boolean => JSON.stringify(node).length + 2 * depth <= LINE_WIDTH;

function attachComment(document: Document, at: Path, text: string): void {
  const lines = text
    .split('\n')
    .map((line) => ` ${line}`.trimEnd())
    .join('\n');
  if (at.length === 0) {
    document.commentBefore = lines;
    return;
  }
  const parent = document.getIn(at.slice(0, -1), true);
  const last = at.at(-1);
  const item = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === last)?.key
    : isSeq(parent)
      ? parent.items[Number(last)]
      : null;
  if (isScalar(item) || isMap(item) || isSeq(item)) item.commentBefore = lines;
  else if (item instanceof Pair && isScalar(item.key)) item.key.commentBefore = lines;
}
