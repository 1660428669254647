import { MuvmError } from '@muvm/errors';
import { closeAll } from './outgoing.ts';

/** No client or server has more on the way: libxcb sends 16 with what it writes at once. */
const DESCRIPTORS_MAX = 256;

/** Descriptors that have come and are not taken yet, in order. Disposal closes them. */
export class DescriptorQueue implements Disposable {
  readonly #sender: string;
  #descriptors: number[] = [];

  /** @param sender whose they are, for errors */
  constructor(sender: string) {
    this.#sender = sender;
  }

  /** OWNERSHIP: taken, also when it throws. @throws MuvmError PROTOCOL for too many */
  push(descriptors: readonly number[]): void {
    this.#descriptors.push(...descriptors);
    if (this.#descriptors.length > DESCRIPTORS_MAX) {
      throw new MuvmError(
        'PROTOCOL',
        `Cannot keep ${this.#descriptors.length} files of an X11 ${this.#sender} as ${DESCRIPTORS_MAX} is the most`,
      );
    }
  }

  /** The next ones. OWNERSHIP: the caller closes them. @throws MuvmError PROTOCOL where they have not come */
  take(count: number): number[] {
    if (count > this.#descriptors.length) {
      throw new MuvmError(
        'PROTOCOL',
        `Cannot find ${count} files of an X11 ${this.#sender} as ${this.#descriptors.length} came with its message`,
      );
    }
    return this.#descriptors.splice(0, count);
  }

  [Symbol.dispose](): void {
    closeAll(this.#descriptors);
    this.#descriptors = [];
  }
}
