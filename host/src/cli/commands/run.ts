import { isMuvmError } from '@muvm/errors';
import { exitStatusOfSignal, type Start } from '@muvm/protocol/contract';
import { type PublishedPorts, planVm, type Resolution, SETTINGS, type Settings, thisHost } from '../../config/index.ts';
import { watchProgress } from '../../control/index.ts';
import type { RunningCommand } from '../../exec/client.ts';
import type { ExecEnd } from '../../exec/exec-end.ts';
import { type JoinedVm, joinVm } from '../../vm/index.ts';
import { Attachment } from '../attachment.ts';
import { endingOf } from '../ending.ts';
import { Progress, type ProgressStyle } from '../progress.ts';
import type { Ending } from '../report-error.ts';
import { requirePublished } from '../require-published.ts';
import { Interrupted, SignalRelay } from '../signals.ts';
import { startRequest } from '../start-request.ts';

/** A VM that ends just when it is joined is followed by another; more often than this it is no coincidence. */
const ATTEMPTS = 5;

interface Wish {
  readonly settings: Settings;
  readonly start: Start;
  /** Ports of the guest that this command wants on the host. */
  readonly published: readonly PublishedPorts[];
}

/** Runs a command in the VM, which is started where it does not run, and ends as the command does. */
export async function run({ settings, command, originsOf }: Resolution): Promise<Ending> {
  using relay = new SignalRelay(settings.tty && settings.interactive);
  const start = startRequest(settings, command);
  // Those of files are for the machines that they start.
  const origins = originsOf('publishedPorts');
  const published = settings.publishedPorts.filter((_, index) => origins[index] === SETTINGS.publishedPorts.flag);
  try {
    for (let attempt = 1; ; attempt++) {
      const end = await joinAndRun({ settings, start, published }, relay, attempt === ATTEMPTS);
      if (end) return endingOf(end, { isFromUser: (signalNumber) => relay.isFromUser(signalNumber) });
    }
  } catch (error) {
    if (error instanceof Interrupted) return { status: exitStatusOfSignal(error.signalNumber) };
    throw error;
  }
}

/** Undefined where the VM ended before it heard of the command, unless this is the last attempt. */
async function joinAndRun({ settings, start, published }: Wish, relay: SignalRelay, isLast: boolean) {
  using progress = new Progress(progressStyle(settings));
  const joined = await join(settings, relay.signal);
  if (!joined.started) await requirePublished(settings.name, published);
  follow(progress, settings.name, joined);
  let attachment: Attachment | undefined;
  try {
    return await execute(settings, start, joined, relay, (command) => {
      progress[Symbol.dispose]();
      attachment = new Attachment(command, relay, settings);
    });
  } catch (error) {
    if (isLast || attachment || joined.started || !isMuvmError(error) || error.code !== 'NOT_RUNNING') throw error;
    return undefined;
  } finally {
    attachment?.[Symbol.dispose]();
  }
}

/** Joins the VM, but waits no longer than the user does. */
async function join(settings: Settings, signal: AbortSignal): Promise<JoinedVm> {
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([joinVm(planVm(settings, thisHost()), { signal }), interrupted]);
}

function follow(progress: Progress, name: string, { started }: JoinedVm): void {
  progress.note(`${started ? 'started' : 'joined'} VM "${name}"`);
  // The phases of a VM that runs already are long past.
  if (started || !progress.isVerbose) {
    progress.follow((signal) => watchProgress(name, signal), { isOurStart: started });
  }
}

async function execute(
  settings: Settings,
  start: Start,
  joined: JoinedVm,
  { signal }: SignalRelay,
  onStarted: (command: RunningCommand) => void,
): Promise<ExecEnd> {
  const { runCommand } = await import('../../exec/client.ts');
  const stdin = settings.interactive ? process.stdin : undefined;
  const isRoot = settings.privileged || settings.identity === 'root';
  const streams = { stdin, stdout: process.stdout, stderr: process.stderr };
  const socketPath = isRoot ? joined.rootSocket : joined.userSocket;
  return runCommand(socketPath, start, streams, { vmName: settings.name, signal, onStarted });
}

function progressStyle({ quiet, verbose }: Settings): ProgressStyle {
  if (quiet) return 'quiet';
  return verbose ? 'verbose' : 'line';
}
