import { writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MuvmError, reasonOf, toMuvmError } from '@muvm/errors';
import { deadline, Scope } from '@muvm/lifetime';
import { type FileLog, openFileLog } from '@muvm/log';
import type { VmPlan } from '../config/vm-plan.ts';
import { serveControl } from '../control/server.ts';
import type { VmState } from '../control/status.ts';
import { type Driver, type RunningVm, selectDriver, thisDriverHost } from '../driver/index.ts';
import { prepareEmulation } from '../emulation/index.ts';
import { forwardSockets } from '../sockets/index.ts';
import { bundleDirectory } from '../vm/bundle-path.ts';
import { keptLogDirectory, VM_FILES, type VmFile } from '../vm/run-directory.ts';
import { type ChosenX11, chooseX11, serveX11, x11Obstacle } from '../x11/index.ts';
import { reportBoot } from './boot-report.ts';
import { CallGate } from './call-gate.ts';
import { CallServer, listenOn } from './call-server.ts';
import { syncClock } from './clock-sync.ts';
import { guestStatus, shutDownGuest } from './guest-calls.ts';
import { IdleWatch } from './idle-watch.ts';
import { keepLogs } from './keep-logs.ts';
import { pressureOf, watchMemoryPressure } from './memory-pressure.ts';
import { Phases } from './phases.ts';
import { type StatusSources, vmFacts, vmStatus } from './vm-status.ts';
import { openFilesOf, watchOpenFiles } from './watch-open-files.ts';

// The guest boots within this, or it never will: 30 times what an emulated one takes.
const BOOT_TIMEOUT_MS = 180_000;
const STATUS_TIMEOUT_MS = 3000;
// What commands get between SIGTERM and SIGKILL, and then the guest to write everything back.
const COMMAND_GRACE_MS = 2000;
const GUEST_END_TIMEOUT_MS = 10_000;
// Whoever started a VM that failed comes to hear why, as soon as its own program is loaded; others that come in the same
// instant hear it too.
const FIRST_CALL_TIMEOUT_MS = 5000;
const FAILURE_STAY_MS = 300;

/** The life of one VM, from its sockets to its end. */
export class Supervisor {
  readonly #plan: VmPlan;
  readonly #directory: string;
  readonly #onFile: (path: string) => void;
  readonly #gate = new CallGate();
  readonly #phases = new Phases();
  readonly #abort = new AbortController();
  readonly #idle: IdleWatch;
  readonly #servers: readonly CallServer[];
  readonly #control: Server;
  readonly #log: FileLog;
  readonly #x11: ChosenX11;
  #driver: Driver | undefined;
  #vm: RunningVm | undefined;
  #state: VmState = 'starting';
  /** Why the machine is being ended. */
  #failure: MuvmError | undefined;

