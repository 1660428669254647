/** Words: what is typed, what is printed, the terminal and the signals of the user. The only room that prints. */
export { renderCompletion } from './completion/index.ts';
export { main } from './main.ts';
export { renderManual } from './manual/index.ts';
export { renderHelp } from './render-help.ts';
