import { EventEmitter, once } from 'node:events';
import { BOOT_MARKS } from '@muvm/protocol/contract';
import type { ProgressEvent } from '../control/status.ts';

const PHASE_OF_MARK: Readonly<Record<string, ProgressEvent['phase']>> = {
  [BOOT_MARKS.init]: 'init',
  [BOOT_MARKS.agent]: 'agent',
};

/** When the start reached which phase, by this process's clock. */
export class Phases {
  readonly #events: ProgressEvent[] = [];
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  #isOver = false;
  #consoleRest = '';

  get reached(): readonly ProgressEvent[] {
    return this.#events;
  }

  reach(phase: ProgressEvent['phase']): void {
    if (this.#events.some((event) => event.phase === phase)) return;
    this.#events.push({ phase, atMs: Math.round(performance.now()) });
    this.#emitter.emit('change');
  }

  /** Looks for the marks that the guest writes to its console while it boots. */
  readConsole(chunk: Buffer): void {
    if (this.#events.some((event) => event.phase === 'agent')) return;
    const lines = (this.#consoleRest + chunk.toString('latin1')).split('\n');
    this.#consoleRest = (lines.pop() ?? '').slice(-256);
    for (const line of lines) {
      const phase = PHASE_OF_MARK[line.trim()];
      if (phase) this.reach(phase);
    }
  }

  /** Ends every {@link follow}. */
  end(): void {
    this.#isOver = true;
    this.#emitter.emit('change');
  }

  /** All phases so far, then each new one, until the start is over. */
  async *follow(): AsyncIterable<ProgressEvent> {
    for (let next = 0; ; next += 1) {
      while (next >= this.#events.length) {
        if (this.#isOver) return;
        await once(this.#emitter, 'change');
      }
      const event = this.#events[next] as ProgressEvent;
      yield event;
      if (event.phase === 'ready') return;
    }
  }
}
