import type { FeatureContext, FeatureContribution } from '../../lab/registers.ts';
import { netnsIds, processId } from '../../model/ids.ts';
import { labRunFolder } from '../../model/kernel/lab-process.ts';
import type { LabPortClaim } from '../../model/lab-parts/lab-registers.ts';
import { standIn } from '../../programs/stand-in.ts';
import type { AnsweredPort } from '../../source/normalise/netns/answered-ports.ts';
import { writtenAnswers } from './topology.ts';

/** The name of the process: of the machine, because it serves all namespaces of the lab. */
export const ANSWERS_PROCESS = 'answers';

const HOST = 'host';

/** The ports that answer, and the process that does it for all of them. */
export function resolveAnswers({ world: { topology } }: FeatureContext): FeatureContribution {
  const written = topology.namespaces.flatMap((netns) => {
    const answers = writtenAnswers(netns);
    return answers === null || answers.ports.length === 0 ? [] : [{ netns: netns.name, answers }];
  });
  const [first] = written;
  if (first === undefined) return {};
  const ports = written.flatMap(({ netns, answers }) => answers.ports.map(({ value }) => ({ ...value, netns })));
  const place = {
    ...{ netns: HOST, name: ANSWERS_PROCESS, at: first.answers.at },
    folder: `${labRunFolder(topology.name, HOST)}/answers`,
    after: written.flatMap(({ netns }) => netnsIds(netns)),
  };
  const { process, storedFiles } = standIn({ ports }, place);
  return {
    processes: [process],
    storedFiles,
    ports: written.flatMap(({ netns, answers }) => answers.ports.flatMap(({ value, at }) => claims(netns, value, at))),
    value: written.map(({ netns, answers }) => ({ netns, ports: answers.ports.map(({ value }) => value) })),
  };
}

const claims = (
  netns: string,
  { name, protocol, port }: AnsweredPort,
  at: LabPortClaim['at'],
): readonly LabPortClaim[] =>
  ([4, 6] as const).map((family) => ({
    ...{ netns, family, address: null, ports: { first: port, last: port }, protocols: [protocol] },
    ...(name === null ? {} : { name }),
    use: 'answered by netform',
    process: processId(HOST, ANSWERS_PROCESS),
    at,
  }));
