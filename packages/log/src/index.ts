/** The supervisor's log, and the registry of the variables that change what muvm does for its developers. */

export { type FileLog, openFileLog } from './file-log.ts';
export { KNOBS, type Knob, knob } from './knobs.ts';
