import { firewallDefaults, firewallEntries } from '../../firewall/lab-firewall.ts';
import { nftId } from '../../model/ids.ts';
import type { FeatureDrawing } from '../../picture/model/feature-drawing.ts';
import type { BoxRow } from '../../picture/model/picture.ts';
import { defaultsText } from './nft-part.ts';
import { labFirewalls } from './topology.ts';

/** A firewall is a row in the box of its namespace, or of the machine. */
export const firewallDrawing: FeatureDrawing = {
  rows: rowsOf,
  hostRows: (whole) => rowsOf(whole, 'host'),
  gates: () => [],
};

function rowsOf({ lab, statuses }: Parameters<FeatureDrawing['rows']>[0], netns: string): readonly BoxRow[] {
  return labFirewalls(lab)
    .filter((one) => one.netns === netns)
    .flatMap(({ rules }) => {
      const all = rules.map(({ rule }) => rule);
      const defaults = firewallDefaults(all);
      if (defaults === null) return [];
      const entries = firewallEntries(all);
      const counts = (['deny', 'allow'] as const).flatMap((sort) => {
        const count = entries.filter((one) => one.sort === sort).length;
        return count === 0 ? [] : [`${count} ${sort === 'deny' ? 'denied' : 'allowed'}`];
      });
      const id = nftId(netns, lab.name);
      const texts = [defaultsText(defaults), ...(counts.length === 0 ? [] : [counts.join(', ')])];
      return [{ id, ids: [id], sort: 'firewall' as const, name: 'firewall', texts, word: statuses.get(id) ?? null }];
    });
}
