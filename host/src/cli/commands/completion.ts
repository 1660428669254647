import type { CompletionShell } from '../../config/index.ts';
import { print } from '../print.ts';
import { renderCompletion } from '../render-completion.ts';
import type { Ending } from '../report-error.ts';

export async function printCompletion(shell: CompletionShell): Promise<Ending> {
  await print(renderCompletion(shell));
  return { status: 0 };
}
