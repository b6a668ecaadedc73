import { formatPrefix, networkPrefix, parsePrefix } from '../../net/prefix.ts';

type AddressForm = 'address' | 'interface' | 'network' | 'destination';
type AddressExplanation = { readonly message: string; readonly hint: string | null };

/** Whether a text was meant as an address rather than as a name: names begin with a letter and have one colon at most. */
export function looksLikeAddress(text: string): boolean {
  return /^[0-9[:]/.test(text) || text.includes('/') || text.includes('%') || text.split(':').length > 2;
}

/** Why a text is not the address, or network, that is wanted. */
export function explainAddressError(text: string, wanted: AddressForm): AddressExplanation {
  const shown = quoteText(text);
  if (text === '') return { message: 'an address is empty', hint: EXAMPLES[wanted] };
  if (text.includes('%')) {
    return { message: `${shown} has a zone`, hint: `write ${text.split(/[%/]/)[0]}, and the interface as dev` };
  }
  const [address = '', length, ...rest] = text.split('/');
  if (rest.length === 0 && length !== undefined && wanted === 'address' && parsePrefix(text)) {
    return { message: `${shown} has a prefix length where an address alone is wanted`, hint: `write ${address}` };
  }
  if (length === undefined && wanted === 'network' && parsePrefix(`${text}/32`)) {
    return {
      message: `${shown} is an address, not a network`,
      hint: `write the network with its length, such as ${text}/24`,
    };
  }
  if (length === undefined && wanted === 'network' && parsePrefix(`${text}/128`)) {
    return {
      message: `${shown} is an address, not a network`,
      hint: `write the network with its length, such as ${text}/64`,
    };
  }
  const four = ipv4Problem(address);
  if (four)
    return { message: `${shown} is not an address: ${four}`, hint: nearAddressHint(text, wanted) ?? EXAMPLES[wanted] };
  if (length !== undefined && (parsePrefix(`${address}/32`) || parsePrefix(`${address}/128`))) {
    const most = address.includes(':') ? 128 : 32;
    const near = most === 32 ? 24 : 64;
    return {
      message: `${shown} has no valid prefix length`,
      hint: `a length is a number from 0 to ${most}, such as ${address}/${near}`,
    };
  }
  if (address.includes(':') && /\d\.\d/.test(address)) {
    return { message: `${shown} mixes IPv6 and IPv4`, hint: 'write the last 32 bits in hexadecimal' };
  }
  if (/^(?:auto|automatic|dhcp)$/.test(text) && wanted === 'interface') {
    return {
      message: `${shown} is not an address`,
      hint: 'at an interface leave address out: the next free one of the subnet is taken; a bridge needs one that is written',
    };
  }
  return { message: `${shown} is not ${NOUNS[wanted]}`, hint: EXAMPLES[wanted] };
}

const NOUNS: { readonly [wanted in AddressForm]: string } = {
  address: 'an address',
  interface: 'an address',
  network: 'a network',
  destination: 'an address or a network',
};

const EXAMPLES: { readonly [wanted in AddressForm]: string } = {
  address: 'write it as 10.0.0.1 or fd00::1',
  interface: 'write it as 10.0.0.1/24 or fd00::1/64',
  network: 'write it as 10.0.0.0/24 or fd00::/64',
  destination: 'write it as 10.0.0.0/24, 10.0.0.1 or fd00::/64',
};

/** A text in quotes when it would not stand out in a sentence, cut when it is long. */
export function quoteText(text: string): string {
  const cut = text.length > 80 ? `${text.slice(0, 77)}…` : text;
  return /^[\w.:/%[\]-]+$/.test(cut) ? cut : JSON.stringify(cut);
}

/** A valid address that is written almost like a text of four numbers; null: it has another number of them. */
function nearAddressHint(text: string, wanted: AddressForm): string | null {
  const [address = '', length] = text.split('/');
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d+$/.test(part))) return null;
  const near = parts.map((part) => String(Number(part)).slice(0, Number(part) > 255 ? 2 : 3)).join('.');
  if (wanted !== 'network') return `write an address such as ${near}${length === undefined ? '' : `/${length}`}`;
  const prefix = parsePrefix(`${near}/${length ?? 24}`);
  return prefix && `write a network such as ${formatPrefix(networkPrefix(prefix))}`;
}

function ipv4Problem(text: string): string | null {
  if (!/^[0-9a-fx.]+$/i.test(text) || !/^\d/.test(text) || text.includes(':')) return null;
  const parts = text.split('.');
  if (parts.some((part) => /^0x/i.test(part))) return 'it is hexadecimal, but an IPv4 address is four decimal numbers';
  if (!parts.every((part) => /^\d*$/.test(part))) return null;
  if (parts.length !== 4 || parts.includes('')) return 'an IPv4 address is four numbers with dots';
  const zero = parts.find((part) => /^0\d/.test(part));
  if (zero) return `${zero} has a leading zero, which some programs read as octal`;
  const large = parts.find((part) => Number(part) > 255);
  return large ? `${large} is more than 255` : null;
}
