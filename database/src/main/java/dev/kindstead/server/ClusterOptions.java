package dev.kindstead.server;

import dev.kindstead.cli.Configuration;
import dev.kindstead.cli.ListenAddress;
import dev.kindstead.cli.Setting;
import dev.kindstead.transport.NodeTls;
import dev.kindstead.transport.TransportOptions;
import java.util.List;
import java.util.Optional;

/**
 * How a node finds the others. Immutable.
 *
 * @param join addresses of nodes
 * @param transport where this one listens for them
 */
record ClusterOptions(List<String> join, TransportOptions transport) {

  /** Empty for a node alone. */
  static Optional<ClusterOptions> of(Configuration configuration) {
    return configuration
        .find(Setting.JOIN)
        .map(join ->
            new ClusterOptions(
                join.stream().map(ListenAddress::toString).toList(), transport(configuration)));
  }

  private static TransportOptions transport(Configuration configuration) {
    var transport = TransportOptions.of(configuration.get(Setting.NODE_LISTEN).toString());
    var advertised = configuration.find(Setting.NODE_ADVERTISE);
    if (advertised.isPresent()) {
      transport = transport.withAdvertised(advertised.get().toString());
    }
    var authority = configuration.find(Setting.NODE_TLS_AUTHORITY);
    return authority.isEmpty()
        ? transport
        : transport.withTls(
            new NodeTls(
                authority.get(),
                configuration.get(Setting.NODE_TLS_CERTIFICATE),
                configuration.get(Setting.NODE_TLS_KEY)));
  }
}
