import type { LanguageSection } from '../../kinds/language-section.ts';

/** The section of docs/language.md about `cni` of an interface. */
export const cniDocs: LanguageSection = {
  title: 'CNI interface',
  path: ['definitions', 'cniArgs'],
  text: 'At an interface of a namespace: `cni` names the network whose plugins make it, `args` says what they are asked for. netform chooses an address of a network with `host-local` and asks for it, so that the name of the namespace stands for it. See [CNI](cni.md).',
  example: `
version: 1
name: pods
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - type: bridge
        bridge: mynet0
        isGateway: true
        ipam: { type: host-local, subnet: 10.22.0.0/16, routes: [{ dst: 0.0.0.0/0 }] }
namespaces:
  pod1: { interfaces: { eth0: { cni: mynet } } }
  pod2: { interfaces: { eth0: { cni: mynet, args: { ips: 10.22.0.9 } } } }`,
};
