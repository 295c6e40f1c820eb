import { build } from 'esbuild';

test('the gateway bundles for a browser: it needs nothing of Node', async () => {
  const { outputFiles } = await build({
    entryPoints: ['emulators/braze/gateway.ts'],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  const [{ text = '' } = {}] = outputFiles;
  expect(text).toContain('The emulator does not know the endpoint');
  expect(text).not.toMatch(/\bBuffer\.|\bprocess\.|\brequire\(/);
});
