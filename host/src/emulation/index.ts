/** Programs of other processors: which emulator runs them, and the images that hold their libraries. */
export { type Emulator, findInterpreters } from './emulators.ts';
export { checkImage } from './erofs.ts';
export { installedImages } from './images.ts';
export { type Emulation, type ImageDisk, prepareEmulation, THIS_HOST } from './prepare-emulation.ts';
