import { render } from 'preact';
import { createPage, PageContext } from './state/page.ts';
import type { Arrival } from './state/session.ts';
import { App } from './view/shell/app.tsx';

/**
 * The token that `sqlq serve` prints comes in the address, and so does the way back from a provider that let nobody in; both
 * leave it at once. What an address says is never shown: anybody can write one.
 */
function arrive(): Arrival {
  const said = new URLSearchParams(location.hash.slice(1));
  const arrival = { token: said.get('token'), isTurnedBack: said.has('error') };
  if (arrival.token !== null || arrival.isTurnedBack) {
    history.replaceState(null, '', location.pathname);
  }
  return arrival;
}

const root = document.getElementById('page');
if (root !== null) {
  const page = createPage(document.documentElement, navigator.languages);
  void page.session.begin(arrive());
  render(
    <PageContext.Provider value={page}>
      <App />
    </PageContext.Provider>,
    root,
  );
}
