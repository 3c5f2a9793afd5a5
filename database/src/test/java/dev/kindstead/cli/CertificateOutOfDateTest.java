package dev.kindstead.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.transport.NodeTls;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node whose clock is wrong when its machine starts, or whose certificate has expired, can't talk
 * to others. It serves its clients where it is alone, and joins them when the clock is set right.
 */
final class CertificateOutOfDateTest {
  private static final Duration DAYS = Duration.ofDays(3);

  @TempDir Path directory;

  private NodeTls issued(Instant at, CertificateAuthority authority, CertificateAuthority signer) {
    var files = new CertificateFiles(directory);
    files.write("ca", authority.certificate(), authority.key());
    var issued = signer.issue("one", at, DAYS);
    files.write("one", issued.certificate(), issued.key());
    return new NodeTls(files.certificate("ca"), files.certificate("one"), files.key("one"));
  }

  private NodeTls issued(Instant at) {
    var authority = CertificateAuthority.create(at, DAYS);
    return issued(at, authority, authority);
  }

  @Test
  void oneThatHasExpiredEndsNoNode() {
    assertThatCode(issued(Instant.now().minus(DAYS.multipliedBy(2)))::check)
        .doesNotThrowAnyException();
  }

  @Test
  void norDoesOneOfTheFuture() {
    assertThatCode(issued(Instant.now().plus(DAYS))::check).doesNotThrowAnyException();
  }

  @Test
  void oneOfAnotherAuthorityStillDoes() {
    Instant now = Instant.now();
    assertThatThrownBy(
            issued(
                    now,
                    CertificateAuthority.create(now, DAYS),
                    CertificateAuthority.create(now, DAYS))
                ::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("did not sign");
  }
}
