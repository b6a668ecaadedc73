import { defineFeature } from '../define-feature.ts';
import { keptMac } from './checks/kept-mac.ts';
import { antiSpoofingPart } from './nft-part.ts';
import { readAntiSpoofing } from './read.ts';
import { resolveAntiSpoofing } from './resolve.ts';
import { antiSpoofingSchema } from './schema.ts';

/** Bridges whose ports are held to their addresses: `antiSpoofing`. It gives rules of the lab's tables of the family bridge. */
export const antiSpoofing = defineFeature({
  name: 'anti-spoofing',
  rank: 28,
  schema: { topology: {}, namespace: {}, switch: { antiSpoofing: antiSpoofingSchema } },
  otherTools: {
    spoofing: ['antiSpoofing'],
    spoofcheck: ['antiSpoofing'],
    portsecurity: ['antiSpoofing'],
    ipsourceguard: ['antiSpoofing'],
    macspoofing: ['antiSpoofing'],
  },
  read: { lab: readAntiSpoofing },
  resolve: (context) => {
    const value = resolveAntiSpoofing(context);
    return value.length === 0 ? {} : { value };
  },
  nft: antiSpoofingPart,
  machineChecks: [keptMac],
  docs: [],
});
