import type { View } from '../../src/protocol/messages';

/** What a log panel is to show. */
export type LogsView = Extract<View, { type: 'logs' }>;
