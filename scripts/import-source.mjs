/** Imports a TypeScript file of the repository with all that it imports, as one bundle in memory. Ends the build where it cannot. */
import { build } from 'esbuild';

export async function importSource(path) {
  const { outputFiles } = await build({
    entryPoints: [path],
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  }).catch(() => process.exit(1));
  const source = Buffer.from(outputFiles[0].contents).toString('base64');
  return await import(`data:text/javascript;base64,${source}`);
}
