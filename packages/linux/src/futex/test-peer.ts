import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { mapShared, type SharedMemory } from '../shared-memory.ts';

let directories = 0;

/** Files of one word each in the shared memory of this machine, and what we have mapped of them. For tests. */
export class TestWords implements Disposable {
  readonly paths: readonly string[];
  readonly words: readonly SharedMemory[];

  constructor(count: number) {
    directories += 1;
    this.paths = Array.from({ length: count }, (_, at) => `/dev/shm/muvm-test-${process.pid}-${directories}-${at}`);
    this.words = this.paths.map((path) => {
      const fd = openSync(path, 'wx+');
      ftruncateSync(fd, 4);
      const word = mapShared(fd, 4);
      closeSync(fd);
      return word;
    });
  }

  [Symbol.dispose](): void {
    for (const word of this.words) word[Symbol.dispose]();
    for (const path of this.paths) rmSync(path);
  }
}

/** Another program with the same words, see futex-peer.cjs. For tests. */
export class TestPeer implements Disposable {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #lines: Interface;

  private constructor(paths: readonly string[], program: string, descriptors: readonly number[]) {
    const stdio = ['pipe', 'pipe', 'inherit', ...descriptors] as const;
    this.#child = spawn(process.execPath, [program, ...paths], { stdio: [...stdio] });
    this.#lines = createInterface(this.#child.stdout as NodeJS.ReadableStream);
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  /** @param descriptors what it has as 3 and on */
  static async start(
    paths: readonly string[],
    program = join(import.meta.dirname, 'futex-peer.cjs'),
    descriptors: readonly number[] = [],
  ): Promise<TestPeer> {
    const peer = new TestPeer(paths, program, descriptors);
    await peer.#answers.next();
    return peer;
  }

  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  async answer(): Promise<number> {
    return Number((await this.#answers.next()).value);
  }

  ask(line: string): Promise<number> {
    this.tell(line);
    return this.answer();
  }

  [Symbol.dispose](): void {
    this.#lines.close();
    this.#child.kill('SIGKILL');
  }
}
