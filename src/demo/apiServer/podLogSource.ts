import type { KubeObject } from '../../base/kubeObject';

/** One line that a container wrote. */
export interface PodLogLine {
  /** RFC 3339 with nine digits of the second's fraction, as container runtimes write it. */
  readonly time: string;
  /** The same instant in milliseconds since the Unix epoch, cut. */
  readonly timeMs: number;
  readonly text: string;
}

/** Knows what containers write. */
export interface PodLogSource {
  /**
   * The lines written in `fromMs` (inclusive) to `untilMs` (exclusive), oldest first. Equal questions get equal answers;
   * a time that is still to come may be asked for.
   */
  lines(pod: KubeObject, container: string, fromMs: number, untilMs: number): readonly PodLogLine[];
}
