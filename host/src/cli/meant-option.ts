import { EXIT_STATUS } from '@muvm/protocol/contract';
import { SETTING_ROWS } from '../config/index.ts';
import type { Ending } from './report-error.ts';

/** Who says "muvm status" and has no such command meant the option. */
export function withMeantOption(ending: Ending, [program]: readonly string[]): Ending {
  const isRefused = ending.status === EXIT_STATUS.notFound && ending.sentence !== undefined;
  const meant = isRefused && SETTING_ROWS.find(([, { kind, flag }]) => kind === 'switch' && flag === `--${program}`);
  return meant ? { ...ending, hint: `Did you mean "muvm ${meant[1].flag}"?` } : ending;
}
