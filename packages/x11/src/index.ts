/**
 * The X11 protocol as far as a bridge between two machines must know it: where each message begins, which of them cannot
 * cross, and what to put in their place. Pure functions and state over bytes; no sockets.
 *
 * Source: X Window System Protocol, X version 11, release 7, appendix B; "Big Requests Extension"; the headers in xorgproto.
 */
export { type Authority, formatAuthorities, parseAuthorities } from './authority.ts';
export { clientSetup, setupFailure } from './client-setup.ts';
export { Conversation } from './conversation.ts';
export {
  CrossDomainReplies,
  CrossDomainRequests,
  type Delivery,
  type Effect,
  type Step,
} from './cross-domain/index.ts';
export { type Display, parseDisplay } from './display.ts';
export { type ServerFacts, ServerProbe } from './probe.ts';
export { ReplyFilter } from './reply-filter.ts';
export { RequestFilter } from './request-filter.ts';
