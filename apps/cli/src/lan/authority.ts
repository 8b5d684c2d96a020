import "reflect-metadata"; // the certificate library's container asks for it before it is loaded
import { randomBytes, webcrypto } from "node:crypto";
import { readFileSync, existsSync } from "node:fs";
import path from "node:path";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  NameConstraints,
  id_ce_nameConstraints,
} from "@peculiar/asn1-x509";
import * as x509 from "@peculiar/x509";
import { writeSecretly } from "../folder/secretFile.ts";

x509.cryptoProvider.set(webcrypto);

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 86_400_000;
/** Phones refuse leaf certificates of more than 398 (Chrome) or 825 days (iOS). */
const leafDays = 397;
const authorityDays = 3_650;

export interface LocalTls {
  readonly cert: string;
  readonly key: string;
  /** Root certificate for phones, DER. */
  readonly authority: Uint8Array;
  /** SHA-256 of the root, as phones show it: AB:CD:… */
  readonly fingerprint: string;
}

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly keys: CryptoKeyPair;
}
type CryptoKeyPair = webcrypto.CryptoKeyPair;

/** Whoever steals the root can forge local addresses at most, never a site on the Internet. */
const onlyLocal = (): x509.Extension => {
  const addresses = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "127.0.0.0/8",
  ].map((iPAddress) => new GeneralName({ iPAddress }));
  const names = ["local", "localhost"].map((dNSName) => new GeneralName({ dNSName }));
  const permitted = [...addresses, ...names].map((base) => new GeneralSubtree({ base }));
  const value = new NameConstraints({ permittedSubtrees: new GeneralSubtrees(permitted) });
  return new x509.Extension(id_ce_nameConstraints, true, AsnConvert.serialize(value));
};

const serial = (): string => `00${randomBytes(15).toString("hex")}`;
const makeKeys = (): Promise<CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);

const exportKey = async (key: webcrypto.CryptoKey): Promise<string> =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");

const importKeys = async (
  pem: string,
  certificate: x509.X509Certificate,
): Promise<CryptoKeyPair> => {
  const privateKey = await webcrypto.subtle.importKey(
    "pkcs8",
    x509.PemConverter.decodeFirst(pem),
    algorithm,
    true,
    ["sign"],
  );
  const publicKey = await webcrypto.subtle.importKey(
    "spki",
    certificate.publicKey.rawData,
    algorithm,
    true,
    ["verify"],
  );
  return { privateKey, publicKey };
};

const makeAuthority = async (nowMs: number, name: string): Promise<Authority> => {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=Lien Tuyen (${name})`,
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(nowMs + authorityDays * dayMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      onlyLocal(),
    ],
  });
  return { certificate, keys };
};

const loadAuthority = async (folder: string, nowMs: number, name: string): Promise<Authority> => {
  const certFile = path.join(folder, "authority.crt");
  const keyFile = path.join(folder, "authority.key");
  if (existsSync(certFile) && existsSync(keyFile)) {
    const certificate = new x509.X509Certificate(readFileSync(certFile, "utf8"));
    return { certificate, keys: await importKeys(readFileSync(keyFile, "utf8"), certificate) };
  }
  const made = await makeAuthority(nowMs, name);
  writeSecretly(keyFile, await exportKey(made.keys.privateKey));
  writeSecretly(certFile, made.certificate.toString("pem"));
  return made;
};

const makeLeaf = async (
  authority: Authority,
  nowMs: number,
  addresses: readonly string[],
  names: readonly string[],
): Promise<Pick<LocalTls, "cert" | "key">> => {
  const keys = await makeKeys();
  const alternative = [
    ...names.map((value) => ({ type: "dns", value }) as const),
    ...addresses.map((value) => ({ type: "ip", value }) as const),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=${names[0] ?? "localhost"}`,
    issuer: authority.certificate.subject,
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(nowMs + leafDays * dayMs),
    signingKey: authority.keys.privateKey,
    publicKey: keys.publicKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(alternative),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate),
    ],
  });
  return { cert: certificate.toString("pem"), key: await exportKey(keys.privateKey) };
};

/**
 * A certificate for these local addresses, under this installation's own root, which is made once and
 * kept in `folder`. The certificate itself lives in memory and is made at each start: addresses change.
 */
export const makeLocalTls = async (options: {
  readonly folder: string;
  readonly nowMs: number;
  readonly addresses: readonly string[];
  readonly names: readonly string[];
}): Promise<LocalTls> => {
  const authority = await loadAuthority(options.folder, options.nowMs, options.names[0] ?? "");
  const leaf = await makeLeaf(authority, options.nowMs, options.addresses, options.names);
  const print = new Uint8Array(await authority.certificate.getThumbprint("SHA-256"));
  const fingerprint = [...print]
    .map((byte) => byte.toString(16).padStart(2, "0").toUpperCase())
    .join(":");
  return { ...leaf, authority: new Uint8Array(authority.certificate.rawData), fingerprint };
};
