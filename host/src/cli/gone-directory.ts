const { cwd } = process;

/**
 * To be loaded first. yargs asks for the current directory while it loads, and one that was removed would end the program
 * there, where nobody can say so, and where nobody needs it.
 */
process.cwd = () => {
  try {
    return cwd();
  } catch {
    return '/';
  }
};

/** From here on, asking for a directory that is gone fails, as it should. */
export function askForDirectoryInEarnest(): void {
  process.cwd = cwd;
}
