import type { Json } from '../../../model/json.ts';
import { mapValue, textValue } from '../../yaml-values.ts';

/** A port as `publish` takes it, and what is lost by that. Null: it cannot be said, and why. */
export type PublishedPort = { readonly publish: string | null; readonly lost: string | null };

const SHORT = /^(?<host>(?:[^/]*:)?)(?<published>\d+(?:-\d+)?):(?<target>\d+(?:-\d+)?)(?<protocol>(?:\/\w+)?)$/;

/** An entry of a service's `ports`, in its short form (`8080:80`) or its long one (`{ target, published, … }`). */
export function publishedPort(port: Json): PublishedPort {
  const text = shortForm(port).replace(/\/tcp$/, '');
  const groups = SHORT.exec(text)?.groups;
  if (!groups) {
    return { publish: null, lost: `port ${text.replace(/^:/, '')}, for which the file names no port of the machine` };
  }
  const { host = '', published = '', target = '', protocol = '' } = groups;
  if (published.includes('-') && !target.includes('-')) {
    const [first = ''] = published.split('-');
    return {
      publish: `${host}${first}:${target}${protocol}`,
      lost: `port ${text}: all but ${first} of the range; Docker takes the first free one`,
    };
  }
  return { publish: text, lost: null };
}

function shortForm(port: Json): string {
  const long = mapValue(port);
  if (Object.keys(long).length === 0) return textValue(port) ?? '';
  const host = textValue(long['host_ip']);
  const protocol = textValue(long['protocol']);
  const ports = `${textValue(long['published']) ?? ''}:${textValue(long['target']) ?? ''}`;
  return `${host === null ? '' : `${host.includes(':') ? `[${host}]` : host}:`}${ports}${protocol === null ? '' : `/${protocol}`}`;
}
