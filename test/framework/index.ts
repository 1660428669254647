/** What the tests that boot machines stand on: a sandbox each, the client as a child, a terminal, and the check that nothing is left. */
export { IS_LONG, onlyDriver, onlyOnce, patient, scaled, TEST_DRIVER, type TestDriver } from './driver.ts';

export { GPU_LIBRARY, gpuSkipReason } from './gpu-library.ts';
export { openGuestShell, quote } from './guest-shell.ts';
export { hasProgram } from './has-program.ts';
export { MessageServer, type TextMessage } from './message-server.ts';

export { HOUSE, houseSkipReason, type NetworkHouse, openNetworkHouse } from './network-house.ts';
export { expectNothingLeft, leftovers } from './nothing-left.ts';
export { needsLibrary, npmLibkrun } from './npm-libraries.ts';
export { pathWithout } from './path-without.ts';
export { holdsPicture, patternPicture, readPicture } from './pictures.ts';
export {
  cpuSeconds,
  muvmProcesses,
  type ProcessFacts,
  processes,
  pssBytes,
  rssBytes,
} from './processes.ts';
export { MUVM, REPOSITORY, RESULTS } from './repository.ts';
export { bootSkipReason, needsBuild, needsRoot, needsUser, programsMissing } from './requirements.ts';
export { type MuvmOptions, type MuvmResult, muvmCommand, type RunningMuvm, runMuvm, startMuvm } from './run-muvm.ts';
export { createSandbox, type Sandbox } from './sandbox.ts';
export { type SkipReason, testUnless } from './skip.ts';
export { stillScreenshot } from './still-screenshot.ts';
export { openTerminal, type Terminal, type TerminalOptions } from './tmux.ts';
export { until } from './until.ts';
export { coldTest, useWarmVm, type WarmVm } from './warm-vm.ts';
export { startXServer, withoutHidden, type XServer } from './x-server.ts';
