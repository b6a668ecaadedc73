import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Null: there is a browser to test with. Otherwise why not. */
export const noBrowser: string | null = existsSync(CHROMIUM) ? null : `no ${CHROMIUM}: apt-get install chromium`;

/** A headless Chromium that asks nothing of anybody. */
export const browser = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
