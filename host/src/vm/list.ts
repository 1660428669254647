import { canConnect } from './can-connect.ts';
import { namesWithRunDirectory, vmFile } from './run-directory.ts';

/** The names of the VMs that live. */
export async function listVms(): Promise<string[]> {
  const names = namesWithRunDirectory();
  const alive = await Promise.all(names.map((name) => canConnect(vmFile(name, 'controlSocket'))));
  return names.filter((_, index) => alive[index]);
}
