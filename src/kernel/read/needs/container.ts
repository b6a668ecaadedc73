import { placeKey } from '../../netns/places/bind-places.ts';
import { readEach } from '../need-reader.ts';

/** Tells what became of the containers that names of the lab stand for; they were looked up before anything else. */
export const containerReader = readEach<'container'>((need, { places }) => places.get(placeKey(need)) ?? null);
