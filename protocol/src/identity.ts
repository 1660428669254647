/** Whose rights a command gets: those of the host's user, or those of root in the guest. */
export type Identity = 'user' | 'root';

/**
 * Header of a gRPC call that says whose server it was made on, where one HTTP/2 session serves both. Set by the
 * supervisor, which drops whatever a client sent under that name.
 */
export const IDENTITY_HEADER = 'muvm-identity';

/** Header of a gRPC call with the host's time when it was sent on, in milliseconds since 1970. Set by the supervisor too. */
export const HOST_TIME_HEADER = 'muvm-host-time';
