import build from './built.ts';

// The properties load what is built as soon as they are loaded: whoever imports them imports this before.
build();
