/**
 * Text that moves no cursor and colours nothing, as what comes from the guest may hold anything. Line feeds and tabs
 * stay, all other control characters become U+FFFD.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, '\u{fffd}');
}
