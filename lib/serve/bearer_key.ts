import { timingSafeEqual } from "node:crypto";
import { sha256Digest } from "../base/sha256.ts";
import { ApiError } from "./api_error.ts";

/**
 * Checks that a request brings the key. The time of the comparison tells nothing of the key: digests of equal length
 * are compared.
 *
 * @param key the key that clients must bring; `null` where none is needed
 * @throws ApiError 401 where it does not
 */
export function needBearerKey(request: Request, key: string | null): void {
  if (key === null) return;
  const given = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  if (timingSafeEqual(sha256Digest([given]), sha256Digest([key]))) return;
  throw new ApiError(401, "Cannot answer as a request must bring the server's key: send it as a bearer token", {
    type: "authentication_error",
    code: "invalid_api_key",
  });
}
