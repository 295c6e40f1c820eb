import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const root = join(__dirname, '../..');
/** Unpacking, building and launching take seconds; more than this and something hangs. */
const MAX_START_MS = 120_000;

/** The path of a Chromium on this machine; empty where there is none. */
const CHROMIUM = execFileSync(process.execPath, [join(__dirname, 'chromium.mjs')], {
  timeout: MAX_START_MS,
}).toString();

if (CHROMIUM === '') {
  const message = 'There is no Chromium on this machine (set CHROMIUM_PATH), so the playground is not tested.';
  // .ci/run sets it: there everything must run.
  if (process.env.CI !== undefined) throw new Error(message);
  console.warn(message);
}

/** The tests of the page; skipped, and said so, where there is no browser. */
export const describeInBrowser = CHROMIUM === '' ? describe.skip : describe;

export interface Playground {
  readonly url: string;
  /** The page in a fresh browser context, and the addresses that it asked for. */
  open(
    fragment?: string,
    options?: BrowserContextOptions,
  ): Promise<{ page: Page; requests: string[]; errors: string[] }>;
  close(): Promise<void>;
}

/** Builds the page as `npm run playground -- --out DIR` does, and starts a browser for it. */
export const startPlayground = async (): Promise<Playground> => {
  const folder = mkdtempSync(join(tmpdir(), 'playground-'));
  execFileSync(process.execPath, ['--import', 'tsx', 'tools/run.ts', 'playground', '--out', folder], {
    cwd: root,
    timeout: MAX_START_MS,
  });
  const browser: Browser = await chromium.launch({
    executablePath: CHROMIUM,
    timeout: MAX_START_MS,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  const url = pathToFileURL(join(folder, 'index.html')).href;
  return {
    url,
    open: async (fragment = '', options = {}) => {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      page.setDefaultTimeout(120_000);
      const requests: string[] = [];
      const errors: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('dialog', (dialog) => {
        errors.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      await page.goto(url + fragment);
      await page.getByRole('region', { name: 'Answer' }).waitFor();
      return { page, requests, errors };
    },
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true });
    },
  };
};
