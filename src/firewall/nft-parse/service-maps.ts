/** An element of a verdict map by protocol and port, as kube-proxy writes them: `tcp . 30080 : goto external-web`. */
export type ServiceMapElement = {
  readonly table: string;
  /** The element as nft prints it. */
  readonly element: string;
  /** Null: every address. */
  readonly address: string | null;
  readonly protocol: string;
  readonly port: number;
};

/** The elements of maps by protocol and port in what `nft list ruleset` prints. */
export function parseServiceMaps(ruleset: string): readonly ServiceMapElement[] {
  return ruleset.split(/^(?=table )/m).flatMap((text) => {
    const [, table = ''] = /^table (\w+ \S+) \{/.exec(text) ?? [];
    const maps = text.match(/^\s*map \S+ \{[\s\S]*?^\s*\}$/gm) ?? [];
    return maps.flatMap((map) =>
      [...map.matchAll(ELEMENT)].map(([element, address = null, protocol = '', port = '']) => ({
        ...{ table, element, address, protocol, port: Number(port) },
      })),
    );
  });
}

const ELEMENT = /(?:([0-9a-f.:]+) \. )?\b(tcp|udp|sctp) \. (\d+)(?: comment "[^"]*")? : (?:goto|jump) [^\s,}]+/g;
