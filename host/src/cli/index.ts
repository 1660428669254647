/** Words: what is typed, what is printed, the terminal and the signals of the user. The only room that prints. */
export { main } from './main.ts';
export { renderCompletion } from './render-completion.ts';
export { renderHelp } from './render-help.ts';
