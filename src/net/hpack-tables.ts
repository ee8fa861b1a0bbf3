/** The static table of RFC 7541, appendix A: 61 fields, the first of them at index 1. */
const STATIC_TEXT =
  ':authority|:method=GET|:method=POST|:path=/|:path=/index.html|:scheme=http|:scheme=https|' +
  ':status=200|:status=204|:status=206|:status=304|:status=400|:status=404|:status=500|' +
  'accept-charset|accept-encoding=gzip, deflate|accept-language|accept-ranges|accept|' +
  'access-control-allow-origin|age|allow|authorization|cache-control|content-disposition|' +
  'content-encoding|content-language|content-length|content-location|content-range|' +
  'content-type|cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|' +
  'if-none-match|if-range|if-unmodified-since|last-modified|link|location|max-forwards|' +
  'proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|server|' +
  'set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate'

export const STATIC_COUNT = 61

/** Index 0 stands for nothing. */
export const STATIC_NAMES: readonly string[] = [
  '',
  ...STATIC_TEXT.split('|').map((field) => field.split('=')[0]!),
]
export const STATIC_VALUES: readonly string[] = [
  '',
  ...STATIC_TEXT.split('|').map((field) => field.split('=')[1] ?? ''),
]

/**
 * The lengths in bits of the codes of appendix B, for the bytes 0 to 255 and the end of the string
 * (256). The code is canonical: sorted by length, then by byte, each code is one more than the one
 * before it, so that the lengths are all there is to know.
 */
const HUFFMAN_BITS_TEXT =
  '13 23 28*7 24 30 28 28 30 28*8 30 28*9 6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6 5 5 5 6*7 7 8 ' +
  '15 6 12 10 13 6 7*22 8 7 8 13 19 13 14 6 15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7*5 15 ' +
  '11 14 13 28 20 22 20 20 22*3 23 22 23*5 24 23 24 24 22 23 24 23*4 21 22 23 22 23 23 24 22 21 ' +
  '20 22 22 23 23 21 23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22*3 23 22 22 23 26 26 ' +
  '20 19 22 23 22 25 26*3 27 27 26 24 25 19 21 26 27 27 26 27 24 21 21 26 26 28 27*3 20 24 20 21 ' +
  '22 21 21 23 22 22 25 25 24 24 26 23 26 27 26 26 27*5 28 27*5 26 30'

export const HUFFMAN_BITS: readonly number[] = HUFFMAN_BITS_TEXT.split(' ').flatMap((word) => {
  const [bits, times = 1] = word.split('*').map(Number) as [number, number?]
  return Array<number>(times).fill(bits)
})
