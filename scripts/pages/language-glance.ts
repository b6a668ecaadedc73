/** The keys of docs/language.md in three short tables. */
export const LANGUAGE_GLANCE = `## At a glance

| at top level (the machine) and inside a namespace | |
|---|---|
| \`bridges\` | \`lan: 10.1.0.0/24\`, or \`{ subnet, address, gateway, mac, mtu, stp, ageing }\` |
| \`routes\` | \`{ to: default, via: router }\`, several next hops, \`metric\`, \`table\`, \`blackhole\` … |
| \`nat\` | \`{ masquerade: lan, out: eth0 }\`, \`{ snat: lan, as: 203.0.113.5 }\` |
| \`portForwards\` | \`80 -> blue:80\`, \`{ listen: 53/tcp+udp, to: 10.1.1.10 }\` |

| inside a namespace, and under \`host:\` for the machine | |
|---|---|
| \`interfaces\` | \`eth0: 10.0.0.1/24\`, or \`{ bridge, address, mac, mtu, state, gateway }\`; \`existing: true\` for a NIC of the machine; \`vxlan: { id: 42, remote: node2 }\` for an end of an overlay |
| \`forwarding\`, \`sysctls\`, \`rules\`, \`neighbours\` | as in \`ip\` and \`sysctl\` |
| \`dns\` | \`names\`, \`hosts\`, \`search\`, \`nameservers\`, \`order\` |
| \`publish\` | of a namespace: \`["8080:80"]\` |

| only at top level | |
|---|---|
| \`version\`, \`name\`, \`vars\` | \`\${uplink}\` is filled in from \`vars\`, \`--var\` and \`--var-file\` |
| \`subnets\` | named address pools |
| \`links\` | cables: \`red:eth0 -- blue:eth0\` |
| \`cni\` | CNI configurations, checked key by key and written as conflist files |
`;
