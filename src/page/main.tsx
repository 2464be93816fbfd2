import { render } from 'preact';
import { createPage, PageContext } from './state/page.ts';
import { App } from './view/shell/app.tsx';

/** The token that `sqlq serve` prints comes in the address, and leaves it at once. */
function takeToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token !== null) {
    history.replaceState(null, '', location.pathname);
  }
  return token;
}

const root = document.getElementById('page');
if (root !== null) {
  const page = createPage(document.documentElement, navigator.languages);
  void page.session.begin(takeToken());
  render(
    <PageContext.Provider value={page}>
      <App />
    </PageContext.Provider>,
    root,
  );
}
