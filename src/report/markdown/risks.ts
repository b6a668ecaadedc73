import { netnsId } from '../../model/ids.ts';
import type { Disruption } from '../../model/operation.ts';
import type { PlanRisk } from '../../model/results/plan-facts.ts';
import type { OperationView, PlanView } from '../../model/results/plan-view.ts';
import { clipBytes, codeSpan } from './escape.ts';

/** What is worth a second look in a plan, the gravest first: one line of Markdown each; empty where there is nothing. */
export function riskLines(view: PlanView): readonly string[] {
  const risk = view.facts()?.risk;
  const facts = RISKS.flatMap(({ is, text, of }) => (risk?.[is] === true ? [lineOf(text, view, of)] : []));
  const disruptions = DISRUPTIONS.flatMap(({ what, text }) => {
    const of = ({ disrupts }: OperationView): boolean => disrupts === what;
    return view.described.some(of) ? [lineOf(text, view, of)] : [];
  });
  return [...facts, ...disruptions];
}

type Risk = {
  readonly is: keyof PlanRisk;
  readonly text: string;
  /** The operations that it is about; null: it is about the whole plan. */
  readonly of: ((one: OperationView) => boolean) | null;
};

const RISKS: readonly Risk[] = [
  { is: 'emptiesLab', text: 'The whole lab is removed', of: null },
  { is: 'cutsSsh', text: 'The SSH session of this command is cut', of: null },
  {
    is: 'deletesNamespaces',
    text: 'Namespaces are deleted or replaced, with everything in them',
    of: ({ operation: { action, id, netns } }) =>
      (action === 'delete' || action === 'replace') && id === netnsId(netns),
  },
  { is: 'opens', text: 'Something passes that a policy kept out', of: null },
  { is: 'prunes', text: 'Unmanaged objects are deleted', of: null },
  {
    is: 'adopts',
    text: 'Unmanaged objects are adopted',
    of: ({ operation }) => operation.takenFrom !== undefined,
  },
];

const DISRUPTIONS: readonly { readonly what: Disruption; readonly text: string }[] = [
  { what: 'connections-lost', text: 'Connections are lost' },
  { what: 'gone-for-a-moment', text: 'Gone for a moment' },
  { what: 'link-flap', text: 'Traffic pauses' },
];

/** `Connections are lost: ``address:host/lan`` (``lab.yaml:4``) and 3 more`. */
function lineOf(text: string, view: PlanView, of: Risk['of']): string {
  if (of === null) return `- **${text}**`;
  const all = view.described.filter(of);
  const shown = all.slice(0, SHOWN).map((one) => operationName(one, view));
  const more = all.length - shown.length;
  return `- **${text}**: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** So many operations are named before `and 3 more`. */
const SHOWN = 5;
/** Of one name. */
const MAX_NAME_BYTES = 120;

function operationName({ operation: { id, origin } }: OperationView, view: PlanView): string {
  const place = origin === null ? undefined : view.facts()?.positions[id];
  const name = codeSpan(clipBytes(id, MAX_NAME_BYTES));
  return place === undefined
    ? name
    : `${name} (${codeSpan(`${clipBytes(place.file ?? view.file, MAX_NAME_BYTES)}:${place.line}`)})`;
}
