import { type Family, IP_FAMILIES, type LabModel } from '../../lab/model.ts';
import { addressFamilies } from '../../lab/sysctls/forwarding.ts';
import type { LabNat } from '../../model/lab.ts';
import type { LabNftRule } from '../../model/lab-parts/lab-registers.ts';
import { familyOf } from '../../net/address.ts';
import { childCursor } from '../../source/cursor.ts';
import { defineFeature } from '../define-feature.ts';
import { ambiguousName } from './checks/ambiguous-name.ts';
import { natWithoutTraffic } from './checks/nat-without-traffic.ts';
import { snatFamily } from './checks/snat-family.ts';
import { natDocs } from './docs.ts';
import { natDrawing } from './draw.ts';
import { natPart } from './nft-part.ts';
import { readNat } from './read.ts';
import { resolveSourceNat } from './resolve.ts';
import { natEntrySchema, natSchema } from './schema.ts';

/** Source NAT: `nat`. It gives rules of the lab's nftables table, and forwarding. */
export const nat = defineFeature({
  name: 'nat',
  rank: 10,
  schema: { topology: { nat: natSchema }, namespace: { nat: natSchema }, definitions: { nat: natEntrySchema } },
  otherTools: {
    outinterface: ['out'],
    oifname: ['out'],
    oif: ['out'],
    interface: ['out'],
    tosource: ['as'],
    except: ['exceptTo'],
    exclude: ['exceptTo'],
  },
  read: { netns: ({ shared }, report) => readNat(childCursor(shared, 'nat'), report) },
  resolve: ({ world }) => {
    const entries = resolveSourceNat(world);
    return {
      nat: entries,
      nft: entries.map(natRule),
      forwarding: entries.flatMap((entry) =>
        translatedFamilies(world, entry).map((family) => ({ netns: entry.netns, family, reason: 'nat', at: entry.at })),
      ),
    };
  },
  nft: natPart,
  draw: natDrawing,
  checks: [ambiguousName, snatFamily, natWithoutTraffic],
  docs: [natDocs],
});

/** The rule of one entry. */
export const natRule = ({ netns, kind, from, out, exceptTo, as, at }: LabNat): LabNftRule => ({
  netns,
  part: natPart.name,
  rule: { kind, from, out, exceptTo, as },
  at,
});

/** Of `any` those that the namespace has addresses of, IPv4 at least. */
function translatedFamilies(world: LabModel, { netns, from, as }: LabNat): readonly Family[] {
  const prefixes = as ? [as.address] : from;
  if (prefixes) return IP_FAMILIES.filter((family) => prefixes.some((prefix) => familyOf(prefix) === family));
  return IP_FAMILIES.filter((family) => family === 4 || addressFamilies(world, netns).has(family));
}
