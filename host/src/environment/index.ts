/** The variables that a command in the guest gets from its caller. The guest adds what only it knows. */
export { checkSize } from './check-size.ts';
export { commandEnvironment, type EnvironmentWishes } from './command-environment.ts';
export { firefoxProfile } from './firefox-profile.ts';