  /** @param onFile told of each file that is made outside of the run directory */
  constructor(plan: VmPlan, directory: string, onFile: (path: string) => void) {
    this.#onFile = onFile;
    this.#plan = plan;
    this.#directory = directory;
    this.#log = openFileLog(this.#path('supervisorLog'));
    const uid = process.getuid?.() ?? 0;
    this.#x11 = chooseX11({ mode: plan.x11, uid }, process.env, (sentence) => this.#notice(sentence));
    this.#idle = new IdleWatch({
      lingerMs: plan.lingerMs,
      countDetached: () => this.#countDetached(),
      onUnknown: (reason) => this.#log.warn(`number of detached commands is unknown, so the VM stays: ${reason}`),
      onSilent: () => this.stop('guest stopped answering'),
      onIdle: () => this.stop(`no command for ${plan.lingerMs / 1000} s`),
    });
    this.#servers = (['user', 'root'] as const).map((identity) => new CallServer(identity, this.#gate, this.#idle));
    this.#control = serveControl({
      status: () => vmStatus(this.#sources()),
      progress: () => this.#phases.follow(),
      stop: () => this.stop('asked to'),
    });
  }

  #path(file: VmFile): string {
    return join(this.#directory, VM_FILES[file]);
  }

  /** Makes the sockets. Calls that come from here on wait for the guest. @throws MuvmError RUN_DIRECTORY */
  async listen(): Promise<void> {
    this.#phases.reach('supervisor');
    const [userServer, rootServer] = this.#servers as [CallServer, CallServer];
    await userServer.listen(this.#path('userSocket'));
    await rootServer.listen(this.#path('rootSocket'));
    await listenOn(this.#control, this.#path('controlSocket'));
  }

  /** Runs the VM to its end, and tells every caller how it ended. */
  async run(): Promise<void> {
    const failure = await this.#live().catch((error: unknown) =>
      toMuvmError(error, 'START_FAILED', `VM "${this.#plan.name}" failed`),
    );
    await this.#end(failure);
  }

  /** Begins to end the VM, in good order. */
  stop(why: string): void {
    if (this.#abort.signal.aborted) return;
    this.#log.info(`stopping: ${why}`);
    this.#abort.abort();
  }

  /** @returns the error that ended the VM, undefined where it ended in good order */
  async #live(): Promise<MuvmError | undefined> {
    await using scope = new Scope();
    const vm = scope.use(await this.#startVm());
    this.#serveX11(vm, scope);
    if (this.#hasSockets()) scope.use(await forwardSockets(vm.link(), this.#plan, this.#onFile));
    const lost = vm.ended.then((how) => this.#lost(how));
    const stopped = new Promise<undefined>((resolve) => {
      if (this.#abort.signal.aborted) resolve(undefined);
      this.#abort.signal.addEventListener('abort', () => resolve(undefined));
    });
    const bootFailure = await Promise.race([this.#boot(vm, scope), lost, stopped]);
    if (bootFailure) return bootFailure;
    const failure = await Promise.race([lost, stopped]);
    this.#closeSockets();
    if (failure) return failure;
    this.#closeGate();
    if (this.#phases.reached.some(({ phase }) => phase === 'ready')) await this.#shutDown(vm);
    return undefined;
  }

  #serveX11(vm: RunningVm, scope: Scope): void {
    if (!this.#x11.server) return;
    scope.use(serveX11(vm.link(), this.#x11.server, (sentence) => this.#log.warn(sentence)));
    void x11Obstacle(this.#x11).then(
      (reason) => reason && this.#notice(`no program of the guest has a window, as ${reason}`),
    );
  }

  #notice(sentence: string): void {
    this.#log.warn(sentence);
    this.#phases.note(sentence);
  }

  #hasSockets(): boolean {
    return this.#plan.forwardedSockets.length + this.#plan.publishedSockets.length > 0;
  }

  async #startVm(): Promise<RunningVm> {
    const onNotice = (sentence: string) => this.#notice(sentence);
    const { driver, notices } = selectDriver(this.#plan, thisDriverHost(bundleDirectory()));
    for (const notice of notices) onNotice(notice);
    const emulation = await prepareEmulation(this.#plan);
    for (const notice of emulation.notices) onNotice(notice);
    this.#driver = driver;
    this.#vm = await driver.start(
      this.#plan,
      {
        directory: this.#directory,
        bundleDirectory: bundleDirectory(),
        log: this.#log,
        emulation,
        onConsole: (chunk) => this.#phases.readConsole(chunk),
        onNotice,
        x11: this.#x11,
      },
      this.#abort.signal,
    );
    this.#phases.reach('virtual machine');
    writeFileSync(this.#path('facts'), `${JSON.stringify(vmFacts(this.#sources()), undefined, 2)}\n`, { mode: 0o600 });
    return this.#vm;
  }

  /** @returns why no command can run */
  async #boot(vm: RunningVm, scope: Scope): Promise<MuvmError | undefined> {
    const hint = 'Look at "muvm --logs"; --mem sets less memory if the host has little.';
    await deadline(vm.rpc.up, BOOT_TIMEOUT_MS, { what: 'Guest did not boot', hint });
    const ask = () => guestStatus(vm.rpc, STATUS_TIMEOUT_MS);
    const failure = await reportBoot(ask, this.#phases, (reason) => this.#log.warn(`no boot report: ${reason}`));
    if (failure) return await this.#giveUp(vm, failure);
    scope.use(syncClock(vm.rpc, this.#log));
    scope.use(watchMemoryPressure(pressureOf(vm.rpc), this.#log));
    scope.use(watchOpenFiles(openFilesOf(vm.filesPid, vm.rpc), this.#log));
    this.#state = 'running';
    this.#phases.reach('ready');
    this.#gate.open(vm.rpc);
    this.#idle.start();
    return undefined;
  }

  /** Hooks may have begun something that wants to be ended, and files to be written back. */
  async #giveUp(vm: RunningVm, failure: MuvmError): Promise<MuvmError> {
    this.#failure = failure;
    this.#gate.close(failure);
    await this.#shutDown(vm);
    return failure;
  }

  #lost(how: string | MuvmError): MuvmError {
    if (this.#failure) return this.#failure;
    if (typeof how !== 'string') return how;
    return new MuvmError('VM_ENDED', `VM "${this.#plan.name}" ended: ${how}`, {
      hint: `Run "muvm --logs --name ${this.#plan.name}" to see its last words.`,
    });
  }

  async #shutDown(vm: RunningVm): Promise<void> {
    this.#state = 'stopping';
    try {
      await shutDownGuest(vm.rpc, COMMAND_GRACE_MS, GUEST_END_TIMEOUT_MS);
      await deadline(vm.ended, GUEST_END_TIMEOUT_MS, { what: 'Guest did not power off' });
    } catch (error) {
      this.#log.warn(`guest was ended by force: ${reasonOf(error)}`);
    }
  }

  /** Who waits for a VM that was stopped is told so; who comes when it is as good as gone starts another. */
  #closeGate(): void {
    const sentence = `VM "${this.#plan.name}" was stopped`;
    this.#gate.close(new MuvmError('VM_ENDED', sentence), new MuvmError('NOT_RUNNING', sentence));
  }

  #closeSockets(): void {
    for (const server of this.#servers) server.close();
  }

  async #end(failure: MuvmError | undefined): Promise<void> {
    this.#state = 'stopping';
    this.#idle[Symbol.dispose]();
    this.#phases.end();
    if (failure) {
      this.#log.error(failure.message);
      this.#gate.close(failure);
      await Promise.race([this.#idle.firstCall, sleep(FIRST_CALL_TIMEOUT_MS)]);
      await sleep(FAILURE_STAY_MS);
    }
    this.#closeGate();
    await Promise.allSettled(this.#servers.map((server) => server[Symbol.asyncDispose]()));
    this.#control.close();
    this.#control.closeAllConnections();
    await this.#log[Symbol.asyncDispose]();
    if (failure) keepLogs(this.#directory, keptLogDirectory(this.#plan.name));
  }

  async #countDetached(): Promise<number> {
    return this.#vm ? (await guestStatus(this.#vm.rpc, STATUS_TIMEOUT_MS)).detachedCommands : 0;
  }

  #sources(): StatusSources {
    return {
      plan: this.#plan,
      driverName: this.#driver?.name,
      vm: this.#vm,
      state: this.#state,
      phases: this.#phases.reached,
      activeCalls: this.#idle.activeCalls,
    };
  }
}
