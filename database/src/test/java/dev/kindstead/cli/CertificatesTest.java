package dev.kindstead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kindstead cert create}: an authority once, a node's files each time, nothing lost. */
final class CertificatesTest {
  @TempDir Path directory;

  private final StringWriter output = new StringWriter();

  private int create(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("cert", "create", "--directory", certificates().toString()));
    arguments.addAll(List.of(more));
    return new Kindstead(Map.of(), configuration -> ExitCode.OK)
        .writingTo(new PrintWriter(output, true))
        .run(arguments.toArray(String[]::new));
  }

  private Path certificates() {
    return directory.resolve("made/here");
  }

  private X509Certificate read(String name) {
    return new CertificateFiles(certificates()).readCertificate(name);
  }

  private String permissions(String file) throws Exception {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(certificates().resolve(file)));
  }

  @Test
  void theFirstRunMakesAnAuthorityAndLaterOnesUseIt() throws Exception {
    assertThat(create()).as(output.toString()).isZero();
    assertThat(output.toString()).contains("ca.pem").contains("node-key.pem").contains("elsewhere");
    X509Certificate authority = read("ca");
    assertThat(authority.getBasicConstraints()).as("signs nodes only").isZero();
    authority.verify(authority.getPublicKey());
    read("node").verify(authority.getPublicKey());
    assertThat(read("node").getBasicConstraints()).as("no authority").isEqualTo(-1);
    assertThat(permissions("ca-key.pem")).isEqualTo("rw-------");
    assertThat(permissions("node-key.pem")).isEqualTo("rw-------");

    byte[] key = Files.readAllBytes(certificates().resolve("ca-key.pem"));
    assertThat(create("--name", "second", "--days", "7", "--json")).isZero();
    assertThat(output.toString()).contains("\"authorityCreated\": false").contains("second.pem");
    assertThat(read("ca")).isEqualTo(authority);
    assertThat(Files.readAllBytes(certificates().resolve("ca-key.pem"))).isEqualTo(key);
    X509Certificate second = read("second");
    second.verify(authority.getPublicKey());
    assertThat(second.getSubjectX500Principal().getName()).isEqualTo("CN=second");
    assertThat(second.getNotAfter().toInstant())
        .isBefore(Instant.now().plus(Duration.ofDays(7).plusMinutes(1)));
  }

  @Test
  void noCertificateOutlivesItsAuthority() {
    assertThat(create("--days", "2")).isZero();
    assertThat(create("--name", "b", "--days", "9")).isZero();
    assertThat(read("b").getNotAfter()).isEqualTo(read("ca").getNotAfter());
  }

  @Test
  void nothingIsOverwritten() throws Exception {
    assertThat(create()).isZero();
    byte[] before = Files.readAllBytes(certificates().resolve("node.pem"));
    assertThat(create()).isEqualTo(ExitCode.USAGE);
    assertThat(output.toString()).contains("node.pem is there already; choose another --name");
    assertThat(Files.readAllBytes(certificates().resolve("node.pem"))).isEqualTo(before);
  }

  @Test
  void anAuthorityWithoutItsKeyIsNotReplaced() throws Exception {
    assertThat(create()).isZero();
    Path key = certificates().resolve("ca-key.pem");
    Files.delete(key);
    assertThat(create("--name", "b")).isEqualTo(ExitCode.USAGE);
    assertThat(output.toString()).contains("ca-key.pem can't be read");
    Files.copy(certificates().resolve("node-key.pem"), key);
    assertThat(create("--name", "b")).isEqualTo(ExitCode.USAGE);
    assertThat(output.toString()).contains("is not the key of");
    assertThat(certificates().resolve("b.pem")).doesNotExist();
  }

  @Test
  void namesAndDaysThatMakeNoSenseAreRefused() {
    for (String name : List.of("ca", "x-key", "a/b", "..", "", "a b")) {
      assertThat(create("--name", name)).as(name).isEqualTo(ExitCode.USAGE);
    }
    assertThat(create("--days", "0")).isEqualTo(ExitCode.USAGE);
    assertThat(create("--days", "soon")).isEqualTo(ExitCode.USAGE);
    assertThat(certificates()).doesNotExist();
  }
}
