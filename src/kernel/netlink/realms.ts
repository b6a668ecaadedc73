/** `5` or `3/5` of the number that the kernel keeps: the realm of the source in the upper half, of the destination in the lower. */
export const formatRealms = (flow: number): string =>
  flow >>> 16 === 0 ? String(flow & 0xffff) : `${flow >>> 16}/${flow & 0xffff}`;

/** The number that the kernel keeps (RTA_FLOW, FRA_FLOW) of `5` or `3/5`. */
export function parseRealms(text: string): number {
  const [first = '', second] = text.split('/');
  return second === undefined ? Number(first) : ((Number(first) << 16) | Number(second)) >>> 0;
}
