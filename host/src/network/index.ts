/** What connects a guest to the network without root: passt. */
export { localMac, type Passt, startPasst } from './start-passt.ts';
