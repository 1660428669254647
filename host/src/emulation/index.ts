/** Programs of other processors: which emulator runs them, and the images that hold their libraries. */
export { type Emulator, type EmulatorHost, findEmulator } from './emulators.ts';
export { checkImage } from './erofs.ts';
export { installedImages } from './images.ts';
export { type Emulation, type ImageDisk, prepareEmulation } from './prepare-emulation.ts';
