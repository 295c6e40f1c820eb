// Prints the path of a Chromium; nothing where there is none. A process of its own, because the package is ESM only.
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Unpacks the Chromium of the npm package, once for all test files of a run. The package itself would unpack into the
 * temporary folder, where a second process would start a browser that the first still writes.
 */
const unpack = async () => {
  const target = join(tmpdir(), 'chromium');
  const program = join(target, 'chromium');
  if (existsSync(program)) return program;
  const folder = mkdtempSync(`${target}-`);
  try {
    process.env.TMPDIR = folder;
    const { default: chromium } = await import('@sparticuz/chromium');
    await chromium.executablePath();
    // Appears whole or not at all.
    renameSync(folder, target);
  } catch (error) {
    rmSync(folder, { recursive: true });
    // Another process was faster, so its browser is there.
    if (!['ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
  }
  return program;
};

const find = async () => {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  // The package holds no other.
  if (process.platform === 'linux' && process.arch === 'x64') {
    try {
      return await unpack();
    } catch (error) {
      // The package is optional: another machine's own browser will do.
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    }
  }
  return PLACES.find((path) => existsSync(path)) ?? '';
};

process.stdout.write(await find());
