import { readdirSync } from 'node:fs';
import { listAttachmentRecords } from '../../kernel/cni/record.ts';
import { netnsNames } from '../../kernel/netns/netns.ts';
import { rememberedProcesses } from '../../kernel/process/process-record.ts';
import { nftTable } from '../../model/ids.ts';
import type { Instruction } from '../../model/instruction.ts';
import type { NetnsLive } from '../../model/kernel/live-state.ts';
import type { LiveState, Need } from '../../model/kernel/need.ts';
import { labOfMark } from '../../model/kind.ts';
import { type Orphan, orphanSentences } from '../../model/results/orphan.ts';
import { containersAmong } from '../../registry/containers.ts';
import { kinds } from '../../registry/kinds.ts';
import { listJournals } from '../../store/journal.ts';
import { readOtherLabs } from '../../store/shared-resources.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';

/** What the records of this machine have: keys of things, and labs about which nothing can be said. */
type Records = {
  readonly things: ReadonlySet<string>;
  readonly labs: ReadonlySet<string>;
  /** Their record cannot be read, or a run of theirs is open. */
  readonly unclear: ReadonlySet<string>;
  /** The cookies of the networks of containers that are namespaces of labs; these may have names under /run/netns, too. */
  readonly containers: ReadonlySet<string>;
};

/**
 * The objects of the host and of unrecorded namespaces that carry a mark of netform's and that no lab has a record of.
 * What is in a recorded namespace, or goes with an orphaned one, is not listed. `known`: what was read of the machine just
 * now, which is not read again. Changes nothing.
 */
export function findOrphans(
  { machine, store }: Pick<Session, 'machine' | 'store'>,
  known: LiveState | null = null,
): readonly Orphan[] {
  const records = readRecords(store);
  const unrecorded = netnsNames().filter((name) => !records.things.has(`netns/${name}`));
  const places = [...unrecorded, 'host'];
  const files = ['/etc/hosts', ...netnsFiles()];
  const query: readonly Need[] = [
    ...places.flatMap((netns): readonly Need[] => [
      ...(known?.get({ need: 'namespace', netns }) ? [] : [{ need: 'namespace', netns } as const]),
      { need: 'table-names', netns },
    ]),
    ...files.map((key) => ({ need: 'file', key }) as const),
  ];
  const live = machine.read(query);
  const found = places.flatMap((netns) => {
    const there = live.get({ need: 'namespace', netns }) ?? known?.get({ need: 'namespace', netns }) ?? null;
    return there === null
      ? []
      : orphansIn(netns, { there, tables: live.get({ need: 'table-names', netns }) ?? [] }, records);
  });
  const marks = new Map<string, readonly OrphanMark[]>();
  const blocks = files.flatMap((path) => {
    const text = live.get({ need: 'file', key: path }) ?? '';
    // Namespaces share their hosts file.
    const inText = marks.get(text) ?? orphanedBlocks(text, records);
    marks.set(text, inText);
    return inText.map((mark): Orphan => ({ ...mark, netns: 'host', noun: 'lines in', name: path }));
  });
  const attached = found.flatMap(attachmentsIn);
  return [...found, ...attached, ...blocks, ...orphanedProcesses(records)].filter(
    ({ lab }) => !records.unclear.has(lab),
  );
}

function readRecords(store: Store): Records {
  const { states, unreadable } = readOtherLabs(store, null);
  const claims = states.flatMap(({ resources }) =>
    resources.flatMap((entry) => kinds.get(entry.kind)?.exclusive?.(entry.spec, entry.netns) ?? []),
  );
  return {
    things: new Set(claims.flatMap((claim) => (claim.of === 'thing' ? [claim.key] : []))),
    labs: new Set(states.map(({ lab, uid }) => `${lab}:${uid}`)),
    containers: new Set(
      states.flatMap(({ resources }) => containersAmong(resources).flatMap(({ cookie }) => cookie ?? [])),
    ),
    unclear: new Set([...unreadable.map(({ lab }) => lab), ...listJournals(store)]),
  };
}

type OrphanMark = Pick<Orphan, 'lab' | 'uid'>;

