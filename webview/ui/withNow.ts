import type { ReactNode } from 'react';

/**
 * Renders with the time, in wall milliseconds, and again as it passes. Components that tell ages take one, so that they know
 * of no clock: a view that lives gives one that ticks, a picture one that stands.
 */
export type WithNow = (render: (now: number) => ReactNode) => ReactNode;
