import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { repository } from '../../test/support/machine.ts';
import { addForeignObjects } from '../foreign-objects.ts';
import { apply, destroy, expectSuccess } from '../netform.ts';
import { must, type Property } from '../property.ts';

type Count = { readonly [key in 'udp' | 'udpBack' | 'tcp' | 'tcpBack' | 'opened' | 'answered' | 'errors']: number };

/** `points` are the packets and connections that went through. */
export const replaced: Property = {
  name: 'replaced',
  title: 'the table of a live forward is replaced under traffic: UDP, TCP and new connections, none lost',
  unit: 'replaces',
  ...{ inTest: 120, inCampaign: 10_000, perMachine: 1000 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    expectSuccess(await apply(lab(1)));
    const echo = start(['ip', 'netns', 'exec', 'blue', process.execPath, TRAFFIC, 'echo', '80']);
    await once(echo.stdout, 'data');
    const sender = start(['ip', 'netns', 'exec', 'client', process.execPath, TRAFFIC, '203.0.113.1', '8080']);
    await once(sender.stdout, 'data');
    for (let at = seed; at < seed + count; at++) {
      expectSuccess(await apply(lab(1 + (at % 5000))));
      await setTimeout(3);
    }
    const counted = await countOf(sender);
    echo.kill();
    const { udp, udpBack, tcp, tcpBack, opened, answered, errors } = counted;
    const lost = udp - udpBack + (tcp - tcpBack) + (opened - answered) + errors;
    const points = udp + tcp + opened;
    expectSuccess(await destroy('lab'));
    for (let at = seed; at < seed + count - 1; at++) report.held(at, 0);
    if (lost === 0 && points > count) report.held(seed + count - 1, points);
    else
      report.failed(
        seed + count - 1,
        `of ${points} packets and connections ${lost} were lost: ${JSON.stringify(counted)}`,
      );
  },
};

const TRAFFIC = `${repository}campaign/traffic.mjs`;

/** The forward of 8080 stays; another one, in the same table, is another one each time. */
const lab = (nth: number): string => `
version: 1
name: lab
bridges: { lan: { subnet: 10.10.0.0/24, address: 10.10.0.1 } }
namespaces:
  blue: { interfaces: { eth0: { bridge: lan, address: 10.10.0.2 } } }
  client: { interfaces: { eth0: 203.0.113.9/24 } }
links: ["host:to-client -- client:eth0"]
host: { interfaces: { to-client: 203.0.113.1/24 } }
portForwards: ["8080/tcp+udp -> blue:80", "${10_000 + nth} -> blue:81"]
`;

const start = ([file = '', ...args]: readonly string[]) => spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });

async function countOf(sender: ReturnType<typeof start>): Promise<Count> {
  let text = '';
  sender.stdout.on('data', (more) => {
    text += more;
  });
  const gone = once(sender satisfies ChildProcess, 'close');
  sender.stdin.end();
  await gone;
  must(text.startsWith('{'), `the sender said: ${text}`);
  return JSON.parse(text);
}
