import { isJsonObject, type Json } from '../../model/json.ts';
import type { CniResult } from '../../model/lab-parts/attachment.ts';

/** What plugins gave, for `show`: `on mynet: 10.22.0.2/16 via 10.22.0.1, mac 0a:…`. */
export function formatResult(network: string, result: CniResult): string {
  const given = itemsOf(result['ips']).flatMap(({ address, gateway }) =>
    typeof address === 'string' ? [typeof gateway === 'string' ? `${address} via ${gateway}` : address] : [],
  );
  const inside = itemsOf(result['interfaces']).find(({ sandbox }) => typeof sandbox === 'string' && sandbox !== '');
  const mac = typeof inside?.['mac'] === 'string' && inside['mac'] !== '' ? [`mac ${inside['mac']}`] : [];
  const parts = [...given, ...mac];
  return parts.length === 0 ? `on ${network}` : `on ${network}: ${parts.join(', ')}`;
}

const itemsOf = (value: Json | undefined) => (Array.isArray(value) ? value.filter(isJsonObject) : []);
