import { type Machine, repository } from './machine.ts';

/** What came of many requests, one after the other. */
type Requests = {
  readonly asked: number;
  readonly failed: number;
  readonly failures: readonly string[];
  /** How many were made on a new connection. */
  readonly connections: number;
};

type Asked = {
  /** Asks at least so often, and goes on while `change` has not ended. */
  readonly least: number;
  readonly keepAlive: boolean;
  /** The path of the certificate that is trusted. */
  readonly ca?: string;
  readonly change: () => Promise<unknown>;
};

let nth = 0;

/** Asks for a URL in a namespace, one request after the other, while something changes. */
export async function requestsDuring(m: Machine, netns: string, url: string, asked: Asked): Promise<Requests> {
  const until = `/run/requests-${++nth}`;
  const { change, ...rest } = asked;
  const words = JSON.stringify({ url, until, ...rest });
  const load = m.must(`ip netns exec ${netns} ${process.execPath} ${repository}test/support/requests.mjs '${words}'`);
  try {
    await change();
  } finally {
    await m.must(`touch ${until}`);
  }
  return JSON.parse(await load);
}
