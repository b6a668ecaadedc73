import { netnsLinkTarget } from '../../netns/netns.ts';
import { readEach } from '../need-reader.ts';

/** Reads symbolic links under /run/netns. */
export const netnsLinkReader = readEach<'netns-link'>(({ netns }) => netnsLinkTarget(netns));
