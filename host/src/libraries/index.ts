/** Where the libraries are that carry the guest's kernel and run it. */
export { type FirmwareWish, findFirmware } from './find-firmware.ts';
export { findLibkrun } from './find-libkrun.ts';
