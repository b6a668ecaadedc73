import { closeSync, constants, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Spec } from '../../../model/json.ts';
import { type ProcessDescription, processFolder } from '../../../model/kernel/lab-process.ts';
import { splitList } from '../../../model/values/group-by.ts';
import { bootId } from '../../boot.ts';
import { netnsCookie } from '../../libc.ts';
import { inNetns } from '../../netns/netns.ts';
import type { NetnsSession } from '../../netns/sessions.ts';
import { type GatedChild, spawnGated } from '../gate.ts';
import { type MountBase, openMountBase } from '../private-mounts.ts';
import { cgroupMount, chooseCgroup, enterCgroup, makeCgroup } from '../process-cgroup.ts';
import {
  PRIVATE_FOLDER,
  type ProcessKey,
  type ProcessRecord,
  processKeyOf,
  processLog,
  writeProcessRecord,
} from '../process-record.ts';
import { readProcessStatus } from '../process-status.ts';
import { type DaemonPlace, fullEnvironment, isTermed, spawnProgram } from '../spawn-program.ts';
import { chooseUnit, startUnit, unitCgroup } from '../units/unit.ts';
import { unitsProblem } from '../units/units-problem.ts';
import type { AttemptStep } from './attempt-step.ts';
import { makeMountPoints } from './mount-points.ts';
import { stopDaemons } from './stop.ts';

/** How many children wait at their gates at most; each gate is a descriptor. */
const MOST_GATES = 100;

/** A process to start. */
export type StartRequest = DaemonPlace & {
  readonly lab: string;
  readonly process: ProcessDescription;
  readonly attempt: AttemptStep;
};

/** What is the same for all that are started together. */
type StartScene = {
  readonly hasUnits: boolean;
  readonly bootId: string;
  /** Where control groups are made; null: nowhere. */
  readonly cgroups: string | null;
  readonly mountBase: () => MountBase;
};

/**
 * Starts processes: what there is of them is ended first. Where systemd runs them they are units, whose names are written down before.
 * Elsewhere the control group of each is made and written down before the child is born, and the child waits until it is written down
 * itself. Comes back before they are ready.
 */
export function startDaemons(requests: readonly StartRequest[]): void {
  stopDaemons(requests.map((one) => ({ key: keyOf(one), forGood: false, attempt: one.attempt })));
  let base: MountBase | null = null;
  const scene: StartScene = {
    hasUnits: unitsProblem() === null,
    bootId: bootId(),
    cgroups: cgroupMount(),
    mountBase: () => {
      base ??= openMountBase();
      return base;
    },
  };
  try {
    for (const some of splitList(requests, MOST_GATES)) startTogether(some, scene);
  } finally {
    (base as MountBase | null)?.close();
  }
}

/** A child at its gate, which is not written down yet. */
type BornChild = {
  readonly request: StartRequest;
  readonly record: ProcessRecord;
  readonly child: GatedChild;
};

/**
 * The children enter their control groups one right after the other: the kernel lets all processes pass a barrier before
 * the first of them, which takes milliseconds, and not again shortly after (`rcu_sync_enter` in kernel/rcu/sync.c).
 */
function startTogether(requests: readonly StartRequest[], scene: StartScene): void {
  const born: BornChild[] = [];
  try {
    for (const request of requests) request.attempt(() => void born.push(...begin(request, scene)));
    for (const { request, record, child } of born)
      request.attempt(() => {
        if (record.cgroup !== null) enterCgroup(record.cgroup, child.pid);
      });
    for (const { request, record, child } of born)
      request.attempt(() => {
        const startTime = readProcessStatus(child.pid)?.startTime ?? '';
        writeProcessRecord(keyOf(request), { ...record, pid: child.pid, startTime });
        writeFileSync(pidFile(keyOf(request)), `${child.pid}\n`, { mode: 0o600 });
        child.open();
      });
  } finally {
    for (const { child } of born) child.close();
  }
}

/** Starts a unit, or a child that waits; nothing waits of a unit. */
function begin(request: StartRequest, scene: StartScene): readonly BornChild[] {
  const { process, session, bytesOf } = request;
  const key = keyOf(request);
  const unit = scene.hasUnits ? chooseUnit(key, session) : null;
  const ownGroup = scene.cgroups === null ? null : chooseCgroup(scene.cgroups);
  const record: ProcessRecord = {
    version: 1,
    bootId: scene.bootId,
    cgroup: unit === null ? ownGroup : unitCgroup(key, unit),
    pid: 0,
    startTime: '',
    cookie: netnsCookie(session.socket),
    spec: process as unknown as Spec,
    ...(unit === null ? {} : { unit }),
  };
  writeProcessRecord(key, record);
  const { folder, privateFolders } = process;
  if (folder !== null) mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  makeMountPoints(privateFolders);
  if (unit !== null) {
    startUnit(key, process, { unit, environment: fullEnvironment(process, bytesOf) });
    return [];
  }
  if (record.cgroup !== null) makeCgroup(record.cgroup);
  const child = isTermed(process)
    ? spawnProgram(key, process, { session, bytesOf, mountBase: scene.mountBase })
    : spawnWithLog(key, process, session);
  return [{ request, record, child }];
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

const pidFile = ({ lab, netns, name }: ProcessKey): string => join(processFolder(lab, netns, name), 'pid');

const keyOf = ({ lab, process }: StartRequest): ProcessKey => processKeyOf(lab, process);
