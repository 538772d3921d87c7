import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Page } from './page';
import { PageApp } from './PageApp';
import './page.css';

/** Entry of the page that a hub serves. */
const root = document.getElementById('root');
if (root === null) {
  throw new Error('the page has no element with the id root');
}
const page = new Page();
createRoot(root).render(
  <StrictMode>
    <PageApp page={page} />
  </StrictMode>,
);
page.start();
