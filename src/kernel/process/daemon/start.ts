import { closeSync, constants, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Spec } from '../../../model/json.ts';
import { type ProcessDescription, processFolder } from '../../../model/kernel/lab-process.ts';
import { bootId } from '../../boot.ts';
import { netnsCookie } from '../../libc.ts';
import { inNetns } from '../../netns/netns.ts';
import type { NetnsSession } from '../../netns/sessions.ts';
import { type GatedChild, spawnGated } from '../gate.ts';
import { chooseCgroup, enterCgroup, makeCgroup } from '../process-cgroup.ts';
import { type ProcessKey, type ProcessRecord, processLog, writeProcessRecord } from '../process-record.ts';
import { readProcessStatus } from '../process-status.ts';
import { type DaemonPlace, fullEnvironment, isTermed, spawnProgram } from '../spawn-program.ts';
import { chooseUnit, startUnit, unitCgroup } from '../units/unit.ts';
import { makeMountPoints } from './mount-points.ts';
import { stopDaemon } from './stop.ts';

const PRIVATE = 0o700;

/**
 * Starts a process: what there is of it is ended first. Where systemd runs it is a unit, whose name is written down before.
 * Elsewhere its control group is made and written down before the child is born, and the child waits until it is written down
 * itself. Comes back before it is ready.
 */
export function startDaemon(lab: string, description: ProcessDescription, { session, bytesOf }: DaemonPlace): void {
  const key = { lab, netns: description.netns, name: description.name };
  stopDaemon(key, { forGood: false });
  const unit = chooseUnit(key, session);
  const record: ProcessRecord = {
    version: 1,
    bootId: bootId(),
    cgroup: unit === null ? chooseCgroup() : unitCgroup(key, unit),
    pid: 0,
    startTime: '',
    cookie: netnsCookie(session.socket),
    spec: description as unknown as Spec,
    ...(unit === null ? {} : { unit }),
  };
  writeProcessRecord(key, record);
  const { folder, privateFolders } = description;
  if (folder !== null) mkdirSync(folder, { recursive: true, mode: PRIVATE });
  makeMountPoints(privateFolders);
  if (unit !== null) {
    startUnit(key, description, { unit, environment: fullEnvironment(description, bytesOf) });
    return;
  }
  if (record.cgroup !== null) makeCgroup(record.cgroup);
  const child = isTermed(description)
    ? spawnProgram(key, description, { session, bytesOf })
    : spawnWithLog(key, description, session);
  try {
    const startTime = readProcessStatus(child.pid)?.startTime ?? '';
    if (record.cgroup !== null) enterCgroup(record.cgroup, child.pid);
    writeProcessRecord(key, { ...record, pid: child.pid, startTime });
    writeFileSync(pidFile(key), `${child.pid}\n`, { mode: 0o600 });
    child.open();
  } finally {
    child.close();
  }
}

function spawnWithLog(key: ProcessKey, description: ProcessDescription, session: NetnsSession): GatedChild {
  const log = openSync(processLog(key), LOG_FLAGS, 0o600);
  try {
    return inNetns(session.fd, () => spawnGated(description, log));
  } finally {
    closeSync(log);
  }
}

const LOG_FLAGS =
  constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND | constants.O_NOFOLLOW;

const pidFile = (key: ProcessKey): string => join(processFolder(key.lab, key.netns, key.name), 'pid');
