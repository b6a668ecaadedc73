/**
 * A ruleset as `nft list ruleset` prints it, with the sets, maps and chains of each table in order, and with the elements of each
 * set in order: which of them came first says nothing. Rules keep theirs.
 */
export function nftText(body: string): string {
  const texts: string[] = [];
  let blocks: string[] = [];
  let lines: string[] = [];
  for (const line of body.trimEnd().split('\n')) {
    if (/^\S/.test(line)) {
      texts.push(...blocks.sort(), line);
      blocks = [];
      lines = [];
    } else if (line !== '') {
      lines.push(line);
      if (line !== '\t}') continue;
      blocks.push(lines.join('\n').replace(/elements = \{([^}]*)\}/, sortedElements));
      lines = [];
    }
  }
  return [...texts, ...blocks, ...lines].join('\n');
}

const sortedElements = (_: string, list: string): string =>
  `elements = { ${list
    .split(',')
    .map((element) => element.trim())
    .sort()
    .join(', ')} }`;
