import { DisposableStore, toDisposable, type Disposable } from '../../src/base/disposable';
import type { LogFollower } from '../realtime/logFollower';

/** Less than a row: rounding of a zoomed view must not look like scrolling. */
const AT_END_PX = 8;

const KEYS_UPWARD = new Set(['ArrowUp', 'PageUp', 'Home']);

/**
 * Keeps a scroller at its end while its log is followed, and tells the follower when the reader goes up or comes back to
 * the end. Makes the scroller a tab stop. Only what the reader does moves a scroller that does not follow. The scroller must not anchor its content
 * while following (`overflow-anchor: none`), or lines leaving above would pull it off its end.
 */
export class EndKeeper implements Disposable {
  readonly #scroller: HTMLElement;
  readonly #follower: Pick<LogFollower, 'snapshot' | 'subscribe' | 'setFollowing'>;
  readonly #owned = new DisposableStore();
  #lastTop = 0;
  #isDragging = false;
  #wasFollowing = false;

  constructor(
    scroller: HTMLElement,
    content: HTMLElement,
    follower: Pick<LogFollower, 'snapshot' | 'subscribe' | 'setFollowing'>,
  ) {
    this.#scroller = scroller;
    // Keys scroll what has the focus.
    scroller.tabIndex = 0;
    this.#follower = follower;
    this.#owned.add(toDisposable(follower.subscribe(() => this.#followingChanged())));
    // Rows get their true height only when they come into sight, which moves the end as new lines do.
    const observer = new ResizeObserver(() => this.keep());
    observer.observe(content);
    observer.observe(scroller);
    this.#owned.add(toDisposable(() => observer.disconnect()));
    const abort = new AbortController();
    this.#owned.add(toDisposable(() => abort.abort()));
    const options = { signal: abort.signal, passive: true };
    scroller.addEventListener('scroll', () => this.#scrolled(), options);
    // Before the scrolling itself: lines that come in the same frame must not undo it.
    scroller.addEventListener('wheel', ({ deltaY }) => deltaY < 0 && this.#leave(), options);
    scroller.addEventListener(
      'keydown',
      ({ key, shiftKey }) => (KEYS_UPWARD.has(key) || (key === ' ' && shiftKey)) && this.#leave(),
      options,
    );
    scroller.addEventListener('touchmove', () => this.#leave(), options);
    scroller.addEventListener('pointerdown', () => (this.#isDragging = true), options);
    // The end of a drag of the scroll bar is told late or not at all; the next move tells it.
    const released = ({ buttons }: PointerEvent): void => {
      this.#isDragging &&= buttons !== 0;
    };
    scroller.ownerDocument.addEventListener('pointermove', released, options);
    scroller.ownerDocument.addEventListener('pointerup', released, options);
    this.#followingChanged();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  get #isFollowing(): boolean {
    return this.#follower.snapshot().isFollowing;
  }

  #followingChanged(): void {
    if (this.#isFollowing && !this.#wasFollowing) {
      this.keep();
    }
    this.#wasFollowing = this.#isFollowing;
  }

  /** To be called whenever the content was replaced: that its height stayed the same does not mean that its end did. */
  keep(): void {
    if (this.#isFollowing) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
      this.#lastTop = this.#scroller.scrollTop;
    }
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const wentUp = scrollTop < this.#lastTop;
    this.#lastTop = scrollTop;
    // A smooth scroll leaves the end by a pixel or two first: only who comes down to the end has come back to it.
    if (!wentUp && scrollHeight - clientHeight - scrollTop <= AT_END_PX) {
      this.#follower.setFollowing(true);
    } else if (this.#isDragging && wentUp) {
      this.#follower.setFollowing(false);
    } else {
      // Content that shrinks, grows or is replaced moves the scroller too.
      this.keep();
    }
  }

  #leave(): void {
    if (this.#scroller.scrollHeight > this.#scroller.clientHeight) {
      this.#follower.setFollowing(false);
    }
  }
}
