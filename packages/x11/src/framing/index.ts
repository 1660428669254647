/** Where messages begin and end, in both directions. What is done with them is the caller's policy. */
export { type Piece, ReplyFraming, type ReplyPolicy } from './reply-framing.ts';
export { type Request, RequestFraming, type RequestPolicy } from './request-framing.ts';
