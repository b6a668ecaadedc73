import { defineFeature } from '../define-feature.ts';
import { cniDocs } from './docs.ts';
import { attachmentDrawing } from './draw.ts';
import { networkQuery, readNetworks } from './networks.ts';
import { resolveAttachments } from './resolve.ts';
import { cniArgsSchema, interfaceArgsSchema, interfaceCniSchema } from './schema.ts';

/** `cni` of an interface: the plugins of a CNI network make it. */
export const cniAttachments = defineFeature({
  name: 'cni-attachments',
  rank: 15,
  schema: {
    topology: {},
    namespace: {},
    interface: { cni: interfaceCniSchema, args: interfaceArgsSchema },
    definitions: { cniArgs: cniArgsSchema },
  },
  otherTools: { networkname: ['cni'], attachment: ['cni'] },
  read: {},
  asks: networkQuery,
  networks: readNetworks,
  resolve: resolveAttachments,
  draw: attachmentDrawing,
  docs: [cniDocs],
});
