import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The page has no Node.js, no network and no AWS. Each of their uses is in a file of its own, which is replaced here. */
const REPLACEMENTS = new Map([
  [file('../lib/clock.ts'), file('./browser/clock.ts')],
  [file('../lib/http.ts'), file('./browser/no-network.ts')],
  [file('../lib/config/ssm-client.ts'), file('./browser/no-aws.ts')],
  [file('../lib/config/aws-clients.lazy.cjs'), file('./browser/no-aws.ts')],
]);

const replaceFiles = (): Plugin => ({
  name: 'replace-files',
  enforce: 'pre',
  async resolveId(source, importer, options) {
    if (!source.startsWith('.')) return undefined;
    const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
    return resolved && (REPLACEMENTS.get(resolved.id) ?? resolved);
  },
});

/**
 * One HTML file with everything in it: a browser refuses to load modules beside a page that was opened from disk.
 * https://developer.mozilla.org/en-US/docs/Web/JavaScript/Guide/Modules#other_differences_between_modules_and_classic_scripts
 */
export default defineConfig({
  root: file('.'),
  base: './',
  plugins: [replaceFiles(), viteSingleFile()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: { 'process.env': '{}' },
  resolve: {
    alias: [
      { find: 'node:crypto', replacement: file('./browser/node-crypto.ts') },
      { find: /^(markdown-it|shiki|@shikijs)(\/.*)?$/, replacement: file('./browser/no-markdown.ts') },
    ],
  },
  build: { target: 'es2023', emptyOutDir: false, chunkSizeWarningLimit: 4_000 },
});
