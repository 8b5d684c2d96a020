import { createServer, type Server, type ServerResponse } from "node:http";
import QRCode from "qrcode";
import { trustPage as words } from "../words.ts";
import type { LocalTls } from "./authority.ts";

export interface TrustPage {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const paragraph = (text: string): string => `<p>${escape(text)}</p>`;

const page = (
  pageUrl: string,
  appUrl: string,
  fingerprint: string,
  qr: string,
): string => `<!doctype html>
<html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(words.title)}</title><link rel="stylesheet" href="/trust/page.css">
<main><h1>${escape(words.title)}</h1>${paragraph(words.why)}
<p><a href="/trust/lientuyen-ca.crt">${escape(words.download)}</a></p>
${[words.android, words.iphone, words.computer, words.compare].map(paragraph).join("\n")}
<p><code>${fingerprint}</code></p><p><a href="${escape(appUrl)}">${escape(words.open)}: ${escape(appUrl)}</a></p>
<figure>${qr}<figcaption>${escape(words.scan)} ${escape(pageUrl)}</figcaption></figure>
<p lang="en">${escape(words.english)}</p></main></html>`;

const css = `:root{color-scheme:light dark;font:18px/1.5 system-ui,sans-serif}main{max-width:40rem;margin:auto;padding:1rem}
a{display:inline-block;padding:.7rem 0;min-height:1.5rem}code{word-break:break-all}figure{margin:1rem 0}svg{width:14rem;max-width:100%;background:#fff}`;

const send = (response: ServerResponse, type: string, body: string | Uint8Array): void => {
  response.writeHead(200, {
    "content-type": type,
    "content-security-policy":
      "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
  response.end(body);
};

const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(address === null || typeof address === "string" ? port : address.port);
    });
  });

/** The next port above the app's that is free; this page is plain http, since nothing is trusted yet. */
const listenNear = async (server: Server, host: string, first: number): Promise<number> => {
  for (let port = first; port < first + 20; port += 1) {
    const taken = await listen(server, host, port).catch(() => undefined);
    if (taken !== undefined) return taken;
  }
  return listen(server, host, 0);
};

export const serveTrustPage = async (options: {
  readonly host: string;
  readonly address: string;
  readonly appUrl: string;
  readonly appPort: number;
  readonly tls: LocalTls;
}): Promise<TrustPage> => {
  let html = "";
  const server = createServer((request, response) => {
    if (request.url === "/trust/lientuyen-ca.crt")
      return send(response, "application/x-x509-ca-cert", options.tls.authority);
    if (request.url === "/trust/page.css") return send(response, "text/css; charset=utf-8", css);
    if (request.url === "/trust" || request.url === "/")
      return send(response, "text/html; charset=utf-8", html);
    response.writeHead(404).end();
  });
  const port = await listenNear(server, options.host, options.appPort + 1);
  const url = `http://${options.address}:${port}/trust`;
  html = page(
    url,
    options.appUrl,
    options.tls.fingerprint,
    await QRCode.toString(url, { type: "svg", margin: 2 }),
  );
  return { url, close: () => new Promise((done) => void server.close(() => done())) };
};

/** The same code for the terminal, where two rows of it are one line: the margin has to be even. */
export const terminalQr = (url: string): Promise<string> =>
  QRCode.toString(url, { type: "utf8", margin: 2 });
