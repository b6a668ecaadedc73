import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import { labDns, netnsDns } from '../topology.ts';

const LOOPBACK_NAME =
  /^(?:(?:.+\.)?localhost(?:\.localdomain\d?)?|ip6-(?:localhost|loopback|localnet|mcastprefix|allnodes|allrouters|allhosts))$/i;

/** A name of the lab that would point `localhost` elsewhere. */
export const redefinesLocalhost: LabCheck = {
  name: 'redefines-localhost',
  code: 'NF2501',
  title: '`localhost` is redefined',
  explain:
    'Programs rely on `localhost`, everything below it and the `ip6-…` names of the loopback to mean this machine. Hosts files of a lab do not change that.',
  bad: `
namespaces: { red: {} }
dns: { hosts: { localhost: 10.0.0.1 } }
`,
  good: `
namespaces: { red: {} }
dns: { hosts: { db.lab.test: 10.0.0.1 } }
`,
  find: (topology) => {
    const blocks = [labDns(topology), netnsDns(topology.host), ...topology.namespaces.map(netnsDns)];
    const named = [...topology.namespaces, ...blocks.flatMap((dns) => dns?.hosts ?? [])];
    return named
      .filter(({ name }) => LOOPBACK_NAME.test(name))
      .map(({ name, at }) =>
        makeDiagnostic(
          'redefines-localhost',
          atKey(at),
          `${name} means the loopback on every machine and cannot be redefined`,
          {
            hint: 'choose another name',
          },
        ),
      );
  },
};
