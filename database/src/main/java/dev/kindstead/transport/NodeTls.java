package dev.kindstead.transport;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/**
 * The PEM files by which the nodes of a cluster know each other: both ends show a certificate of
 * the cluster's authority, and no name in it is compared.
 *
 * @param authority the authority's certificate
 * @param certificate this node's, signed by the authority
 * @param key the certificate's private key, PKCS#8, unencrypted
 */
public record NodeTls(Path authority, Path certificate, Path key) {
  private static final String VERSION = "TLSv1.3";

  SslContext accepting() {
    return build(
        SslContextBuilder.forServer(read(certificate), read(key)).clientAuth(ClientAuth.REQUIRE));
  }

  SslContext dialling() {
    return build(
        SslContextBuilder.forClient()
            .keyManager(read(certificate), read(key))
            .endpointIdentificationAlgorithm(null));
  }

  private static File read(Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(file + " is not a file this user can read");
    }
    return file.toFile();
  }

  private SslContext build(SslContextBuilder builder) {
    try {
      return builder
          .trustManager(read(authority))
          .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
          .protocols(VERSION)
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s, %s and %s don't make TLS between nodes: %s"
              .formatted(authority, certificate, key, e.getMessage()),
          e);
    }
  }
}
