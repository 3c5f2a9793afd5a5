package dev.kindstead.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.Future;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PEM files by which the nodes of a cluster know each other: both ends show a certificate of
 * the cluster's authority, and no name in it is compared.
 *
 * @param authority the authority's certificate
 * @param certificate this node's, signed by the authority
 * @param key the certificate's private key, PKCS#8, unencrypted
 */
public record NodeTls(Path authority, Path certificate, Path key) {
  private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);
  private static final String VERSION = "TLSv1.3";

  /** In either direction; TLS 1.3 needs two. */
  private static final int HANDSHAKE_FLIGHTS_MAX = 8;

  /**
   * Has two ends that use these files shake hands in memory, so that a key of another certificate,
   * or a certificate of another authority, is found before the first node is called. One that is
   * out of date is only told of: the clock may be what is wrong, and set right a little later, and
   * a node that is alone needs no certificate to serve.
   *
   * @throws IllegalArgumentException says what does not fit
   */
  public void check() {
    var accepting = new EmbeddedChannel(accepting().newHandler(ByteBufAllocator.DEFAULT));
    var dialling = new EmbeddedChannel(dialling().newHandler(ByteBufAllocator.DEFAULT));
    try {
      for (int i = 0; i < HANDSHAKE_FLIGHTS_MAX; i++) {
        move(dialling, accepting);
        move(accepting, dialling);
      }
      demandShaken(accepting);
      demandShaken(dialling);
    } catch (DecoderException unfit) {
      if (TlsMisfit.of(unfit) != TlsMisfit.TIME) {
        throw refusal(unfit);
      }
      LOG.warn(
          "by the clock of this node {} or {} is out of date, so no other node will talk to it",
          certificate,
          authority,
          unfit);
    } finally {
      accepting.finishAndReleaseAll();
      dialling.finishAndReleaseAll();
    }
  }

  private static void move(EmbeddedChannel from, EmbeddedChannel to) {
    for (Object sent = from.readOutbound(); sent != null; sent = from.readOutbound()) {
      to.writeInbound(sent);
    }
  }

  private static void demandShaken(EmbeddedChannel end) {
    Future<Channel> handshake = end.pipeline().get(SslHandler.class).handshakeFuture();
    if (!handshake.isSuccess()) {
      throw handshake.cause() == null
          ? new DecoderException("no handshake is possible")
          : new DecoderException(handshake.cause());
    }
  }

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
      throw refusal(e);
    }
  }

  private IllegalArgumentException refusal(Throwable why) {
    String reason =
        switch (TlsMisfit.of(why)) {
          case KEY -> "%s is not the key of %s".formatted(key, certificate);
          case AUTHORITY -> "%s did not sign %s".formatted(authority, certificate);
          case TIME, OTHER ->
              "%s, %s and %s don't make TLS between nodes: %s"
                  .formatted(authority, certificate, key, why.getMessage());
        };
    return new IllegalArgumentException(reason, why);
  }
}
