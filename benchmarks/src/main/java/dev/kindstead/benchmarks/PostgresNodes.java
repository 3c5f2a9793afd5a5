package dev.kindstead.benchmarks;

import dev.kindstead.benchmarks.ServerProcess.Ending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL primary with two standbys that stream from it, each with its processes. A commit
 * waits until the primary and one of the two, whichever is first, have synced it: a majority of
 * three, as with Raft. All other settings are PostgreSQL's own.
 */
final class PostgresNodes implements AutoCloseable {
  static final String NAME = "PostgreSQL, primary and two synchronous standbys";
  private static final int STANDBYS = 2;
  private static final int COMMAND_SECONDS_MAX = 120;
  private static final String USER = "benchmarks";

  /** It refuses to run as root. */
  private static final String SYSTEM_USER = "postgres";

  private static final List<String> AS_SYSTEM_USER =
      List.of("setpriv", "--reuid=" + SYSTEM_USER, "--regid=" + SYSTEM_USER, "--init-groups");

  private final Path programs;
  private final Path directory;
  private final List<ServerProcess> processes = new ArrayList<>();

  private PostgresNodes(Path programs, Path directory) {
    this.programs = programs;
    this.directory = directory;
  }

  /**
   * @param programs the directory of its programs
   * @param directory that {@link #refusal} has nothing against
   */
  static PostgresNodes started(Path programs, Path directory) {
    var nodes = new PostgresNodes(programs, directory);
    try {
      nodes.start();
      return nodes;
    } catch (RuntimeException failed) {
      nodes.close();
      throw failed;
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name", "").equals("root");
  }

  /**
   * Makes the directory, for root's sake with another owner. Says why PostgreSQL can't work there,
   * if so.
   */
  static Optional<String> refusal(Path directory) {
    try {
      Files.createDirectories(directory);
      if (!isRoot()) {
        return Optional.empty();
      }
      // Others may pass through the directory above, and read nothing in it.
      Files.setPosixFilePermissions(
          directory.getParent(), PosixFilePermissions.fromString("rwx--x--x"));
      Files.setOwner(
          directory,
          FileSystems.getDefault()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName(SYSTEM_USER));
      List<String> reach = new ArrayList<>(AS_SYSTEM_USER);
      reach.addAll(List.of("test", "-w", directory.toString()));
      return new ProcessBuilder(reach).start().waitFor() == 0
          ? Optional.empty()
          : Optional.of(
              "it does not run as root, and user %s cannot reach %s: see --data-dir"
                  .formatted(SYSTEM_USER, directory));
    } catch (UserPrincipalNotFoundException e) {
      return Optional.of("it does not run as root, and there is no user " + SYSTEM_USER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void start() {
    run(
        "initdb",
        "--pgdata=" + directory.resolve("primary"),
        "--username=" + USER,
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C");
    ServerProcess primary =
        launched("primary", "synchronous_standby_names=ANY 1 (standby_1, standby_2)");
    processes.add(primary);
    primary.awaitListening();
    for (int number = 1; number <= STANDBYS; number++) {
      String name = "standby_" + number;
      run(
          "pg_basebackup",
          "--pgdata=" + directory.resolve(name),
          "--host=127.0.0.1",
          "--port=" + primary.port(),
          "--username=" + USER,
          "--checkpoint=fast",
          "--write-recovery-conf");
      // The primary knows a standby by its cluster's name.
      processes.add(launched(name, "cluster_name=" + name));
    }
    processes.forEach(ServerProcess::awaitListening);
  }

  private ServerProcess launched(String name, String setting) {
    int port = Ports.kept();
    return ServerProcess.launched(
        "postgresql-" + name,
        port,
        log(name),
        command(
            "postgres",
            "-D",
            directory.resolve(name).toString(),
            "-p",
            Integer.toString(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            setting),
        Ending.INTERRUPTED);
  }

  private Path log(String name) {
    return directory.resolveSibling("postgresql-" + name + ".log");
  }

  private List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(AS_SYSTEM_USER);
    }
    command.add(programs.resolve(program).toString());
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  private void run(String program, String... arguments) {
    try {
      Process process =
          new ProcessBuilder(command(program, arguments))
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(log(program).toFile()))
              .start();
      if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            program + " failed: " + Files.readString(log(program)).strip());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  List<ServerProcess> processes() {
    return List.copyOf(processes);
  }

  /** Of the primary, for JDBC. */
  String url() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres?user=%s"
        .formatted(processes.getFirst().port(), USER);
  }

  /** The standbys first: the primary waits for them. */
  @Override
  public void close() {
    processes.reversed().forEach(ServerProcess::close);
  }
}
