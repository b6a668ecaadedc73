import { repository } from '../machine.ts';
import { bodyLines, ownerOf, splitSections } from './sections.ts';

/** From the top of the repository: the campaign's bundle holds this file elsewhere. */
const scriptPath = () => `${repository}test/support/snapshot/collect.pl`;

/** What `ip` is asked by collect.pl, in that order: a line of JSON each. */
const QUESTIONS = ['nsids', 'links', 'routes', 'rules', 'neighbours', 'tables'];

/** What collect.pl prints about a machine, by the title of the section: `host links`. */
export const collect = async (run: (script: string) => Promise<string>): Promise<ReadonlyMap<string, string>> =>
  sectionsIn(await settled(run));

/** The kernel tries out an automatic IPv6 address for a second or two, unless it was told not to; longer when it is busy. */
async function settled(run: (script: string) => Promise<string>): Promise<string> {
  for (let tries = 0; tries < 150; tries++) {
    const output = await run(`perl ${scriptPath()}`);
    if (!output.includes('"tentative":true')) return output;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('IPv6 addresses stay tentative');
}

function sectionsIn(output: string): Map<string, string> {
  const sections = [...splitSections(output)].flatMap(([title, body]) => {
    if (!title.endsWith(' ip')) return [[title, body] as const];
    const answers = bodyLines(body);
    if (answers.length !== QUESTIONS.length)
      throw new Error(`${title}: ${answers.length} answers of ${QUESTIONS.length}`);
    return QUESTIONS.map((name, nth) => [`${ownerOf(title)} ${name}`, answers[nth] ?? ''] as const);
  });
  return new Map(sections);
}
