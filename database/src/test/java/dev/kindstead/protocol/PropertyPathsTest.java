package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Small grammars in headers and masks. */
final class PropertyPathsTest {
  @Test
  void aBackslashKeepsADotInTheName() {
    assertThat(PropertyPaths.read("a.b").segments()).containsExactly("a", "b");
    assertThat(PropertyPaths.read("a\\.b.c\\\\").segments()).containsExactly("a.b", "c\\");
    assertThatThrownBy(() -> PropertyPaths.read("a..b")).hasMessageContaining("empty string");
    assertThatThrownBy(() -> PropertyPaths.read("a\\")).hasMessageContaining("Illegal escape");
    assertThatThrownBy(() -> PropertyPaths.read("a\\x")).hasMessageContaining("Illegal escape");
  }

  @Test
  void grpcTimeoutsHaveOneUnit() {
    assertThat(GrpcTimeout.nanos("59972m")).isEqualTo(TimeUnit.MILLISECONDS.toNanos(59_972));
    assertThat(GrpcTimeout.nanos("99999999H")).isPositive();
    assertThat(GrpcTimeout.nanos("1S")).isEqualTo(TimeUnit.SECONDS.toNanos(1));
    assertThat(GrpcTimeout.nanos("")).isEqualTo(Long.MAX_VALUE);
    assertThat(GrpcTimeout.nanos("12")).isEqualTo(Long.MAX_VALUE);
    assertThat(GrpcTimeout.nanos("123456789m")).isEqualTo(Long.MAX_VALUE);
  }
}
