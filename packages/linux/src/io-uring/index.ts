/** io_uring(7), as little of it as is used: requests are handed over and completions taken, and nothing ever waits. */
export { type Completion, OPCODES, Ring, SUBMISSION_FLAGS, type Submission } from './ring.ts';
