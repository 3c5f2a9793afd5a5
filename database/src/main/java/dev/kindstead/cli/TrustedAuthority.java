package dev.kindstead.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority that a command trusts and no other, for servers whose own one Java does not know.
 */
final class TrustedAuthority {
  private TrustedAuthority() {}

  /**
   * What connects to servers whose certificate is in the file, or signed by one that is.
   *
   * @param file PEM, with one certificate or more
   * @throws Refusal when it can't be read
   */
  static SSLContext of(Path file) {
    try {
      KeyStore trusted = certificates(file);
      if (trusted.size() == 0) {
        throw new Refusal(ExitCode.USAGE, file + " has no certificate: it must be a PEM file");
      }
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw CertificateFiles.unreadable(file, e);
    }
  }

  private static KeyStore certificates(Path file) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream pem = Files.newInputStream(file)) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry("authority-" + trusted.size(), each);
      }
    }
    return trusted;
  }
}
