export type Family = 4 | 6;

/** The first half of the addresses of a LAN, in both families: `{ 4: '192.168.15', 6: 'fd00:15' }`. */
export type Net = Readonly<Record<Family, string>>;

/** The address that ends in `host`: `192.168.15.5`, `fd00:15::5`. */
export const address = (net: Net, family: Family, host: number): string =>
  family === 4 ? `${net[4]}.${host}` : `${net[6]}::${host}`;
