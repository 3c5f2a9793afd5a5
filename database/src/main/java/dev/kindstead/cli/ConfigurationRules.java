package dev.kindstead.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Rules that no single setting can check by itself. Pure. */
final class ConfigurationRules {
  private static final Duration RETENTION_MIN = Duration.ofMinutes(10);
  private static final Duration RETENTION_MAX = Duration.ofDays(7);

  private ConfigurationRules() {}

  /** Refuses a configuration that would be unsafe, or that contradicts itself. */
  static void check(Configuration configuration) {
    checkTls(configuration);
    if (configuration.profile() == Profile.START
        && configuration.get(Setting.FSYNC).equals("relaxed")) {
      throw refusal(
          "fsync: relaxed is for \"kindstead dev\" only; \"kindstead start\" acknowledges nothing"
              + " that is not on disk");
    }
    Duration retention = configuration.get(Setting.HISTORY_RETENTION);
    if (retention.compareTo(RETENTION_MIN) < 0 || retention.compareTo(RETENTION_MAX) > 0) {
      throw refusal("history-retention must lie between 10m and 7d");
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

  private static Refusal refusal(String message) {
    return new Refusal(ExitCode.USAGE, message);
  }
}
