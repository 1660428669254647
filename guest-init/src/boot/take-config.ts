import { readFileSync, rmSync } from 'node:fs';
import { type GuestConfig, parseGuestConfig } from '@muvm/protocol/contract';

/** Reads the configuration once: the file is gone afterwards, whatever it held. */
export function takeConfig(path: string): GuestConfig {
  const text = readFileSync(path, 'utf8');
  rmSync(path);
  return parseGuestConfig(text);
}
