package dev.kindstead.administration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.model.DatastoreException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Any verb, path and query string ask for a method, for none, or are the client's fault. */
final class AdminRouteFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(DatastoreException.class);

  static Stream<byte[]> requests() {
    return Stream.of(
            "GET projects/p/indexes pageSize=7 pageToken=x",
            "DELETE projects/example.com:p/indexes/i",
            "PATCH projects/p/databases/d updateMask=concurrencyMode",
            "POST projects/p/databases/d:checkIndexes",
            "POST projects/p/databases/(default)/collectionGroups/K/indexes",
            "GET projects/p/databases/d/operations/x filter=a")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("requests")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void route(byte[] bytes) {
    String[] words = new String(bytes, UTF_8).split(" ", -1);
    if (words.length > 1) {
      BYTES.read(
          bytes,
          _ -> {
            AdminRoutes.Match match = AdminRoutes.match(words[0], words[1]);
            for (int i = 2; match != null && i < words.length; i++) {
              String[] parts = words[i].split("=", 2);
              match.set(parts[0], parts.length > 1 ? parts[1] : "");
            }
            return match == null || match.request().build().isInitialized();
          });
    }
  }
}
