import type { MachineCheck } from '../../../checks/check.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import { nameFilesOf } from '../name-files.ts';

/** A name of the lab that is this machine's own. */
export const ownHostName: MachineCheck = {
  name: 'own-host-name',
  code: 'NF3012',
  title: 'Lab uses the name of this machine',
  explain:
    "With `host: { dns: { names: true } }` the names of the lab are written to the machine's own hosts file. One that is the name of the machine itself would direct the machine's programs, sudo and mail among them, into the lab.",
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { vm: { interfaces: { eth0: { bridge: lan } } } }
host: { dns: { names: true } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
host: { dns: { names: true } }
`,
  query: () => [{ need: 'machine' }],
  find: (lab, live) => {
    const [hostname = ''] = (live.get({ need: 'machine' })?.hostname ?? '').split('.');
    const isOwn = (name: string) => name.toLowerCase().split('.')[0] === hostname.toLowerCase();
    const written = nameFilesOf(lab)
      .filter(({ netns }) => netns === 'host')
      .flatMap(({ hosts }) => hosts);
    const taken = written.flatMap(({ names }) => names).find(isOwn);
    const at = lab.namespaces.find(({ name }) => isOwn(name))?.at;
    return taken === undefined
      ? []
      : [
          makeDiagnostic('own-host-name', at ? atKey(at) : null, `${taken} is the name of this machine itself`, {
            hint: 'choose another name, or leave names: true of the host out',
          }),
        ];
  },
};
