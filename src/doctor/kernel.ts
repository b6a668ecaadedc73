import { countNeighbours, isCrowded, neighbourLimitFor } from '../checks/limits/too-many-neighbours.ts';
import type { DoctorRule } from './rule.ts';

/** Missing packages. */
export const missingPackageRule: DoctorRule = {
  name: 'missing-package',
  title: 'A package is missing',
  explain:
    'NAT and port forwards need libnftables (the package nftables brings it); CNI networks need the plugins. Nothing else is needed.',
  find: ({ survey, labs }) => {
    const needsPlugins = labs.filter(({ files }) => files.some(({ plugins }) => plugins.length > 0));
    return [
      ...(survey.nftMissing === null
        ? []
        : [
            {
              severity: labs.some(({ nft }) => nft.length > 0) ? ('error' as const) : ('warning' as const),
              what: 'libnftables is not installed',
              breaks: 'labs with NAT or port forwards are refused',
              where: survey.nftMissing,
              remedy: ['apt-get install -y nftables'],
              fix: null,
            },
          ]),
      ...(survey.pluginFolders.length > 0 || needsPlugins.length === 0
        ? []
        : [
            {
              severity: 'warning' as const,
              what: 'the CNI plugins are not installed',
              breaks: `the networks of ${needsPlugins.map(({ name }) => name).join(', ')} are written, and no runtime can use them`,
              where: 'the folders of CNI plugins',
              remedy: ['apt-get install -y containernetworking-plugins'],
              fix: null,
            },
          ]),
    ];
  },
};

/** Missing features of the kernel. */
export const kernelFeatureRule: DoctorRule = {
  name: 'kernel-feature',
  title: 'The kernel lacks something that labs are made of',
  explain:
    'netform tries in a scratch namespace which kinds of links the kernel can make. Bridges and veth pairs are needed by every lab, ctnetlink by changes of forwards and NAT, other kinds by the labs that have such links; `--json` lists all of them. The remedy loads the module; a kernel that was built without it has to be replaced.',
  find: ({ survey, live, labs }) => [
    ...labs.flatMap(({ name, links }) =>
      [...new Set(links.flatMap(({ kind, madeByProgram }) => (madeByProgram ? [] : [kind])))]
        .filter((kind) => survey.features.get(kind) === false)
        .map((kind) => ({
          severity: 'error' as const,
          what: `this kernel (${survey.kernel}) cannot make links of kind ${kind}, and the lab ${name} has one`,
          breaks: `the lab ${name} is refused`,
          where: `the kernel, or its module ${kind}`,
          remedy: [`modprobe rtnl-link-${kind}`],
          fix: null,
        })),
    ),
    ...survey.basicLinkKinds
      .filter((kind) => survey.features.get(kind) === false)
      .map((kind) => ({
        severity: 'error' as const,
        what: `this kernel (${survey.kernel}) cannot make links of kind ${kind}`,
        breaks: 'no lab can be made',
        where: `the kernel, or its module ${kind}`,
        remedy: [`modprobe rtnl-link-${kind}`],
        fix: null,
      })),
    ...(survey.features.get('ctnetlink') !== false
      ? []
      : [
          {
            severity: 'warning' as const,
            what: `this kernel (${survey.kernel}) does not let netform forget tracked connections`,
            breaks:
              'packets of a connection that goes on follow a changed forward or NAT only after it has been silent',
            where: 'the kernel, or its module nf_conntrack_netlink',
            remedy: ['modprobe nf_conntrack_netlink'],
            fix: null,
          },
        ]),
    ...(live.get({ need: 'machine' })?.ipv6 !== false
      ? []
      : [
          {
            severity: 'warning' as const,
            what: 'this kernel has no IPv6',
            breaks: 'labs with IPv6 addresses are refused; others are made without what netform sets for IPv6',
            where: '/proc/sys/net/ipv6 is not there; ipv6.disable=1 on the kernel command line?',
            remedy: ['modprobe ipv6'],
            fix: null,
          },
        ]),
  ],
};

/** Limits of the kernel that are too low for these labs. */
export const kernelLimitsRule: DoctorRule = {
  name: 'kernel-limits',
  title: 'The kernel allows less than the lab needs',
  explain:
    'Two limits are met by large labs: how many network namespaces there may be (`user.max_net_namespaces`), and how many neighbours all of them together may know (`gc_thresh3`: beyond it packets are lost at random). The remedy raises them until the next boot.',
  find: ({ survey, labs }) => {
    const there = new Set(survey.namespaces.map(({ name }) => name));
    const fresh = labs.flatMap(({ namespaces }) => namespaces.filter(({ name }) => !there.has(name)));
    const wanted = there.size + fresh.length;
    const most = survey.limits.namespaces;
    const crowded = FAMILIES.flatMap((family) => {
      const limit = survey.limits.neighbours[family];
      const known = labs.reduce((sum, lab) => sum + countNeighbours(lab, family), 0);
      return limit !== null && isCrowded(known, limit) ? [{ family, limit, known }] : [];
    });
    return [
      ...(most === null || wanted <= most
        ? []
        : [
            {
              severity: 'error' as const,
              what: `${wanted} network namespaces are wanted and ${most} are allowed`,
              breaks: 'apply fails with "No space left on device"',
              where: 'user.max_net_namespaces',
              remedy: [`sysctl -w user.max_net_namespaces=${2 * wanted}`],
              fix: null,
            },
          ]),
      ...crowded.map(({ family, limit, known }) => ({
        severity: 'error' as const,
        what: `the lab's members know at least ${known} neighbours, and the kernel keeps ${limit}`,
        breaks: 'packets are lost at random when many talk at once',
        where: `net.ipv${family}.neigh.default.gc_thresh3`,
        remedy: [`sysctl -w net.ipv${family}.neigh.default.gc_thresh3=${neighbourLimitFor(known)}`],
        fix: null,
      })),
    ];
  },
};

const FAMILIES = [4, 6] as const;
