package dev.kindstead.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Rules that no single setting can check by itself. Pure. */
final class ConfigurationRules {
  private ConfigurationRules() {}

  /** Refuses a configuration that would be unsafe, or that contradicts itself. */
  static void check(Configuration configuration) {
    checkTls(configuration);
    checkNodes(configuration);
    if (configuration.profile() == Profile.START
        && configuration.get(Setting.FSYNC).equals("relaxed")) {
      throw refusal(
          "fsync: relaxed is for \"kindstead dev\" only; \"kindstead start\" acknowledges nothing"
              + " that is not on disk");
    }
  }

  private static void checkTls(Configuration configuration) {
    Optional<Path> certificate = configuration.find(Setting.TLS_CERTIFICATE);
    Optional<Path> key = configuration.find(Setting.TLS_KEY);
    if (certificate.isPresent() != key.isPresent()) {
      throw refusal("--tls-certificate and --tls-key belong together: give both or neither");
    }
    ListenAddress listen = configuration.get(Setting.LISTEN);
    if (certificate.isEmpty() && !configuration.get(Setting.INSECURE) && !listen.isLoopback()) {
      throw refusal(
          """
          refusing to listen on %s: other machines could read and write everything.
            Encrypt it:            --tls-certificate FILE --tls-key FILE
            Keep it to yourself:   --listen localhost:%d
            Accept the danger:     --insecure\
          """
              .formatted(listen, listen.port()));
    }
  }

  private static void checkNodes(Configuration configuration) {
    if (configuration.profile() == Profile.DEV) {
      if (configuration.find(Setting.JOIN).isPresent()) {
        throw refusal("--join is for \"kindstead start\"");
      }
      return;
    }
    List<Optional<Path>> files =
        List.of(
            configuration.find(Setting.NODE_TLS_AUTHORITY),
            configuration.find(Setting.NODE_TLS_CERTIFICATE),
            configuration.find(Setting.NODE_TLS_KEY));
    long given = files.stream().filter(Optional::isPresent).count();
    if (given != 0 && given != files.size()) {
      throw refusal(
          "--node-tls-authority, --node-tls-certificate and --node-tls-key belong together");
    }
    ListenAddress listen = configuration.get(Setting.NODE_LISTEN);
    if (listen.port() != 0 && listen.equals(configuration.get(Setting.LISTEN))) {
      throw refusal(
          "--listen and --node-listen are both %s: they need an address each".formatted(listen));
    }
    checkReachable(configuration, listen);
    if (given == 0 && !configuration.get(Setting.INSECURE) && !listen.isLoopback()) {
      throw refusal(
          """
          refusing to listen for nodes on %s: other machines could join and read everything.
            Make certificates:     kindstead cert create --help
            and give each node:    --node-tls-authority, --node-tls-certificate, --node-tls-key
            Accept the danger:     --insecure\
          """
              .formatted(listen));
    }
  }

  /** Nodes elsewhere that can't dial this one would wait for it, and it for them, for ever. */
  private static void checkReachable(Configuration configuration, ListenAddress listen) {
    if (!listen.isLoopback() || configuration.find(Setting.NODE_ADVERTISE).isPresent()) {
      return;
    }
    for (ListenAddress node : configuration.find(Setting.JOIN).orElse(List.of())) {
      if (!node.isLoopback()) {
        throw refusal(
            """
            --join names %s, but this node listens for others on %s, which only this machine reaches.
              Listen where they reach it:   --node-listen HOST:%d
              Or say where that is:         --node-advertise HOST:PORT\
            """
                .formatted(node, listen, listen.port()));
      }
    }
  }

  private static Refusal refusal(String message) {
    return new Refusal(ExitCode.USAGE, message);
  }
}
