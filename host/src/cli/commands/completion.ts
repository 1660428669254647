import type { CompletionShell } from '../../config/index.ts';
import { renderCompletion } from '../completion/index.ts';
import { print } from '../print.ts';
import type { Ending } from '../report-error.ts';

export async function printCompletion(shell: CompletionShell): Promise<Ending> {
  await print(renderCompletion(shell));
  return { status: 0 };
}
