import { existsSync } from 'node:fs';
import { catchErrno, sysError } from '../../kernel/errno.ts';
import type { BatchExecutor } from '../../kernel/execute/instruction-executor.ts';
import type { KernelContext } from '../../kernel/kernel-context.ts';
import { deleteLinkMessage } from '../../kernel/netlink/links/delete-link.ts';
import { exchangeMessages } from '../../kernel/netlink/socket.ts';
import { readLinkIndex } from '../../kernel/netns/link-index.ts';
import { setTxChecksum } from '../../kernel/netns/tx-checksum.ts';
import { changeOvs } from '../../kernel/ovsdb/change.ts';
import { replaceFlows } from '../../kernel/ovsdb/flows.ts';
import { changeMirrors } from '../../kernel/ovsdb/mirrors.ts';
import { findProgram } from '../../kernel/process/find-program.ts';
import { readProcessRecord } from '../../kernel/process/process-record.ts';
import { lookAtProcess } from '../../kernel/process/program-state.ts';
import { groupBy } from '../../model/values/group-by.ts';
import type { OvsInstruction } from './types.ts';

type Row = Exclude<OvsInstruction, { do: 'vswitch.checksum' | 'vswitch.flows' }>;
type Verb<D extends Row['do']> = Extract<Row, { do: D }>;

/** All rows of one database in one transaction, and its mirrors in another; then flows and checksums. */
export const executeOvs: BatchExecutor<OvsInstruction> = (instructions, { sessions }, attempt) => {
  const rows = instructions.filter((one): one is Row => one.do !== 'vswitch.checksum' && one.do !== 'vswitch.flows');
  for (const group of groupBy(rows, ({ socket }) => socket).values()) attempt(group, () => changeRows(group, sessions));
  for (const one of instructions) {
    if (one.do === 'vswitch.flows') attempt([one], () => changeFlows(one));
    if (one.do !== 'vswitch.checksum') continue;
    attempt([one], () =>
      catchErrno(['ENODEV', 'EOPNOTSUPP', 'ENOENT'], () =>
        setTxChecksum(sessions.open(one.netns).socket, one.name, one.isOffloaded),
      ),
    );
  }
};

/** A switch that does not run has no flows to lose. */
function changeFlows({ control, flows }: OvsInstruction & { readonly do: 'vswitch.flows' }): void {
  if (flows.length === 0 && !existsSync(control)) return;
  const ovsOfctl = findProgram('ovs-ofctl');
  if (ovsOfctl === null) throw sysError('ENOENT', 'ovs-ofctl is not installed');
  replaceFlows(ovsOfctl, control, flows);
}

function changeRows(group: readonly Row[], sessions: KernelContext['sessions']): void {
  const [first] = group;
  if (!first) return;
  const of = <D extends Row['do']>(verb: D) => group.filter((one): one is Verb<D> => one.do === verb);
  const gone = of('vswitch.bridge.delete');
  const [bridges, ports] = [of('vswitch.bridge'), of('vswitch.port')];
  const changes = {
    bridges,
    ports,
    goneBridges: gone.map(({ name }) => name),
    gonePorts: of('vswitch.port.delete').map(({ name }) => name),
  };
  const mirrorChanges = { mirrors: of('vswitch.mirror'), gone: of('vswitch.mirror.delete') };
  const key = { lab: first.lab, netns: first.netns, name: 'ovs-vswitchd' };
  const record = readProcessRecord(key);
  const isRunning = record !== null && lookAtProcess(key, record).isRunning;
  const mirrors = mirrorChanges.mirrors.length + mirrorChanges.gone.length;
  const change = () => {
    if (group.length > mirrors) changeOvs(first.socket, changes, isRunning);
    if (mirrors > 0) changeMirrors(first.socket, mirrorChanges, isRunning);
    return true;
  };
  // What only goes need not be in a database that is gone.
  if (bridges.length + ports.length + mirrorChanges.mirrors.length > 0) change();
  else catchErrno(['ENOENT', 'ECONNREFUSED'], change);
  removeTaps(gone, sessions);
}

/** The link of a bridge outlives the switch (a persistent tap), which must have let go of it. */
function removeTaps(gone: readonly Verb<'vswitch.bridge.delete'>[], sessions: KernelContext['sessions']): void {
  for (const { netns, name } of gone) {
    const session = sessions.find(netns);
    if (session === null || session === 'dead') continue;
    const isThere = readLinkIndex(session.socket, name) !== null;
    if (isThere) exchangeMessages(session.socket, [deleteLinkMessage(name)]);
    session.forgetLinks();
  }
}
