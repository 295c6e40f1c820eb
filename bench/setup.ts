import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** What the bench needs and nothing else does; it stays for the next run. */
export const CACHE = path.join(ROOT, 'node_modules/.cache/bench');

/** AWS's runtime, and what the nodes are compared with. */
const PACKAGES = { 'aws-lambda-ric': '4.0.2', 'braze-api': '2.13.4', zod: '4.6.7' };

/** Node 24 as it comes with the development dependencies, or the Node that runs this. */
const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const ownNode = path.join(ROOT, 'node_modules', platform, 'bin/node');
export const NODE = existsSync(ownNode) ? ownNode : process.execPath;

const RIC = path.join(CACHE, 'node_modules/aws-lambda-ric');
const ADDON = path.join(RIC, 'rapid-client.node');

/** The environment in which the packages' own scripts find Node 24 and its headers. */
const buildEnvironment = () => ({
  ...process.env,
  PATH: [path.dirname(NODE), path.join(CACHE, 'node_modules/.bin'), process.env.PATH].join(path.delimiter),
  npm_config_nodedir: path.dirname(path.dirname(NODE)),
});

/** AWS's runtime, and how it asks for the next invocation: by the native client that Lambda has, or by ours in its place. */
export interface Runtime {
  readonly script: string;
  readonly client: 'native' | 'javascript';
}

/**
 * Installs the packages, without their scripts, and builds the runtime's native client by its own. That needs a
 * compiler, make, cmake and python3; where it fails, `variants/rapid-client.cjs` takes its place.
 */
export const setUp = (): Runtime => {
  const manifest = JSON.stringify({ private: true, dependencies: PACKAGES });
  const marker = path.join(CACHE, 'package.json');
  if (!Object.keys(PACKAGES).every((name) => existsSync(path.join(CACHE, 'node_modules', name)))) {
    console.log('Installing the runtime and what the nodes are compared with …');
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(marker, manifest);
    const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
    execFileSync('npm', install, { cwd: CACHE, stdio: 'inherit', env: buildEnvironment() });
  }
  const script = path.join(RIC, 'index.mjs');
  if (!existsSync(ADDON)) {
    console.log("Building the runtime's native client, which takes a minute …");
    try {
      const options = { cwd: RIC, stdio: 'ignore', env: buildEnvironment(), timeout: 300_000 } as const;
      execFileSync('sh', ['scripts/preinstall.sh'], options);
      execFileSync('sh', ['scripts/postinstall.sh'], options);
    } catch {
      console.log('It cannot be built here; one in JavaScript takes its place.');
      return { script, client: 'javascript' };
    }
  }
  return { script, client: 'native' };
};
