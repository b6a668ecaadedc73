import type { Spec } from '../model/json.ts';
import type { Kind } from '../model/kind.ts';

/**
 * A kind as the engine knows it. The specs that reach it are its own: they come from its `compile` and `observe`, or
 * from a state that was written from those.
 */
export const defineKind = <S extends Spec>(kind: Kind<S>): Kind => kind as unknown as Kind;
