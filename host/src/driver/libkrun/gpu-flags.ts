import type { GpuMode } from '../../config/vm-plan.ts';

/** VIRGLRENDERER_* of libkrun.h and virglrenderer.h. */
export const VIRGL_FLAGS = {
  USE_EGL: 1 << 0,
  THREAD_SYNC: 1 << 1,
  USE_GLX: 1 << 2,
  USE_SURFACELESS: 1 << 3,
  USE_GLES: 1 << 4,
  USE_EXTERNAL_BLOB: 1 << 5,
  VENUS: 1 << 6,
  NO_VIRGL: 1 << 7,
  USE_ASYNC_FENCE_CB: 1 << 8,
  RENDER_SERVER: 1 << 9,
  DRM: 1 << 10,
} as const;

const { USE_EGL, THREAD_SYNC, NO_VIRGL, USE_ASYNC_FENCE_CB, VENUS, RENDER_SERVER, DRM } = VIRGL_FLAGS;

const COMMON = USE_EGL | THREAD_SYNC | NO_VIRGL | USE_ASYNC_FENCE_CB;

/**
 * The flags of each mode. None has virgl, which would carry OpenGL calls one by one: the guest's own driver renders.
 */
export const GPU_MODE_FLAGS: Readonly<Record<GpuMode, number>> = {
  drm: COMMON | DRM,
  venus: COMMON | VENUS | RENDER_SERVER,
  software: COMMON,
};
