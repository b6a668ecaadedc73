import { processId } from '../../model/ids.ts';
import type { FeatureDrawing } from '../../picture/model/feature-drawing.ts';
import { DNS_PROCESS } from './resolve.ts';
import { type LabDnsServer, labDnsServers } from './topology.ts';

/** A DNS server is a row in the box of its namespace. */
export const dnsServerDrawing: FeatureDrawing = {
  rows: ({ lab }, netns) =>
    labDnsServers(lab)
      .filter((one) => one.netns === netns)
      .map((one) => {
        const id = processId(netns, DNS_PROCESS);
        return { id, ids: [id], sort: 'dns', name: servedText(one), texts: askedTexts(one), word: null };
      }),
  gates: () => [],
};

/** `dns lab.test, corp.test`; the program where the file gives its configuration. */
const servedText = ({ engine, given, data, written }: LabDnsServer): string => {
  const zones = data.zones.map(({ name }) => name).filter((name) => !name.endsWith('.arpa'));
  const names = written.names && data.names.length > 0 ? ['names'] : [];
  return given === null ? ['dns', [...zones, ...names].join(', ')].join(' ').trimEnd() : `dns by ${engine}`;
};

const askedTexts = ({ data: { forwards } }: LabDnsServer): readonly string[] =>
  forwards.map(({ zone, servers }) => (zone === null ? `→ ${servers[0]}` : `→ ${zone}`));
