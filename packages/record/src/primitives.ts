/** Bytes over a plain ArrayBuffer, as WebCrypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/**
 * What the record needs of the world, given as arguments so that every rule stays pure:
 * the browser and Node pass WebCrypto (see `webPrimitives` in @lientuyen/sync).
 */
export interface Primitives {
  readonly sha256: (bytes: Bytes) => Promise<Bytes>;
  /** ECDSA P-256/SHA-256, raw r‖s signature (64 bytes); `publicKey` is the uncompressed point (65 bytes). */
  readonly verify: (publicKey: Bytes, signature: Bytes, message: Bytes) => Promise<boolean>;
  readonly encodeUtf8: (text: string) => Bytes;
}

/** A private key that signs; where it lives is the caller's business. */
export interface Signer {
  /** Fingerprint: base64url SHA-256 of the uncompressed public point. */
  readonly key: string;
  readonly sign: (message: Bytes) => Promise<Bytes>;
}
