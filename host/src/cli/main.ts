import { resolveSettings, thisHost } from '../config/index.ts';
import { withMeantOption } from './meant-option.ts';
import { parseWords } from './parse-words.ts';
import { type Ending, reportEnding, reportError } from './report-error.ts';

/** Does what the words after `muvm` say and sets the exit status. Never rejects. */
export async function main(words: readonly string[]): Promise<void> {
  try {
    reportEnding(await dispatch(words));
  } catch (error) {
    reportError(error);
  }
}

// Each command is loaded when it is asked for: what is not read costs no time.
async function dispatch(words: readonly string[]): Promise<Ending> {
  const parsed = parseWords(words);
  if (parsed.given.has('help')) return (await import('./commands/help.ts')).printHelp();
  if (parsed.given.has('version')) return (await import('./commands/version.ts')).printVersion();
  const resolution = resolveSettings(parsed, thisHost());
  const { settings } = resolution;
  if (settings.completion) return (await import('./commands/completion.ts')).printCompletion(settings.completion);
  if (settings.status) return (await import('./commands/status.ts')).printStatus(resolution);
  if (settings.doctor) return (await import('./commands/doctor.ts')).printDoctor(settings);
  if (settings.printConfig) return (await import('./commands/print-config.ts')).printConfig(resolution);
  if (settings.stop) return (await import('./commands/stop.ts')).stop(settings);
  if (settings.logs) return (await import('./commands/logs.ts')).printLogs(settings);
  return withMeantOption(await (await import('./commands/run.ts')).run(resolution), resolution.command);
}
