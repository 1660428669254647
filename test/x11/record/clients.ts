/** The programs that are recorded. */

export interface Client {
  readonly name: string;
  readonly words: readonly string[];
  /** Programs without which it cannot be recorded, beside the first of its words. */
  readonly needs?: readonly string[];
  /** What happens to it meanwhile, by programs that are not recorded. One after the other, with a pause before each. */
  readonly input?: readonly (readonly string[])[];
  /** Further arguments of the server. */
  readonly server?: readonly string[];
  /** When it is ended, where it does not end by itself. */
  readonly endsAfterMs?: number;
  /** How much of it is kept. */
  readonly bytesMax?: number;
}

// Without shared memory pictures come through the stream; without GLX no list of thousands of visuals comes first.
const PICTURES_IN_STREAM = ['-extension', 'MIT-SHM', '-extension', 'GLX'];
const SDL_TESTS = '/usr/libexec/installed-tests/SDL2';
const MOUSE = [
  ['xdotool', 'mousemove', '60', '60'],
  ['xdotool', 'mousemove', '90', '80'],
] as const;

/** More than the server is told to take in one request: it goes in parts (INCR). */
const COPY_AND_PASTE = [
  'seq 1000000 1099999 | tr 0-9 aaabbbcccd | head -c 400000 >/home/user/text',
  'xclip -quiet -selection clipboard -i /home/user/text &',
  'for try in 1 2 3 4 5 6 7 8 9; do sleep 0.3; xclip -o -selection clipboard >/home/user/copy && break; done',
  'cmp /home/user/text /home/user/copy',
].join('\n');

export const CLIENTS: readonly Client[] = [
  { name: 'xdpyinfo', words: ['xdpyinfo', '-ext', 'all'] },
  { name: 'xlsfonts', words: ['xlsfonts', '-l', '-fn', '*-fixed-*'], bytesMax: 100_000 },
  { name: 'xprop', words: ['xprop', '-root'] },
  {
    name: 'xwd',
    words: ['sh', '-c', 'xwd -root >/home/user/picture'],
    needs: ['xwd'],
    server: ['-screen', '0', '120x90x24'],
  },
  {
    name: 'xterm',
    // In Latin 1, as it asks for each of the 50,000 characters of a font otherwise.
    words: [
      'env',
      'LANG=C',
      'xterm',
      '+u8',
      '+lc',
      '-geometry',
      '40x8',
      '-e',
      'sh',
      '-c',
      'printf "Some text\\n"; read -r line; seq 30',
    ],
    needs: ['xterm'],
    input: [...MOUSE, ['xdotool', 'type', 'keys'], ['xdotool', 'key', 'Return']],
  },
  { name: 'xeyes', words: ['xeyes'], input: MOUSE, endsAfterMs: 3000 },
  { name: 'xclock', words: ['xclock', '-update', '1'], endsAfterMs: 3500 },
  {
    name: 'xev',
    words: ['xev'],
    input: [...MOUSE, ['xdotool', 'key', 'a'], ['xdotool', 'click', '1']],
    endsAfterMs: 4000,
  },
  {
    name: 'xinput',
    words: ['xinput', 'test-xi2', '--root'],
    input: [...MOUSE, ['xdotool', 'key', 'a'], ['xdotool', 'click', '1'], ...MOUSE],
    endsAfterMs: 5000,
  },
  {
    name: 'x11perf',
    words: 'x11perf -pause 0 -repeat 1 -reps 8 -noop -dot -rect10 -putimage100 -getimage10 -shmput10 -prop'.split(' '),
    // With one byte for a pixel, as it reads its whole window before it draws pictures.
    server: ['-screen', '0', '800x640x8'],
    endsAfterMs: 20_000,
    bytesMax: 1_500_000,
  },
  { name: 'xclip', words: ['sh', '-c', COPY_AND_PASTE], needs: ['xclip'], server: ['-maxbigreqsize', '1'] },
  { name: 'glxinfo', words: ['glxinfo', '-B'] },
  { name: 'glxgears', words: ['glxgears', '-geometry', '64x48'], endsAfterMs: 2500, bytesMax: 420_000 },
  {
    name: 'gtk3',
    words: ['zenity', '--entry', '--text', 'A word?'],
    input: [...MOUSE, ['xdotool', 'type', 'word'], ['xdotool', 'key', 'Return']],
    endsAfterMs: 9000,
    server: PICTURES_IN_STREAM,
  },
  { name: 'qt5', words: ['featherpad', '--win'], input: MOUSE, endsAfterMs: 7000, server: PICTURES_IN_STREAM },
  {
    name: 'sdl2',
    words: [`${SDL_TESTS}/testdraw2`, '--geometry', '64x48'],
    endsAfterMs: 3000,
    server: PICTURES_IN_STREAM,
    bytesMax: 300_000,
  },
  {
    name: 'firefox',
    words: ['firefox-esr', '--no-remote', '--profile', '/home/user/profile', 'about:license'],
    input: [...MOUSE, ['xdotool', 'key', 'Page_Down']],
    endsAfterMs: 25_000,
    server: PICTURES_IN_STREAM,
    bytesMax: 1_200_000,
  },
];
