import type { DetailedHTMLProps, HTMLAttributes } from 'react';

type Element<Properties> = DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> & Properties;

/** The custom elements in use, with those of their properties that are set here. Each view's entry registers its own. */
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': Element<{ readonly secondary?: boolean; readonly icon?: never }>;
      'vscode-single-select': Element<{
        readonly value?: string;
        readonly label?: string;
        readonly onchange?: (event: Event) => void;
      }>;
      'vscode-option': Element<{
        readonly value: string;
        readonly selected?: boolean;
        readonly description?: string;
      }>;
    }
  }
}
