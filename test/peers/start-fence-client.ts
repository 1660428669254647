/** Starts fence-client.ts as a process that is no child of the caller, who may trace it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

type Fact = Readonly<Record<string, unknown>>;

const PATIENCE_MS = 20_000;
const LOOK_MS = 5;
const PROGRAM = join(import.meta.dirname, '../../dist/peers/fence-client.cjs');

export interface FenceClientOptions {
  /** A command that runs the program whose words follow it, as strace does. */
  readonly wrapper?: readonly string[];
  /** Where fence-client.cjs is, if this is not the clone. */
  readonly program?: string;
}

export class FenceClient implements AsyncDisposable {
  pid = 0;
  readonly #shell: ChildProcess;
  readonly #facts: Fact[] = [];
  #heard: () => void = () => {};

  constructor({ wrapper = [], program = PROGRAM }: FenceClientOptions) {
    // The shell waits for it, so that it is the shell's child. What the shell says of its end is of no interest.
    const script = 'exec 4<&0; "$@" <&4 4<&- 2>&3 3>&- & wait $!';
    const words = ['-c', script, 'sh', ...wrapper, process.execPath, program];
    this.#shell = spawn('sh', words, { stdio: ['pipe', 'pipe', 'ignore', 2] });
    createInterface({ input: this.#shell.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      this.#facts.push(JSON.parse(line));
      this.#heard();
    });
  }

  /** Says a command, and waits for what it tells under a key. */
  async ask<T = number>(command: string, key: string): Promise<T> {
    this.say(command);
    return (await this.hear(key))[key] as T;
  }

  say(command: string): void {
    this.#shell.stdin?.write(`${command}\n`);
  }

  /** The next fact with a key, and with a value if one is given; each is heard once. */
  async hear(key: string, value?: unknown): Promise<Fact> {
    const latestMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const index = this.#facts.findIndex((fact) => key in fact && (value === undefined || fact[key] === value));
      if (index >= 0) return this.#facts.splice(index, 1)[0] as Fact;
      const leftMs = latestMs - performance.now();
      if (leftMs <= 0) throw new Error(`The client said nothing of "${key}": ${JSON.stringify(this.#facts)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#heard = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Starts a thread with a task, and waits until it is about to wait in it. @returns the thread's id */
  async start(task: string, path = ''): Promise<number> {
    this.say(`start ${task} ${path}`);
    return (await this.hear('started', task))['tid'] as number;
  }

  /** What it has said and nobody has heard. */
  unheard(): readonly Fact[] {
    return this.#facts;
  }

  /** A descriptor of ours of one of its files. */
  open(fd: number): number {
    return openSync(`/proc/${this.pid}/fd/${fd}`, 'r+');
  }

  descriptors(): string[] {
    return readdirSync(`/proc/${this.pid}/fd`).map((fd) => `${fd} ${readlinkSync(`/proc/${this.pid}/fd/${fd}`)}`);
  }

  /** The flags of descriptors, as proc_pid_fdinfo(5) has them; of lines of `descriptors`. */
  descriptorFlags(lines: readonly string[]): string[] {
    return lines.map((line) => {
      const info = readFileSync(`/proc/${this.pid}/fdinfo/${line.split(' ')[0]}`, 'utf8');
      return /^flags:\s*0*(\S+)/m.exec(info)?.[1] ?? '';
    });
  }

  mappings(): string[] {
    return readFileSync(`/proc/${this.pid}/maps`, 'utf8').trim().split('\n');
  }

  /** The states of its threads, one letter each. */
  states(): string {
    return this.#statuses()
      .map((status) => /^State:\s*(\S)/m.exec(status)?.[1])
      .join('');
  }

  /** Waits until the states of its threads are such. */
  async untilStates(pattern: RegExp): Promise<void> {
    await this.#until(() => pattern.test(this.states()), `have the states ${pattern}`);
  }

  /** Waits until somebody waits for a fence, which its word tells. */
  async untilWaiting(memfd: number): Promise<void> {
    const word = Buffer.alloc(4);
    const isWaited = () => readSync(memfd, word, 0, 4, 0) === 4 && word.readInt32LE() === -1;
    await this.#until(isWaited, 'wait for the fence');
  }

  async untilTraced(): Promise<void> {
    await this.#until(() => this.tracers().every((tracer) => tracer !== 0), 'be traced');
  }

  async #until(isTrue: () => boolean, what: string): Promise<void> {
    for (const latestMs = performance.now() + PATIENCE_MS; !isTrue(); await sleep(LOOK_MS)) {
      if (performance.now() > latestMs) throw new Error(`The client did not ${what}`);
    }
  }

  tracers(): number[] {
    return this.#statuses().map((status) => Number(/^TracerPid:\s*(\d+)/m.exec(status)?.[1]));
  }

  /** Of each of its threads; one may end while they are read. */
  #statuses(): string[] {
    return readdirSync(`/proc/${this.pid}/task`).flatMap((tid) => {
      try {
        return readFileSync(`/proc/${this.pid}/task/${tid}/status`, 'utf8');
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ESRCH') return [];
        throw error;
      }
    });
  }

  /** Waits until its parent has heard of its end. */
  async ended(): Promise<void> {
    const { exitCode, signalCode } = this.#shell;
    if (exitCode === null && signalCode === null) await once(this.#shell, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      process.kill(this.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    await this.ended();
  }
}

export async function startFenceClient(options: FenceClientOptions = {}): Promise<FenceClient> {
  const client = new FenceClient(options);
  client.pid = (await client.hear('pid'))['pid'] as number;
  return client;
}

/** How many descriptors this process has. */
export function ownDescriptors(): number {
  const fd = openSync('/dev/null', 'r');
  closeSync(fd);
  return readdirSync('/proc/self/fd').length;
}
