import { type ChangeStatus, mergeStatuses, type Picture, type PictureWireEnd } from '../model/picture.ts';

/** Something of the drawing that can be chosen. `text` is what it is found by. */
export type PagePart = {
  readonly id: string;
  readonly sort: 'machine' | 'namespace' | 'LAN' | 'interface' | 'NAT' | 'forward' | 'cable' | 'overlay';
  readonly name: string;
  /** A few words more: addresses, LANs, where it leads. */
  readonly about: string;
  readonly word: ChangeStatus | null;
  readonly ids: readonly string[];
  readonly text: string;
};

/** Everything that can be chosen, in the order in which it is listed. */
export function pageParts({ host, boxes, switches, nics, gates, wires }: Picture): readonly PagePart[] {
  const names = new Map([host, ...boxes, ...switches, ...nics].map(({ id, name }) => [id, name]));
  const endText = ({ node, port }: PictureWireEnd) => `${names.get(node) ?? node}${port === null ? '' : `:${port}`}`;
  const bare: readonly Omit<PagePart, 'text'>[] = [
    { ...partIdentity(host), sort: 'machine', about: '' },
    ...boxes.map((box) => {
      const addresses = box.rows.filter(({ sort }) => sort === 'interface').flatMap(({ texts }) => texts);
      const word = box.word ?? mergeStatuses(box.rows.flatMap((row) => row.word ?? []));
      return { ...partIdentity(box), sort: 'namespace' as const, about: addresses.join(', '), word };
    }),
    ...switches.map((one) => {
      const place = one.place === 'host' ? '' : `in ${names.get(one.place) ?? ''}`;
      return {
        ...partIdentity(one),
        sort: 'LAN' as const,
        about: [place, ...one.subnets, ...one.vlans].filter(Boolean).join(', '),
      };
    }),
    ...nics.map((nic) => ({ ...partIdentity(nic), sort: 'interface' as const, about: nic.addresses.join(', ') })),
    ...gates.map((gate) => ({
      ...partIdentity(gate),
      sort: gate.sort === 'nat' ? ('NAT' as const) : ('forward' as const),
      about: gate.text,
    })),
    ...wires.map((wire) => {
      const [one, other] = wire.ends;
      const name = `${endText(one)} — ${endText(other)}`;
      const { overlay, subnets } = wire;
      if (overlay === null)
        return { ...partIdentity({ ...wire, name }), sort: 'cable' as const, about: subnets.join(', ') };
      return { ...partIdentity({ ...wire, name }), sort: 'overlay' as const, about: [overlay, ...subnets].join(', ') };
    }),
  ];
  return bare.map((part) => ({ ...part, text: `${part.name} ${part.about} ${part.sort}`.toLowerCase() }));
}

type PartIdentity = {
  readonly id: string;
  readonly name: string;
  readonly ids: readonly string[];
  readonly word: ChangeStatus | null;
};

const partIdentity = ({ id, name, ids, word }: PartIdentity): PartIdentity => ({ id, name, ids, word });
