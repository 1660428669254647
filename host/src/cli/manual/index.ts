/** The man page muvm(1): its options come from the table of settings, the rest is written here. */
export { type ManualFacts, renderManual } from './render-manual.ts';