function orphansIn(
  netns: string,
  { there, tables: names }: { readonly there: NetnsLive; readonly tables: readonly string[] },
  records: Records,
): readonly Orphan[] {
  const own = netns === 'host' ? null : markParts(there.mark);
  if (own !== null) return [{ ...own, netns, noun: 'namespace', name: netns }];
  const isContainer = records.containers.has(there.cookie ?? '');
  const links = [...there.links.values()].flatMap(({ name, alias }): readonly Orphan[] => {
    const mark = name === 'lo' ? null : markParts(alias);
    if (mark === null || records.things.has(`link/${netns}/${name}`)) return [];
    return isContainer && records.labs.has(`${mark.lab}:${mark.uid}`) ? [] : [{ ...mark, netns, noun: 'link', name }];
  });
  const tables = names.flatMap((text): readonly Orphan[] => {
    const [, family, lab = null] = TABLE.exec(text) ?? [];
    const isRecorded = [...records.labs].some((known) => known.startsWith(`${lab}:`));
    return lab === null || isRecorded
      ? []
      : [
          {
            lab,
            uid: '',
            netns,
            noun: 'table',
            name: nftTable(lab),
            ...(family === undefined || family === 'inet' ? {} : { family }),
          },
        ];
  });
  return [...links, ...tables];
}

/** Programs of a lab whose name no record has. */
const orphanedProcesses = ({ labs }: Records): readonly Orphan[] => {
  const known = new Set([...labs].map((one) => one.slice(0, one.lastIndexOf(':'))));
  return rememberedProcesses()
    .filter(({ lab }) => !known.has(lab))
    .map(({ lab, process }) => ({ lab, uid: '', netns: process.netns, noun: 'process', name: process.name, process }));
};

/** What CNI plugins have made for the lab of an orphaned namespace in it: they keep something elsewhere, too. */
const attachmentsIn = ({ lab, uid, netns, noun }: Orphan): readonly Orphan[] =>
  noun !== 'namespace'
    ? []
    : listAttachmentRecords()
        .filter((one) => one.uid === uid && one.record.attachment.netns === netns)
        .map(({ record: { attachment } }) => ({
          ...{ lab, uid, netns, attachment },
          noun: 'CNI interface',
          name: attachment.dev,
        }));

const TABLE = new RegExp(`^(inet|bridge) ${nftTable('')}(.+)$`);

const orphanedBlocks = (text: string, { labs }: Records): readonly OrphanMark[] =>
  [...text.matchAll(/^# BEGIN netform:v1:([^:\s]+):([0-9a-f]{8}) /gm)].flatMap(([, lab = '', uid = '']) =>
    labs.has(`${lab}:${uid}`) ? [] : [{ lab, uid }],
  );

function markParts(alias: string | null): OrphanMark | null {
  const lab = labOfMark(alias);
  return lab === null ? null : { lab, uid: /^netform:v1:[^:\s]+:(\w+)/.exec(alias ?? '')?.[1] ?? '' };
}

/** The files of namespaces that netform writes blocks into. */
function netnsFiles(): readonly string[] {
  try {
    const folders = readdirSync(NETNS_FILES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return folders.flatMap(({ name }) =>
      ['hosts', 'resolv.conf', 'nsswitch.conf'].map((file) => `${NETNS_FILES}/${name}/${file}`),
    );
  } catch {
    return [];
  }
}

const NETNS_FILES = '/etc/netns';

/** The instruction that deletes an orphan. */
export function orphanRemoval({ lab, uid, netns, noun, name, family, process, attachment }: Orphan): Instruction {
  if (attachment) return { do: 'attachment.delete', netns, uid, attachment };
  if (process) return { do: 'process.stop', netns, lab, process, forGood: true };
  if (noun === 'namespace') return { do: 'netns.delete', netns };
  if (noun === 'link') return { do: 'link.delete', netns, name };
  if (noun === 'table') return { do: 'nft.delete', netns, table: name, ...(family ? { family } : {}) };
  return { do: 'file.unblock', path: name, mark: `netform:v1:${lab}:${uid}`, andFolder: name !== '/etc/hosts' };
}

/** Warns about orphans, one sentence for each lab. `known`: as for `findOrphans`. */
export function warnOrphans(session: Session, known: LiveState | null = null): void {
  for (const sentence of orphanSentences(findOrphans(session, known)))
    session.progress.warn(`${sentence}; netform recover --orphans lists and deletes what is left`);
}
