declare const __MUVM_VERSION__: string | undefined;

/** As the build wrote it in. */
export const VERSION = typeof __MUVM_VERSION__ === 'undefined' ? 'unbuilt' : __MUVM_VERSION__;
