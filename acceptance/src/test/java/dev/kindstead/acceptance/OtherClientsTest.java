package dev.kindstead.acceptance;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Google's clients for Node.js, Python (with NDB) and Go, each by a program under clients/. */
@Tag("shared")
@Tag("programs")
@ExtendWith(SharedServer.class)
class OtherClientsTest {
  static final ClientProgram NODE =
      new ClientProgram(
          "node",
          List.of("npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-audit"),
          List.of("node", "acceptance.mjs"));

  @TestFactory
  Stream<DynamicTest> node(Endpoint server) {
    return NODE.checks(server);
  }

  @TestFactory
  Stream<DynamicTest> python(Endpoint server) {
    String install =
        "set -e; [ -d venv ] || python3 -m venv venv;"
            + " venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt";
    return new ClientProgram(
            "python", List.of("bash", "-c", install), List.of("venv/bin/python", "acceptance.py"))
        .checks(server);
  }

  @TestFactory
  Stream<DynamicTest> go(Endpoint server) {
    return new ClientProgram(
            "go", List.of("go", "build", "-o", "acceptance", "."), List.of("./acceptance"))
        .checks(server);
  }
}
