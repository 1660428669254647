/** A pointer to an earlier name: RFC 1035, section 4.1.4. */
const POINTER = 0xc0;
const LABEL_BYTES_MAX = 63;
const NAME_BYTES_MAX = 253;
const DOMAINS_MAX = 16;

const NAME = /^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/;

/** Whether a text may stand in a resolv.conf(5): a server's text must not become lines of its own. */
export function isDomainName(text: string): boolean {
  return text.length <= NAME_BYTES_MAX && NAME.test(text) && text.split('.').every(fitsLabel);
}

function fitsLabel(label: string): boolean {
  return label.length <= LABEL_BYTES_MAX;
}

/**
 * Option 119 (RFC 3397): names as DNS writes them, one behind the other; pointers count from the beginning of the option.
 * What is broken ends the list, a name that is no host's is left out, as are those beyond 16.
 */
export function decodeDomainSearch(bytes: Buffer): string[] {
  const domains: string[] = [];
  for (let at = 0; at < bytes.length && domains.length < DOMAINS_MAX; ) {
    const read = readName(bytes, at);
    if (read === undefined) break;
    if (isDomainName(read.name)) domains.push(read.name);
    at = read.next;
  }
  return domains;
}

interface ReadName {
  readonly name: string;
  /** Where the next name begins. */
  readonly next: number;
}

function readName(bytes: Buffer, start: number): ReadName | undefined {
  const labels: string[] = [];
  let next: number | undefined;
  let nameBytes = 0;
  for (let at = start; ; ) {
    const length = bytes[at];
    if (length === undefined) return undefined;
    if (length === 0) return { name: labels.join('.'), next: next ?? at + 1 };
    if ((length & POINTER) === POINTER) {
      const low = bytes[at + 1];
      const target = low === undefined ? at : ((length & ~POINTER) << 8) | low;
      // Only backwards, so that no chain of pointers is a circle.
      if (target >= at) return undefined;
      next ??= at + 2;
      at = target;
      // Each jump counts, so that a chain of them ends as well.
      nameBytes += 1;
    } else {
      if (length > LABEL_BYTES_MAX || at + 1 + length > bytes.length) return undefined;
      labels.push(bytes.toString('latin1', at + 1, at + 1 + length));
      nameBytes += 1 + length;
      at += 1 + length;
    }
    if (nameBytes > NAME_BYTES_MAX + 1) return undefined;
  }
}
