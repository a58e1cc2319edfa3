/** A request as it will be sent, for `sign` and transports. */
export interface SignableRequest {
  /** HTTP method. */
  readonly method: string;
  /** Full URL, without user and password. */
  readonly url: string;
  /** Headers by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body; empty if there is none. */
  readonly body: Uint8Array;
}

/** A request for a {@link Transport}. */
export interface TransportRequest extends SignableRequest {
  /** Ends the request. */
  readonly signal: AbortSignal;
}

/** The answer to a {@link TransportRequest}. */
export interface TransportResponse {
  /** HTTP status. */
  readonly status: number;
  /** Headers by their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The beginning of the body; a transport reads at most 64 KiB. */
  readonly body: Uint8Array;
}

/** Sends requests that are complete. */
export interface Transport {
  /**
   * Sends a request to its URL, whose path must not be changed. Does not follow redirects. Resolves with the answer,
   * whatever its status.
   */
  send(request: TransportRequest): Promise<TransportResponse>;
  /** Closes idle connections. */
  close?(): void;
}
