import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

/** The minifier drops comments: the licence of what is bundled is put back on top. */
const licences = {
  name: 'licences',
  generateBundle(_, bundle) {
    const text = readFileSync(new URL('node_modules/preact/LICENSE', import.meta.url), 'utf8').trim();
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk') file.code = `/*! Contains Preact (https://preactjs.com):\n${text}\n*/\n${file.code}`;
    }
  },
};

export default defineConfig({
  base: '/console/',
  plugins: [licences],
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    outDir: '../main/resources/console',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    target: 'es2022',
  },
});
