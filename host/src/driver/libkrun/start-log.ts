import type { Libkrun } from './library.ts';

// KRUN_LOG_* of libkrun.h.
const TARGET_STDERR = -1;
const LEVEL_WARN = 2;
const STYLE_NEVER = 2;
const OPTIONS_DEFAULT = 0;

// A library has one log for its life, and aborts where it is started again.
const withLog = new WeakSet<Libkrun>();

/** Starts libkrun's log on stderr, unless it is started: warnings and errors, uncoloured. `RUST_LOG` is stronger. */
export function startLog(library: Libkrun): void {
  if (withLog.has(library)) return;
  withLog.add(library);
  if (library.has('krun_init_log')) {
    library.call('krun_init_log', TARGET_STDERR, LEVEL_WARN, STYLE_NEVER, OPTIONS_DEFAULT);
  } else {
    library.call('krun_set_log_level', LEVEL_WARN);
  }
}
