import type { MachineCheck } from '../../../checks/check.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import { cableId } from '../../../model/ids.ts';
import { guardedEnds } from '../guarded-ports.ts';

/** An interface that is adopted keeps its MAC, and would be held to another one. */
export const keptMac: MachineCheck = {
  name: 'kept-mac',
  code: 'NF3076',
  title: 'A MAC that antiSpoofing does not know',
  explain:
    'An interface that was there before the lab keeps its MAC when the file does not write one. `antiSpoofing` holds the port of an interface to the MAC that the lab gives it, so that this one could not send any more.',
  bad: `
namespaces:
  sw: { bridges: { lan: { subnet: 10.0.0.0/24, antiSpoofing: true } } }
  red: { interfaces: { eth0: { bridge: "sw:lan" } } }
`,
  good: `
namespaces:
  sw: { bridges: { lan: { subnet: 10.0.0.0/24, antiSpoofing: true } } }
  red: { interfaces: { eth0: { bridge: "sw:lan", mac: "02:00:00:00:00:77" } } }
`,
  query: (lab) =>
    [...new Set(guardedEnds(lab).map(({ end: { netns } }) => netns))].map((netns) => ({ need: 'namespace', netns })),
  find: (lab, live, { recorded }) =>
    guardedEnds(lab).flatMap(({ cable, end: { netns, name, label, mac, isMacUnspecified } }) => {
      const found = live.get({ need: 'namespace', netns })?.links.get(name)?.mac ?? mac;
      if (!isMacUnspecified || found === mac) return [];
      // One that was changed by hand is set back.
      const record = recorded.find(({ id }) => id === cableId(cable));
      if (record && !JSON.stringify(record.spec).includes(found)) return [];
      const message = `${netns}:${label} has the MAC ${found}, and antiSpoofing would let only ${mac} pass`;
      return [makeDiagnostic('kept-mac', atKey(cable.at), message, { hint: `write mac: "${found}" there` })];
    }),
};
