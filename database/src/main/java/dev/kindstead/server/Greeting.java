package dev.kindstead.server;

import dev.kindstead.cli.Configuration;
import dev.kindstead.cli.ListenAddress;
import dev.kindstead.cli.Setting;
import dev.kindstead.cli.VersionCommand;

/** What the user reads when a node is ready: where it listens, where its data is. */
final class Greeting {
  private Greeting() {}

  /**
   * @param port the one really taken
   */
  static String of(Configuration configuration, NodeOptions options, int port) {
    String address = reachable(options.listen(), port);
    String scheme = options.tls().isPresent() ? "https" : "http";
    String data =
        options
            .dataDirectory()
            .map(directory -> "data in " + directory.toAbsolutePath().normalize())
            .orElse("data in memory: it ends with this process");
    return options.development()
        ? development(scheme, address, configuration.get(Setting.PROJECT), data)
        : node(scheme, address, data);
  }

  /** The emulators' lines, which scripts and client libraries wait for, and their variables. */
  private static String development(String scheme, String address, String project, String data) {
    return """
    Kindstead %4$s for development, %2$s.

    API endpoint: %5$s://%1$s
    If you are using a library that supports the DATASTORE_EMULATOR_HOST environment variable, run:

      export DATASTORE_EMULATOR_HOST=%1$s
      export DATASTORE_PROJECT_ID=%3$s

    Older libraries also want:

      export DATASTORE_DATASET=%3$s
      export DATASTORE_EMULATOR_HOST_PATH=%1$s/datastore
      export DATASTORE_HOST=%5$s://%1$s

    Dev App Server is now running.
    """
        .formatted(address, data, project, VersionCommand.version(), scheme);
  }

  private static String node(String scheme, String address, String data) {
    return """
    Kindstead %4$s, %2$s.
    API endpoint: %3$s://%1$s
    Ready.
    """
        .formatted(address, data, scheme, VersionCommand.version());
  }

  /** As a client on this machine would write it. */
  private static String reachable(ListenAddress listen, int port) {
    boolean any = listen.host().equals("0.0.0.0") || listen.host().equals("::");
    return new ListenAddress(any ? "localhost" : listen.host(), port).toString();
  }
}
