import type { Json } from '../../../model/json.ts';
import type { JsonMap } from '../../result.ts';
import type { FreeNames } from './free-names.ts';

/** What answers for services that the files do not have. */
export type StandIns = {
  /** The target of such a service, `name.project:port`; null where its port is not a number. */
  readonly target: (namespace: string, service: string, port: Json | undefined) => string | null;
  /** The namespaces that answer, with the bridge that they are on. */
  readonly namespaces: (bridge: string) => readonly (readonly [string, JsonMap])[];
  /** One sentence each. */
  readonly lines: () => readonly string[];
};

type StandIn = {
  readonly key: string;
  readonly service: string;
  readonly namespace: string;
  readonly ports: Set<number>;
};

/** A proxy is often in other files than the services behind it: each of these gets a namespace of its name. */
export function standIns(names: FreeNames): StandIns {
  const all = new Map<string, StandIn>();
  return {
    target: (namespace, service, port) => {
      if (typeof port !== 'number') return null;
      const id = `${namespace}/${service}`;
      const one = all.get(id) ?? {
        key: names.take(service, `${service}.${namespace}`),
        service,
        namespace,
        ports: new Set<number>(),
      };
      all.set(id, one);
      one.ports.add(port);
      return `${qualifiedName(one.key, namespace)}:${port}`;
    },
    namespaces: (bridge) =>
      [...all.values()].map(({ key, namespace, ports }) => [
        key,
        {
          ...(namespace === 'default' ? {} : { project: namespace }),
          interfaces: { eth0: { bridge } },
          answers: [...ports],
        },
      ]),
    lines: () =>
      [...all.values()].map(
        ({ key, service, namespace }) =>
          `None of these files has the service ${service} of ${namespace}: ${key} answers in its place.`,
      ),
  };
}

/** A name as it is written in other projects. */
export const qualifiedName = (key: string, project: string): string =>
  key.endsWith(`.${project}`) ? key : `${key}.${project}`;
