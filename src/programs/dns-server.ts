import type { DnsSign, ProcessReady } from '../model/kernel/lab-process.ts';
import type { DnsData } from '../model/lab-parts/dns-data.ts';
import { sha256 } from '../model/values/hash.ts';

/** One run of a DNS server. */
export type DnsServerOptions = {
  readonly lab: string;
  readonly data: DnsData;
  /** A configuration that the file gives, with words that netform does not know; null: it is made from `data`. */
  readonly given: string | null;
};

/** The name at which every DNS server of a lab says which configuration it has read. */
export const signName = (lab: string): string => `_netform.${lab}`;

/** What it says there: `netform:v1:` and a digest of the configuration. */
export const signText = (configuration: readonly string[]): string => `netform:v1:${sha256(configuration.join('\0'))}`;

/** The answer that says which configuration was read. */
export const signOf = (lab: string, configuration: readonly string[]): DnsSign => ({
  name: signName(lab),
  type: 'TXT',
  answer: signText(configuration),
});

/** The first address at which a server can be asked from its own namespace. */
const askedAddress = ({ listen }: DnsData): string => listen?.[0] ?? '127.0.0.1';

/** A server is ready when it gives these answers; one with a given configuration when it listens. */
export const dnsReady = ({ data, given }: DnsServerOptions, answers: readonly DnsSign[]): ProcessReady =>
  given === null ? { by: 'answers', address: askedAddress(data), answers } : { by: 'port', protocol: 'udp', port: 53 };
