// @ts-check
import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** How everything of ours becomes one CommonJS file. */
export const bundleOptions = /** @satisfies {import("esbuild").BuildOptions} */ ({
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // Names stay as they are, for the sake of stack traces; the rest only shortens what is read at start-up.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  supported: { 'dynamic-import': false },
  // Loaded by grpc-js only for its channelz service, which nothing here starts.
  external: ['@grpc/proto-loader'],
  define: {
    __MUVM_BUNDLED__: 'true',
    __MUVM_VERSION__: JSON.stringify(version),
    'import.meta.url': '__bundleUrl',
    'import.meta.filename': '__filename',
    'import.meta.dirname': '__dirname',
  },
  banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
});
