/** True where `decodeURIComponent` takes the text: drivers decode what stands in a URL, and throw with it in the message. */
export function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
