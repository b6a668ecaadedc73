import { isJsonObject, type Json } from '../../model/json.ts';

/** A value in YAML's flow style, as a reader types it behind a key: `{ to: default, via: 10.0.0.1 }`. */
export function formatFlowStyle(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => formatFlowStyle(item)).join(', ')}]`;
  if (isJsonObject(value)) {
    const entries = Object.entries(value).map(([key, part]) => `${formatFlowStyle(key)}: ${formatFlowStyle(part)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return typeof value === 'string' && isPlainText(value) ? value : JSON.stringify(value);
}

/** Whether YAML reads a text without quotes as that text. */
const isPlainText = (text: string): boolean =>
  /^[\w./][\w./-]*$/.test(text) &&
  !/^[-+.]?\d[\d_]*(?:\.\d*)?(?:e\d+)?$|^0[xo]|^(?:true|false|null|yes|no|on|off|~)$/i.test(text);
