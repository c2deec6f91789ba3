/** The browser that pages are tried in: Debian's Chromium, or another of its kind. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const VARIABLE = 'TACIT_CHROMIUM';

export const NO_CHROMIUM = `no Chromium is installed, so that nothing is tried in a browser: apt-get install -y chromium, or name one by ${VARIABLE}`;

/** Where it is; undefined if there is none. */
export function chromiumPath(): string | undefined {
  const named = process.env[VARIABLE];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Without a window; root has no sandbox. */
export function startChromium(path: string): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: path, headless: true, chromiumSandbox: !isRoot });
}
