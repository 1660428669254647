/** The files of /proc/sys that the host has a say in, named from there. */
export const KERNEL_VALUES = ['vm/compact_memory', 'vm/drop_caches', 'vm/watermark_scale_factor'] as const;

export type KernelValue = (typeof KERNEL_VALUES)[number];
