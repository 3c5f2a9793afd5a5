package dev.kindstead.faults.machine;

import java.nio.file.Path;
import java.util.List;

/** By which nodes know each other, made as an operator makes them. */
final class Certificates {
  private Certificates() {}

  /** What a node is started with that shall have its own. */
  static List<String> flags(Path root, Path directory, String name) {
    Commands.run(
        root.resolve("kindstead").toString(),
        "cert",
        "create",
        "--directory",
        directory.toString(),
        "--name",
        name);
    return List.of(
        "--node-tls-authority", directory.resolve("ca.pem").toString(),
        "--node-tls-certificate", directory.resolve(name + ".pem").toString(),
        "--node-tls-key", directory.resolve(name + "-key.pem").toString());
  }
}
