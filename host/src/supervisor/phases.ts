import { EventEmitter, once } from 'node:events';
import { BOOT_MARKS, type BootStep } from '@muvm/protocol/contract';
import type { PhaseEvent, ProgressEvent } from '../control/status.ts';

const PHASE_OF_MARK: Readonly<Record<string, PhaseEvent['phase']>> = {
  [BOOT_MARKS.init]: 'init',
  [BOOT_MARKS.agent]: 'agent',
};

/** When the start reached which phase, by this process's clock, and what there was to say meanwhile. */
export class Phases {
  readonly #events: ProgressEvent[] = [];
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  #isOver = false;
  #consoleRest = '';

  get reached(): readonly PhaseEvent[] {
    return this.#events.filter((event) => 'phase' in event);
  }

  reach(phase: PhaseEvent['phase']): void {
    if (this.#hasReached(phase)) return;
    this.#add({ phase, atMs: Math.round(performance.now()) });
  }

  note(notice: string): void {
    this.#add({ notice });
  }

  step(step: BootStep): void {
    this.#add({ step });
  }

  #add(event: ProgressEvent): void {
    this.#events.push(event);
    this.#emitter.emit('change');
  }

  #hasReached(phase: PhaseEvent['phase']): boolean {
    return this.reached.some((event) => event.phase === phase);
  }

  /** Looks for the marks that the guest writes to its console while it boots. */
  readConsole(chunk: Buffer): void {
    if (this.#hasReached('agent')) return;
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

  /** All events so far, then each new one, until the start is over. */
  async *follow(): AsyncIterable<ProgressEvent> {
    for (let next = 0; ; next += 1) {
      while (next >= this.#events.length) {
        if (this.#isOver) return;
        await once(this.#emitter, 'change');
      }
      const event = this.#events[next] as ProgressEvent;
      yield event;
      if ('phase' in event && event.phase === 'ready') return;
    }
  }
}
