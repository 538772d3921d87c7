import assert from 'node:assert/strict';
import { parseRoute, routeHref, type Route } from '../../../../webview/page/route';

const ROOTS = ['http://127.0.0.1:8787/', 'https://hub.example/below/'] as const;

function parsed(root: string, href: string): Route {
  return parseRoute(new URL(href, root), root);
}

describe('the addresses of the page', () => {
  const routes: readonly Exclude<Route, { type: 'nowhere' }>[] = [
    { type: 'fleet', filter: '', sort: undefined },
    { type: 'fleet', filter: 'env:production a&b=c ü', sort: { column: 'alerts', isDescending: true } },
    { type: 'detail', source: 'a1b2', name: 'eu.west-1' },
    { type: 'detail', source: 'a/b', name: '%41 ?#' },
    { type: 'logs', source: 's', name: 'eu', addon: undefined },
    { type: 'logs', source: 's', name: 'eu', addon: '../ingress nginx?' },
  ];
  for (const root of ROOTS) {
    for (const route of routes) {
      it(`say where they lead, below ${root}: ${JSON.stringify(route)}`, () => {
        const href = routeHref(route);
        assert.ok(href !== undefined);
        assert.deepEqual(parsed(root, href), route);
      });
    }
  }

  it('that are not of the page lead nowhere', () => {
    for (const href of [
      'other',
      'clusters',
      'clusters/s',
      'clusters/s/',
      'clusters//eu',
      'clusters/s/eu/',
      'clusters/s/eu/other',
      'clusters/s/eu/logs/more',
      'clusters/s/%zz',
      'assets/page.js',
      'https://elsewhere.example/clusters/s/eu',
    ]) {
      assert.deepEqual(parsed(ROOTS[1], href), { type: 'nowhere' }, href);
    }
    assert.deepEqual(parsed(ROOTS[1], '/clusters/s/eu'), { type: 'nowhere' });
  });

  it('have no place for a name that would be another path', () => {
    for (const name of ['', '.', '..']) {
      assert.equal(routeHref({ type: 'detail', source: 's', name }), undefined);
      assert.equal(routeHref({ type: 'logs', source: 's', name, addon: 'a' }), undefined);
    }
  });

  it('that name a column which is none are in the usual order', () => {
    const route = parsed(ROOTS[0], './?sort=-nonsense');
    assert.deepEqual(route, { type: 'fleet', filter: '', sort: undefined });
  });
});
