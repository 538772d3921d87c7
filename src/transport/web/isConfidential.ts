const ENCRYPTED: ReadonlySet<string> = new Set(['wss:', 'https:']);

/** Whether a secret may be sent there: encrypted, or without leaving this machine. Anything that is no URL is not. */
export function isConfidential(url: string): boolean {
  if (!URL.canParse(url)) {
    return false;
  }
  const { protocol, hostname } = new URL(url);
  return ENCRYPTED.has(protocol) || isLoopback(hostname);
}

/** The name and the addresses of the machine itself. Names below `localhost` are none: outside browsers a resolver may ask the network for them. */
function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}
