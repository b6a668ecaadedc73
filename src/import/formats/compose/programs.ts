import type { Json } from '../../../model/json.ts';
import { type WrittenBind, writtenBind } from '../../programs/bound-files.ts';
import { type ContainerPrograms, containerPrograms } from '../../programs/container-programs.ts';
import type { JsonMap } from '../../result.ts';
import { listValue, mapValue, textValue } from '../../yaml-values.ts';
import type { FileLookup } from '../file-importer.ts';

/** What a service runs by its `entrypoint` and `command`, and the files that its `volumes` bind. */
export function servicePrograms(service: JsonMap, fileAt: FileLookup): ContainerPrograms {
  const { entrypoint, command, volumes } = service;
  const binds = listValue(volumes).map(volumeBind);
  return containerPrograms({ entrypoint, command, binds, keys: { command: 'command', binds: 'volumes' } }, fileAt);
}

/** `./site.conf:/etc/site.conf`, or `{ type: bind, source, target }`; a name without a slash is that of a volume. */
function volumeBind(volume: Json): WrittenBind {
  const { type, source, target } = mapValue(volume);
  const text = textValue(volume) ?? [source, target].flatMap((one) => textValue(one) ?? []).join(':');
  const isBind = textValue(volume) === null ? type === 'bind' : /^[./]/.test(text);
  return isBind ? writtenBind(text) : { text, mount: null };
}
