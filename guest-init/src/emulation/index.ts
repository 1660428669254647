/** Programs of other processors: who runs them (binfmt_misc), and the root of images that their libraries are in. */
export { mountForeignRoot } from './mount-foreign-root.ts';
export { registerInterpreters } from './register-interpreters.ts';
