import { writtenBind } from '../../programs/bound-files.ts';
import { type ContainerPrograms, containerPrograms, NO_PROGRAMS } from '../../programs/container-programs.ts';
import type { FileLookup } from '../file-importer.ts';
import type { ContainerlabNode } from './nodes.ts';

/** What a node runs besides `exec`, and the files that are bound into it: only those of the kind linux say it themselves. */
export const nodePrograms = ({ kind, value, binds }: ContainerlabNode, fileAt: FileLookup): ContainerPrograms =>
  kind === 'linux'
    ? containerPrograms(
        {
          ...{ entrypoint: value['entrypoint'], command: value['cmd'], binds: binds.map(writtenBind) },
          keys: { command: 'cmd', binds: 'binds' },
        },
        fileAt,
      )
    : NO_PROGRAMS;
