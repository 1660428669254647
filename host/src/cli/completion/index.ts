/** Completion scripts for shells, made from the table of settings. Each takes the command behind the options for a command of its own. */
export { renderCompletion } from './render-completion.ts';
