import type { Informer } from '../../../src/informer/informer';

/** Starts an informer and resolves once it is live; rejects when it gives up. */
export function untilLive(informer: Informer): Promise<void> {
  return new Promise((resolve, reject) => {
    const following = informer.onStateChanged((state) => {
      if (state.type === 'live') {
        following.dispose();
        resolve();
      } else if ('problem' in state) {
        following.dispose();
        reject(new Error(`${state.type}: ${state.problem.code}: ${state.problem.detail}`));
      }
    });
    informer.start();
  });
}
