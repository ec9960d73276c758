// Seals a record so that only the server can open it: JWE, ECDH-ES, A256GCM.
import { CompactEncrypt, importJWK } from "../../vendor/jose/jose.js";

const keys = new Map();

function publicKey(jwk) {
  if (!keys.has(jwk.kid)) keys.set(jwk.kid, importJWK(jwk, "ECDH-ES"));
  return keys.get(jwk.kid);
}

/** Reads the key before the first record needs it. */
export const prepareKey = publicKey;

export async function seal(content, jwk) {
  const bytes = new TextEncoder().encode(JSON.stringify(content));
  return new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: "ECDH-ES", enc: "A256GCM", kid: jwk.kid })
    .encrypt(await publicKey(jwk));
}
