package dev.kindstead;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * What fuzzing has found worth trying again, a line of base 64 each, in {@code
 * corpora/Class#method.txt}, which {@code build/fuzz.sh} writes: the build replays it, and the next
 * fuzzing begins with it. None for a target that was never fuzzed.
 */
public final class Corpus implements ArgumentsProvider {
  @Override
  public Stream<? extends Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context) throws IOException {
    String file =
        "/corpora/%s#%s.txt"
            .formatted(
                context.getRequiredTestClass().getSimpleName(),
                context.getRequiredTestMethod().getName());
    try (InputStream lines = Corpus.class.getResourceAsStream(file)) {
      return lines == null
          ? Stream.of()
          : new String(lines.readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .map(line -> Arguments.of((Object) Base64.getDecoder().decode(line)));
    }
  }
}
