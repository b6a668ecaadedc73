import buildAll from './build.ts';

// The properties load what is built as soon as they are loaded: whoever imports them imports this before.
await buildAll();
