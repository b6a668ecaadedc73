import { defineFeature } from '../define-feature.ts';
import { flowRefused } from './checks/flow-refused.ts';
import { switchRulesDocs } from './docs.ts';
import { switchRulesDrawing } from './draw.ts';
import { ovsFlows } from './flows-kind.ts';
import { ovsMirror } from './mirror-kind.ts';
import { readSwitchRules } from './read.ts';
import { resolveSwitchRules } from './resolve.ts';
import { flowsSchema, mirrorSchema, mirrorsSchema } from './schema.ts';

/** What only bridges of Open vSwitch have: `flows` and `mirrors`. */
export const switchRules = defineFeature({
  name: 'switch-rules',
  rank: 60,
  schema: {
    topology: {},
    namespace: {},
    switch: { flows: flowsSchema, mirrors: mirrorsSchema },
    definitions: { mirror: mirrorSchema },
  },
  otherTools: { openflow: ['flows'], mirror: ['mirrors'], portmirror: ['mirrors'], span: ['mirrors'] },
  read: { lab: readSwitchRules },
  resolve: ({ world }) => {
    const value = resolveSwitchRules({ world });
    return value.flows.length + value.mirrors.length === 0 ? {} : { value };
  },
  kinds: [ovsFlows, ovsMirror],
  draw: switchRulesDrawing,
  machineChecks: [flowRefused],
  docs: [switchRulesDocs],
});
