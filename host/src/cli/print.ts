import { writePiece } from '../exec/output.ts';

/** Prints an answer on standard output and waits until it is written. @throws OutputClosed where nobody reads it */
export async function print(text: string): Promise<void> {
  if (text.length > 0) await writePiece(process.stdout, text);
}
