/** The life of a VM as the command line sees it: its directory, its lock, joining or starting it. */
export { type JoinedVm, type JoinOptions, joinVm } from './join.ts';
export { listVms } from './list.ts';
export { type LogPaths, logPaths } from './logs.ts';
export { keptLogDirectory, runDirectory, VM_FILES, type VmFile, vmFile } from './run-directory.ts';
export { reachesSupervisor } from './start-supervisor.ts';
