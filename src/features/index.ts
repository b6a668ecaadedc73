// Written by `npm run generate` from the folders beside this file.
import { answeringPorts } from './answering-ports/index.ts';
import { antiSpoofing } from './anti-spoofing/index.ts';
import { cniAttachments } from './cni-attachments/index.ts';
import type { Feature } from './define-feature.ts';
import { dnsServer } from './dns-server/index.ts';
import { firewall } from './firewall/index.ts';
import { httpProxy } from './http-proxy/index.ts';
import { impair } from './impair/index.ts';
import { names } from './names/index.ts';
import { nat } from './nat/index.ts';
import { policies } from './policies/index.ts';
import { portForwards } from './port-forwards/index.ts';
import { routing } from './routing/index.ts';
import { run } from './run/index.ts';
import { services } from './services/index.ts';
import { switchRules } from './switch-rules/index.ts';
import { wireguardPeers } from './wireguard-peers/index.ts';

/** Every feature, in a folder each. */
export const featureModules: readonly Feature[] = [
  answeringPorts,
  antiSpoofing,
  cniAttachments,
  dnsServer,
  firewall,
  httpProxy,
  impair,
  names,
  nat,
  policies,
  portForwards,
  routing,
  run,
  services,
  switchRules,
  wireguardPeers,
];
