/** Extensions that hand over memory by numbers of one machine, and one that names its devices. DRI3 can cross. */
export const HIDDEN = ['MIT-SHM', 'DRI2'] as const;
