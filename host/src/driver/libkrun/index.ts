/** The one room that talks to libkrun's libraries. Of the driver itself only the guest kernel's source is here so far. */
export { readKernel } from './firmware.ts';
