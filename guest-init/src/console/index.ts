/** The guest's console: the only place where the agent can say something before anybody is connected. */
export { CONSOLE_FD, Console } from './console.ts';
