/** What the guest has for itself beside the host's files: the table of mounts, and the links of /dev. */
export { linkDev } from './dev-links.ts';
export { mountAll } from './mount-all.ts';
export { MOUNTS, type MountRow } from './table.ts';
