/**
 * The X11 bridge of the guest: joins clients with the X server of the host through the GPU.
 *
 *     muvm-x11        with a listening socket as its standard input
 */
import { bridgeMachine } from '../src/x11/bridge/index.ts';

const LISTENER = 0;

bridgeMachine(LISTENER, (sentence) => process.stderr.write(`x11: ${sentence}\n`));
