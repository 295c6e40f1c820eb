import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describeInBrowser } from '../support/playground.ts';

const PROGRAM = join(__dirname, '../support/chromium.mjs');

const isOfPackage = process.platform === 'linux' && process.arch === 'x64' && process.env.CHROMIUM_PATH === undefined;

describeInBrowser('the browser of the tests', () => {
  (isOfPackage ? test : test.skip)('is unpacked whole, also by two at once and beside an unfinished one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'two-'));
    mkdirSync(join(folder, 'chromium-killed'));
    const find = () => promisify(execFile)(process.execPath, [PROGRAM], { env: { ...process.env, TMPDIR: folder } });
    const [one, other] = await Promise.all([find(), find()]);
    expect(one.stdout).toBe(join(folder, 'chromium/chromium'));
    expect(other.stdout).toBe(one.stdout);
    const { stdout: version } = await promisify(execFile)(one.stdout, ['--version']);
    expect(version).toMatch(/^\S.* \d+\.\d+/);
    expect(readdirSync(folder).toSorted()).toEqual(['chromium', 'chromium-killed']);
    expect(readdirSync(dirname(one.stdout))).toContain('fonts');
  });
});
