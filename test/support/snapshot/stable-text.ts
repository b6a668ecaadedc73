/**
 * Without what the kernel makes by itself, and keeps, of a link that was up or had a carrier once: its link-local address
 * and routes, its queue, and whether a link that is down again keeps the local route of its IPv6 address; of a bridge with
 * STP also the ageing time, which is twice the forward delay for a while after a port came or went.
 */
export const stableText = (text: string): string =>
  text
    .replace(/^.*"family":"inet6","local":"fe80:.*"scope":"253".*\n/gm, '')
    .replace(/^\{"type":"\d","dst":"(?:fe80|ff00):.*"protocol":"2".*\n/gm, '')
    .replace(/^\{"type":"[24]","dst":"[^"]*:.*"table":"255","protocol":"2".*\n/gm, '')
    .replace(/"qdisc":"no(?:op|queue)",/g, '')
    .replace(/^(\{"ifname":"[^"]*","flags":\[(?![^\]]*"UP")[^\]]*\].*?)"qdisc":"pfifo_fast",/gm, '$1')
    .replace(/"ageing_time":\d+,(?="stp_state":1,)/g, '')
    .split(/^(?=== )/m)
    .map((section) => (section.startsWith('== machine') ? section : section.split('\n').sort().join('\n')))
    .join('');
