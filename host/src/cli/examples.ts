/** For `--help` and the man page: a line to type, and what it is for. */
export const EXAMPLES: readonly (readonly [line: string, why: string])[] = [
  ['muvm -- uname -r', 'the kernel inside'],
  ['muvm -ti -- bash', 'a shell'],
  ['muvm -tip 3335 -- bash', 'a shell as root of the guest'],
  ['tar c . | muvm -i -- wc -c', 'standard input passes through'],
  ['muvm --mem 4096 --linger 60 -- make', 'more memory; stays for the next command'],
  ['muvm --stop', 'end it now'],
];
