package dev.kindstead.server;

import dev.kindstead.cli.Configuration;
import dev.kindstead.cli.ListenAddress;
import dev.kindstead.cli.Profile;
import dev.kindstead.cli.Setting;
import dev.kindstead.placement.LeaderPlacement;
import dev.kindstead.placement.RoutePolicy;
import dev.kindstead.transport.NodeTls;
import dev.kindstead.transport.TransportOptions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a node finds the others, and they find it. Immutable.
 *
 * @param join addresses of nodes; empty for a node that begins alone
 * @param transport where this one listens for them
 * @param routePolicy for what several nodes can do
 * @param leaders where the leaders of shards belong
 * @param replaceAfter how long one with a vote may not answer before another takes its place
 */
record ClusterOptions(
    List<String> join,
    TransportOptions transport,
    Duration replaceAfter,
    RoutePolicy routePolicy,
    LeaderPlacement.Policy leaders) {

  /** Empty for a development node, which stays alone. */
  static Optional<ClusterOptions> of(Configuration configuration) {
    if (configuration.profile() == Profile.DEV) {
      return Optional.empty();
    }
    List<String> join =
        configuration
            .find(Setting.JOIN)
            .map(nodes -> nodes.stream().map(ListenAddress::toString).toList())
            .orElse(List.of());
    return Optional.of(
        new ClusterOptions(
            join,
            transport(configuration),
            configuration.get(Setting.REPLACE_AFTER),
            RoutePolicy.valueOf(nameOf(configuration.get(Setting.ROUTE_POLICY))),
            LeaderPlacement.Policy.valueOf(nameOf(configuration.get(Setting.LEADERS)))));
  }

  private static String nameOf(String choice) {
    return choice.toUpperCase(Locale.ROOT).replace('-', '_');
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
