import * as l10n from '@vscode/l10n';
import { countText } from '../../src/texts/countText';

/** From here on digits tell nobody anything: `7.2 billion` does. */
const COMPACT_FROM = 1e9;

/** And from here on even that is too long: `8.7E21` is not. */
const SCIENTIFIC_FROM = 1e16;

const plain = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const twoDigits = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const scientific = new Intl.NumberFormat(undefined, { notation: 'scientific', maximumFractionDigits: 1 });

/** A whole number of things: "1,320". Values no display has room for are shortened: "1T". */
export function formatCount(count: number): string {
  return Math.abs(count) >= COMPACT_FROM ? formatHuge(count) : plain.format(count);
}

/** A number of cores, as exact as it is useful: "0.25", "7.9", "95". */
export function formatCores(cores: number): string {
  const size = Math.abs(cores);
  if (size >= COMPACT_FROM) {
    return formatHuge(cores);
  }
  if (size >= 100) {
    return plain.format(cores);
  }
  return size >= 1 ? oneDigit.format(cores) : twoDigits.format(cores);
}

/** The same with its unit: "1 core", "7.9 cores". */
export function coresText(cores: number): string {
  const figure = formatCores(cores);
  // What rounds to one reads as one.
  return countText(figure === formatCores(1) ? 1 : cores, l10n.t('1 core'), l10n.t('{0} cores', figure));
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Bytes in the largest unit that leaves at least one of it: "372 GiB", "1.5 TiB". */
export function formatBytes(bytes: number): string {
  const size = Math.abs(bytes);
  const exponent = size < 1 ? 0 : Math.min(Math.floor(Math.log2(size) / 10), BYTE_UNITS.length - 1);
  const value = bytes / 1024 ** exponent;
  const digits = Math.abs(value) >= 10 ? formatCount(value) : oneDigit.format(value);
  return `${digits} ${BYTE_UNITS[exponent] ?? ''}`;
}

function formatHuge(value: number): string {
  return Math.abs(value) >= SCIENTIFIC_FROM ? scientific.format(value) : compact.format(value);
}

/** What stands where nothing is known. */
export function unknownText(): string {
  return l10n.t('unknown');
}
