package dev.kindstead.acceptance;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Programs written with object mappers of Java and Node.js, which know nothing of this server. */
@Tag("shared")
@Tag("programs")
@ExtendWith(SharedServer.class)
class ObjectMappersTest {
  @TestFactory
  Stream<DynamicTest> objectify(Endpoint server) {
    return java("objectify", "ObjectifySample").checks(server);
  }

  @TestFactory
  Stream<DynamicTest> springData(Endpoint server) {
    return java("spring-data", "SpringDataSample").checks(server);
  }

  @TestFactory
  Stream<DynamicTest> gstoreNode(Endpoint server) {
    return new ClientProgram(
            "gstore-node", OtherClientsTest.NODE.install(), List.of("node", "sample.js"))
        .checks(server);
  }

  /** A program with a build of its own, since its mapper brings an older client. */
  private static ClientProgram java(String directory, String mainClass) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String run =
        "exec '%s' -cp \"target/classes:$(cat target/classpath)\" dev.kindstead.acceptance.%s"
            .formatted(java, mainClass);
    return new ClientProgram(
        directory,
        List.of("bash", "../../../../mvnw", "-q", "-B", "process-classes"),
        List.of("bash", "-c", run));
  }
}
