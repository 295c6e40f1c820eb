import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly author: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}
interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
}

const read = (file: string): string => readFileSync(file, 'utf8');
const manifest: Manifest = JSON.parse(read('package.json'));
const lock: { readonly packages: Readonly<Record<string, LockEntry & Partial<Manifest>>> } = JSON.parse(
  read('package-lock.json'),
);

test('every package in the lockfile has an integrity hash', () => {
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
  expect(packages.length).toBeGreaterThan(300);
  expect(packages.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-')).map(([path]) => path)).toEqual(
    [],
  );
});

test('the lockfile was written for the package.json beside it', () => {
  const { dependencies, devDependencies, optionalDependencies, version, license } = manifest;
  expect(lock.packages['']).toMatchObject({ dependencies, devDependencies, optionalDependencies, version, license });
});

test('every dependency has one exact version', () => {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const ranges = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
    ([, version]) => !/^(?:npm:[\w@/-]+@)?\d+\.\d+\.\d+$/.test(version),
  );
  expect(ranges).toEqual([]);
});

test('CONTRIBUTING says why each dependency is there', () => {
  const text = read('CONTRIBUTING.md');
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test('the licence in package.json is the one in LICENSE', () => {
  expect(manifest.license).toBe('MIT');
  expect(read('LICENSE')).toMatch(/^MIT License$/m);
});

test('CHANGELOG describes the version in package.json', () => {
  expect(read('CHANGELOG.md')).toContain(`## ${manifest.version}`);
});

test('CI runs .ci/run, with every action pinned by its commit and permission only to read', () => {
  const workflow = parse(read('.github/workflows/ci.yml'));
  const jobs: { readonly steps: readonly { readonly uses?: string; readonly run?: string }[] }[] = Object.values(
    workflow.jobs,
  );
  const steps = jobs.flatMap((job) => job.steps);
  expect(workflow.permissions).toEqual({ contents: 'read' });
  expect(steps.map((step) => step.run).filter((run) => run !== undefined)).toEqual(['.ci/run']);
  for (const { uses } of steps) expect(uses ?? '.ci/run').toMatch(/^\.ci\/run$|^[\w-]+\/[\w-]+@[\da-f]{40}$/);
});

test('every package that the functions import is a dependency, not a development dependency', () => {
  const files = globSync('{handlers,lib}/**/*.{ts,cjs}');
  const imported = files.flatMap((file) =>
    [...read(file).matchAll(/(?:^import (?!type)[^;]*?from |require\()'((?:@[\w-]+\/)?[\w-]+)/gm)].map(
      ([, name = '']) => name,
    ),
  );
  const names = new Set(imported.filter((name) => name !== 'node'));
  expect([...names].filter((name) => !(name in manifest.dependencies))).toEqual([]);
  expect(names.size).toBeGreaterThan(4);
});
