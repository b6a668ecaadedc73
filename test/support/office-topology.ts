/**
 * The text of a lab of `offices` LANs with `hosts` each, every LAN behind a router of its own, the routers on one
 * backbone; it goes out through NAT, and the first host of the first LAN is reached from outside.
 */
export function officeTopology(name: string, size: { readonly offices: number; readonly hosts: number }): string {
  const numbers = Array.from({ length: size.offices }, (_, i) => i + 1);
  const routes = numbers.map((i) => `  - { to: 10.${i}.0.0/24, via: 10.0.0.${i + 1} }`);
  return [
    'version: 1',
    `name: ${name}`,
    'bridges:',
    '  backbone: { subnet: 10.0.0.0/24, address: 10.0.0.1 }',
    'namespaces:',
    ...numbers.flatMap((i) => officeLines(i, size.hosts)),
    'routes:',
    ...routes,
    'nat:',
    '  - { masquerade: 10.0.0.0/8 }',
    'portForwards:',
    '  - 8080 -> 10.1.0.2:80',
    '',
  ].join('\n');
}

function officeLines(office: number, hosts: number): readonly string[] {
  const lan = `router-${office}:lan`;
  const names = Array.from({ length: hosts }, (_, i) => (i === 0 ? `web-${office}` : `pc-${office}-${i}`));
  return [
    `  router-${office}:`,
    '    forwarding: true',
    '    interfaces:',
    `      wan: { bridge: backbone, address: 10.0.0.${office + 1} }`,
    '    bridges:',
    `      lan: { subnet: 10.${office}.0.0/24, address: 10.${office}.0.1 }`,
    ...names.flatMap((name, i) => {
      const address = i === 0 ? `, address: 10.${office}.0.2` : '';
      return [`  ${name}:`, `    interfaces: { eth0: { bridge: "${lan}"${address} } }`];
    }),
  ];
}
