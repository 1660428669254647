/** The engine where descriptors can cross: which of them belong to which message, and what is said in other words. */
export { CrossDomainReplies, type Delivery } from './replies.ts';
export { CrossDomainRequests, type Step } from './requests.ts';
export type { Effect } from './rules.ts';
