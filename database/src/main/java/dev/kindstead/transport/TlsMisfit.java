package dev.kindstead.transport;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import org.jspecify.annotations.Nullable;

/**
 * What does not fit when a TLS handshake fails: the libraries say it somewhere down the causes, in
 * words for those who wrote them.
 */
public enum TlsMisfit {
  /** The private key is another certificate's. */
  KEY,
  /** The certificate is another authority's. */
  AUTHORITY,
  /** A certificate has expired, or counts from later on. */
  TIME,
  OTHER;

  /** BoringSSL has no exceptions, but names: KEY_TYPE_MISMATCH, KEY_VALUES_MISMATCH. */
  private static final String OTHER_KEY = "_MISMATCH";

  private static final int CAUSES_MAX = 20;

  public static TlsMisfit of(Throwable failure) {
    TlsMisfit found = OTHER;
    @Nullable Throwable cause = failure;
    for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
      if (cause instanceof CertificateExpiredException
          || cause instanceof CertificateNotYetValidException) {
        return TIME;
      }
      if (cause instanceof CertPathBuilderException
          || cause instanceof CertPathValidatorException) {
        found = AUTHORITY;
      } else if (String.valueOf(cause.getMessage()).contains(OTHER_KEY)) {
        return KEY;
      }
      cause = cause.getCause();
    }
    return found;
  }
}
