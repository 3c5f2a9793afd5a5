package dev.kindstead.protocol;

import java.io.File;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where and how the front door listens.
 *
 * @param addresses at least one; port 0 takes a free one
 * @param tls null for plain text
 * @param development null where /reset and /shutdown must not exist
 */
public record FrontDoorOptions(
    List<InetSocketAddress> addresses,
    @Nullable Tls tls,
    Limits limits,
    TransportLimits transport,
    @Nullable Development development) {
  public FrontDoorOptions {
    addresses = List.copyOf(addresses);
  }

  /** PEM files: a certificate chain and its private key (PKCS#8). */
  public record Tls(File certificate, File key) {}

  /**
   * What Google's emulators offer to tests.
   *
   * @param reset forgets all entities
   * @param shutdown ends the process; called after the answer is on its way
   * @param localName the host listened on, where that is this machine only and requests by a public
   *     name are refused; null where any name may be used
   */
  public record Development(
      Supplier<CompletableFuture<Void>> reset, Runnable shutdown, @Nullable String localName) {}
}
