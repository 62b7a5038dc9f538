/** What kept a file from being read, in words for a person. */
export class ReportError extends Error {
  /**
   * @param {'missing' | 'refused' | 'unauthorized' | 'unreachable' | 'broken'} kind
   * @param {string} message
   */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/**
 * @param {number} status
 * @param {string} url
 */
function refusal(status, url) {
  if (status === 401) return new ReportError('unauthorized', 'You are not signed in, or no longer.');
  if (status === 403)
    return new ReportError('refused', `${url} was refused (403): it is not there, or the dashboard may not read it.`);
  if (status === 404) return new ReportError('missing', `${url} is not there (404).`);
  return new ReportError('unreachable', `${url} cannot be had now: the server answered ${status}.`);
}

/**
 * Reads a JSON file by a conditional request: the browser keeps the last copy and asks whether it still holds.
 *
 * @param {string} url
 * @param {{etag?: string, progress?: (bytes: number) => void}} options `etag` of the copy that is already parsed
 * @returns {Promise<{unchanged: boolean, json: any, etag: string, bytes: number} & import('./copies.js').Answered>}
 */
export async function readJSON(url, {etag = '', progress} = {}) {
  const askedAt = Date.now();
  let answer;
  try {
    answer = await fetch(url, {
      cache: 'no-cache',
      headers: {Accept: 'application/json'},
      signal: /** @type {any} */ (AbortSignal).timeout(120_000),
    });
  } catch (error) {
    throw new ReportError(
      'unreachable',
      `The server cannot be reached (${error instanceof Error ? error.message : error}).`,
    );
  }
  if (!answer.ok) {
    await answer.body?.cancel();
    throw refusal(answer.status, url);
  }
  const facts = {etag: answer.headers.get('ETag') ?? '', cache: answer.headers.get('X-Report-Cache') ?? '', askedAt};
  if (etag && facts.etag === etag) {
    await answer.body?.cancel();
    return {...facts, unchanged: true, json: null, bytes: 0};
  }
  const {text, bytes} = await readText(answer, progress);
  try {
    return {...facts, unchanged: false, json: JSON.parse(text), bytes};
  } catch {
    throw new ReportError('broken', `${url} is not JSON: it was cut short, or something else answers in its place.`);
  }
}

/**
 * @param {Response} answer
 * @param {((bytes: number) => void) | undefined} progress
 */
async function readText(answer, progress) {
  const reader = answer.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      bytes += part.value.length;
      text += decoder.decode(part.value, {stream: true});
      progress?.(bytes);
    }
  } catch {
    throw new ReportError('unreachable', 'The connection broke while the file was read.');
  }
  return {text: text + decoder.decode(), bytes};
}
