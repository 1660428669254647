/** What is worth keeping from one start to the next: files that are made once, and answers about files that did not change. */
export { cacheDirectory } from './cache-directory.ts';
export { remember } from './remember.ts';
export { writeWhole } from './write-whole.ts';
