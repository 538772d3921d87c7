import { QueryClient } from '@tanstack/react-query';

/**
 * A cache that is true until a notification says otherwise: it asks when a view first needs something and when it is
 * told that something changed, never by the clock, by focus or by chance. Failed requests are not repeated here: the
 * host does that where it makes sense, and says when.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        // What no component shows any more is small, and one view's worth: it goes with the view.
        gcTime: Number.POSITIVE_INFINITY,
        retry: false,
        retryOnMount: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // The channel to the host works whatever the browser thinks of the network.
        networkMode: 'always',
      },
    },
  });
}
