import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Condition?: string;
  readonly Properties: { readonly [name: string]: unknown };
}
export interface Template {
  readonly Parameters: { readonly [name: string]: { readonly Default: string; readonly AllowedPattern: string } };
  readonly Conditions: { readonly [name: string]: unknown };
  readonly Resources: { readonly [id: string]: Resource };
  readonly Outputs: { readonly [id: string]: unknown };
}
export interface ZipEntry {
  readonly name: string;
  /** As chmod takes it. */
  readonly mode: number;
  readonly zippedBytes: number;
}
export interface Package {
  /** What the command printed. */
  readonly output: string;
  readonly text: string;
  readonly template: Template;
  readonly zips: ReadonlyMap<string, readonly ZipEntry[]>;
}
export interface Packaging {
  readonly stage: string;
  /** Takes the place of the name in serverless.yml. */
  readonly service?: string;
  readonly params?: readonly string[];
  readonly umask?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const SOURCES = ['serverless.yml', 'package.json', 'handlers', 'lib', 'tools', 'infrastructure'];

/** The entries of a zip, from its central directory. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
const readZip = (zip: Buffer): readonly ZipEntry[] => {
  const end = zip.lastIndexOf('PK\x05\x06');
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    const name = zip.toString('utf8', at + 46, at + 46 + Number(nameLength));
    const mode = zip.readUInt16LE(at + 40) & 0o777;
    const zippedBytes = zip.readUInt32LE(at + 20);
    at += 46 + Number(nameLength) + Number(extraLength) + Number(commentLength);
    return { name, mode, zippedBytes };
  });
};

/**
 * Packages a copy of the service as `serverless package` does, and reads what a deploy would upload. A command that
 * fails rejects with its output.
 */
export const packageStage = async ({ stage, service, params = [], umask = '022', environment = {} }: Packaging) => {
  const folder = await mkdtemp(join(tmpdir(), 'package-'));
  try {
    await Promise.all(SOURCES.map((source) => cp(source, join(folder, source), { recursive: true })));
    await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'junction');
    if (service !== undefined) {
      const file = join(folder, 'serverless.yml');
      await writeFile(file, (await readFile(file, 'utf8')).replace(/^service: .*/m, `service: ${service}`));
    }
    const target = join(folder, 'out');
    await mkdir(target);
    const cli = resolve('node_modules/serverless/bin/serverless.js');
    const command = [process.execPath, cli, 'package', '--stage', stage, '--package', target];
    const { stdout, stderr } = await promisify(execFile)(
      'sh',
      ['-c', `umask ${umask} && exec "$@"`, 'sh', ...command, ...params.map((param) => `--param=${param}`)],
      { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, ...environment } },
    );
    const text = await readFile(join(target, 'cloudformation-template-update-stack.json'), 'utf8');
    const zips = new Map<string, readonly ZipEntry[]>();
    for (const file of (await readdir(target)).filter((name) => name.endsWith('.zip')).toSorted()) {
      zips.set(file.replace('.zip', ''), readZip(await readFile(join(target, file))));
    }
    const template: Template = JSON.parse(text);
    return { output: stdout + stderr, text, template, zips } satisfies Package;
  } finally {
    await rm(folder, { recursive: true });
  }
};
