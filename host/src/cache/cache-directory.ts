import { isAbsolute, join } from 'node:path';
import { currentUser } from '../user/index.ts';

/** `$XDG_CACHE_HOME/muvm`, else `~/.cache/muvm`. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env['XDG_CACHE_HOME'];
  return join(cache && isAbsolute(cache) ? cache : join(currentUser().home, '.cache'), 'muvm');
}
