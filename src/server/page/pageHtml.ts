import type { BuiltPage } from './builtPage';

/** The folder of the page's files, below the hub's address. */
export const ASSETS = 'assets';

/**
 * The document that every address of the page answers with. It knows nothing but where its files are: `depth` folders up, so that
 * it works below any path that a proxy puts before it.
 */
export function pageHtml({ script, style, icon }: BuiltPage, depth: number): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<base href="${depth === 0 ? './' : '../'.repeat(depth)}">
<title>ClusterPersona</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<link rel="icon" type="image/svg+xml" href="${ASSETS}/${icon}">
<link rel="stylesheet" href="${ASSETS}/${style}">
<script defer blocking="render" src="${ASSETS}/${script}"></script>
</head>
<body>
<div id="root"></div>
<noscript>This page shows clusters live, and needs JavaScript for that.</noscript>
</body>
</html>
`;
}
