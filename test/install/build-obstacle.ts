import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Obstacle, REPOSITORY } from '../framework/index.ts';

export function buildObstacle(): Obstacle {
  return existsSync(join(REPOSITORY, 'dist/.built')) ? undefined : 'the programs are not built: run "make build"';
}
