import assert from 'node:assert/strict';
import {
  asLogFilter,
  isFiltering,
  MAX_CHIPS_OF_A_KIND,
  NO_FILTER,
  regexFault,
  toggled,
  withChip,
  withoutChip,
  type FilterChip,
} from '../../../../webview/logs/filterChips';

const chip = (kind: FilterChip['kind'], text: string, more: Partial<FilterChip> = {}): FilterChip => ({
  kind,
  text,
  isRegex: false,
  isCaseSensitive: false,
  ...more,
});

const STREAMS = [
  { pod: 'web-0', container: 'app' },
  { pod: 'web-1', container: 'app' },
];

describe('filter chips', () => {
  it('become what the host is asked', () => {
    const filter = [
      chip('include', 'error'),
      chip('exclude', 'health.*', { isRegex: true }),
      chip('include', 'WARN', { isCaseSensitive: true }),
    ].reduce(withChip, NO_FILTER);
    assert.deepEqual(asLogFilter({ ...filter, level: 'warning', hiddenPods: ['web-1', 'gone'] }, STREAMS), {
      include: [{ text: 'error' }, { text: 'WARN', isCaseSensitive: true }],
      exclude: [{ text: 'health.*', isRegex: true }],
      level: 'warning',
      pods: ['web-0'],
    });
    assert.deepEqual(asLogFilter(NO_FILTER, STREAMS), {});
    assert.equal(isFiltering(NO_FILTER), false);
    assert.equal(isFiltering(filter), true);
  });

  it('stand once, and go again', () => {
    const one = withChip(NO_FILTER, chip('include', 'a'));
    assert.equal(withChip(one, chip('include', 'a')), one);
    assert.equal(withChip(one, chip('exclude', 'a')).chips.length, 2);
    assert.deepEqual(withoutChip(one, chip('include', 'a')).chips, []);
  });

  it('are never more than the host takes', () => {
    const chips = Array.from({ length: 30 }, (_, place) => chip('include', `t${place}`));
    assert.equal(asLogFilter({ ...NO_FILTER, chips }, []).include?.length, MAX_CHIPS_OF_A_KIND);
  });

  it('let pods through that appear after others were hidden', () => {
    const chosen = { ...NO_FILTER, hiddenPods: toggled([], 'web-1'), hiddenContainers: ['proxy'] };
    assert.deepEqual(asLogFilter(chosen, STREAMS).pods, ['web-0']);
    const later = [...STREAMS, { pod: 'web-2', container: 'app' }, { pod: 'web-2', container: 'proxy' }];
    assert.deepEqual(asLogFilter(chosen, later), { pods: ['web-0', 'web-2'], containers: ['app'] });
    assert.deepEqual(asLogFilter({ ...NO_FILTER, hiddenPods: ['gone'] }, STREAMS), {});
    assert.deepEqual(toggled(['a', 'b'], 'a'), ['b']);
  });

  it('say why a text is no regular expression', () => {
    assert.match(regexFault('a(b') ?? '', /group/i);
    assert.equal(regexFault('(a+)+$'), undefined);
  });
});
