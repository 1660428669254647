/** How long things live: scopes that release in reverse order, and waits that end. */
export { deadline, delay, timedOut } from './deadline.ts';
export { Deferred } from './deferred.ts';
export { inScope, Scope } from './scope.ts';
