/** For tests: images that are nothing but a superblock. */
export { erofsHead } from './erofs-head.ts';
