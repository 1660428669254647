import { constants } from 'node:fs';
import { type Finding, note, ok } from './check.ts';
import { deviceNodes } from './device-nodes.ts';

/** The devices that events of game controllers, keyboards and mice are read from. */
export function checkInput(eventDirectory = '/dev/input', hidrawDirectory = '/dev'): Finding {
  const events = deviceNodes(eventDirectory, /^event\d+$/, constants.R_OK);
  const hidraws = deviceNodes(hidrawDirectory, /^hidraw\d+$/, constants.R_OK);
  const [eventPattern, hidrawPattern] = [`"${eventDirectory}/event*"`, `"${hidrawDirectory}/hidraw*"`];
  const all = [...events, ...hidraws];
  if (all.length === 0) {
    return note(`There is neither a ${eventPattern} nor a ${hidrawPattern}`, 'Connect a game controller to use one.');
  }
  const readable = (nodes: typeof events) => nodes.filter(({ obstacle }) => obstacle === undefined).length;
  const text = `${readable(events)} of ${events.length} ${eventPattern} and ${readable(hidraws)} of ${hidraws.length} ${hidrawPattern} can be read`;
  if (readable(all) > 0) return ok(text);
  return note(text, 'Log in at the machine itself, or add yourself to the group "input", to use a game controller.');
}
