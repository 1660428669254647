import { MuvmError } from '@muvm/errors';
import { LIMITS } from '@muvm/protocol/contract';

/** What a message holds beside the texts: a tag and a length for each, and for a variable three of them. */
const BYTES_BESIDE = 20;

interface Command {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** @throws MuvmError USAGE where all words and variables together do not fit into a message */
export function checkSize({ argv, env }: Command): void {
  const texts = [...argv, ...Object.entries(env).map(([name, value]) => name + value)];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + BYTES_BESIDE, 0);
  if (bytes <= LIMITS.messageBytes) return;
  throw new MuvmError(
    'USAGE',
    `Cannot give a command ${bytes} bytes of words and variables as it must be at most ${LIMITS.messageBytes}`,
    { hint: 'Linux takes about 2 MB; put the rest in a file.' },
  );
}
